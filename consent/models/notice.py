from datetime import datetime
from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consent.bilingual import Bilingual
from consent.mentions import CALLS, FIVE
from consent.models.purpose import Purpose
from consent.staff_texts import texts_hold_no_form_control
from consent.vocabulary import Channel, Language

MENTION_FIELDS = [f"{mention.field}_{language}" for mention in FIVE for language in Language]


def _mention(label: Any) -> Any:
    return models.CharField(label, max_length=500, blank=True, db_default="")


class NoticeQuerySet(models.QuerySet["Notice"]):
    def published(self) -> "NoticeQuerySet":
        return self.filter(published_at__isnull=False)


class Notice(models.Model):
    """The exact wording shown at collection. A database trigger keeps it as it is from its publication on."""

    code = models.SlugField(_("short name"))
    version = models.PositiveIntegerField(_("version"), default=1)
    information_fr = models.TextField(
        _("information in French"), help_text=_("Who, why, how long, the rights, and how to stop. Markdown.")
    )
    information_en = models.TextField(_("information in English"), help_text=_("The same in English. Markdown."))
    published_at = models.DateTimeField(_("published on"), null=True, blank=True, editable=False)

    information = Bilingual("information")
    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="one_notice_per_version"),
            texts_hold_no_form_control("no_form_control_in_a_notice", "information_fr", "information_en"),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"

    @cached_property
    def all_boxes(self) -> list["Box"]:
        """Its boxes, in order, read once: of a published notice, none can change."""
        return list(self.boxes.select_related("purpose", "notice"))

    def publish(self, *, at: datetime) -> None:
        """Put this wording in use: nothing of it, nor of its boxes, can change afterwards."""
        self.published_at = at
        self.save(update_fields=["published_at"])


class Box(models.Model):
    """One box of a notice, for one purpose on one channel. Nothing can tick it but the visitor: no column says so."""

    class Kind(models.TextChoices):
        OPT_IN = "opt_in", _("I agree …")
        OPT_OUT = "opt_out", _("I do not want …")

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="boxes")
    purpose = models.ForeignKey(Purpose, models.PROTECT, verbose_name=_("purpose"))
    channel = models.CharField(_("channel"), max_length=20, choices=Channel)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.OPT_IN)
    label_fr = models.CharField(_("label in French"), max_length=500)
    label_en = models.CharField(_("label in English"), max_length=500)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    # The five mentions of R223-1, shown beside a box that asks for a consent to calls: see consent/mentions.py.
    says_who_fr = models.CharField(
        _("who calls, for whom, about what, in French"), max_length=500, blank=True, db_default=""
    )
    says_who_en = models.CharField(
        _("who calls, for whom, about what, in English"), max_length=500, blank=True, db_default=""
    )
    says_choice_fr = models.CharField(
        _("that one may say yes or no, in French"), max_length=500, blank=True, db_default=""
    )
    says_choice_en = models.CharField(
        _("that one may say yes or no, in English"), max_length=500, blank=True, db_default=""
    )
    says_period_fr = models.CharField(
        _("how long it holds, one year at most, in French"), max_length=500, blank=True, db_default=""
    )
    says_period_en = models.CharField(
        _("how long it holds, one year at most, in English"), max_length=500, blank=True, db_default=""
    )
    says_withdrawal_fr = models.CharField(
        _("that it can be withdrawn at any time, and how, in French"), max_length=500, blank=True, db_default=""
    )
    says_withdrawal_en = models.CharField(
        _("that it can be withdrawn at any time, and how, in English"), max_length=500, blank=True, db_default=""
    )
    says_proof_fr = models.CharField(
        _("how to get the proof of it on a durable medium, in French"), max_length=500, blank=True, db_default=""
    )
    says_proof_en = models.CharField(
        _("how to get the proof of it on a durable medium, in English"), max_length=500, blank=True, db_default=""
    )

    label = Bilingual("label")

    class Meta:
        verbose_name = _("box")
        verbose_name_plural = _("boxes")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["notice", "purpose", "channel"], name="one_box_per_purpose_and_channel"),
            models.CheckConstraint(
                condition=Q(kind="opt_in") | Q(channel__in=["post", "phone"]),
                name="opt_out_only_where_information_may_suffice",
                violation_error_message=_(
                    "Only post and phone calls may be refused instead of agreed to; every other channel needs a yes."
                ),
            ),
            texts_hold_no_form_control("no_form_control_in_a_box", "label_fr", "label_en"),
            texts_hold_no_form_control("no_form_control_in_a_mention", *MENTION_FIELDS),
        ]

    def __str__(self) -> str:
        return self.label

    def mentions(self, language: str) -> list[str]:
        """Return what is shown beside the box in this language, beyond its label."""
        texts = [getattr(self, f"{mention.field}_{language}").strip() for mention in FIVE]
        return [text for text in texts if text]

    @property
    def mentions_fr(self) -> list[str]:
        return self.mentions(Language.FRENCH)

    @property
    def mentions_en(self) -> list[str]:
        return self.mentions(Language.ENGLISH)

    def carries_call_mentions(self, language: str) -> bool:
        """Say whether somebody who ticks this box in this language is told the five things that R223-1 asks for."""
        return self.channel in CALLS and len(self.mentions(language)) == len(FIVE)
