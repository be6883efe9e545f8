from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from consent.models.notice import Box, Notice
from consent.models.purpose import Purpose
from consent.vocabulary import Channel, Language


class Act(models.Model):
    """One dated thing about consent, recorded for good.

    Database triggers fill `salt` and `digest` and refuse every change but one: at its own term the retention job may
    erase an act's content, naming its run, and leave the digest.
    """

    class Kind(models.TextChoices):
        INFORMED = "informed", _("informed")
        GIVEN = "given", _("consent given")
        CONFIRMED = "confirmed", _("consent confirmed")
        RENEWED = "renewed", _("consent renewed")
        WITHDRAWN = "withdrawn", _("consent withdrawn")
        OBJECTED = "objected", _("objected")
        LAPSED = "lapsed", _("lapsed")
        VOIDED = "voided", _("voided")

    class Origin(models.TextChoices):
        """Through which door the act came."""

        FORM = "form", _("web form")
        CONFIRMATION = "confirmation", _("link in the confirmation mail")
        STOP_LINK = "stop_link", _("stop link in a message")
        ONE_CLICK = "one_click", _("one-click stop of the mail program")
        PREFERENCES = "preferences", _("preference page")
        RIGHTS = "rights", _("page of one's rights")
        REPLY = "reply", _("reply to a message")
        COMPLAINT = "complaint", _("complaint to the mail provider")
        STAFF = "staff", _("told to staff")
        PAPER = "paper", _("paper")
        IMPORT = "import", _("import")
        API = "api", _("program interface")
        RETENTION = "retention", _("end of retention")
        ERASURE = "erasure", _("erasure asked for")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind, null=True)
    address_key = models.UUIDField(_("address key"), null=True)
    key_id = models.SmallIntegerField(null=True)
    channel = models.CharField(
        _("channel"), max_length=20, choices=Channel, null=True, blank=True, help_text=_("Empty for all.")
    )
    purpose = models.ForeignKey(
        Purpose,
        models.PROTECT,
        verbose_name=_("purpose"),
        null=True,
        blank=True,
        db_index=False,
        help_text=_("Empty for all."),
    )
    at = models.DateTimeField(_("on"), null=True)
    origin = models.CharField(_("came by"), max_length=20, choices=Origin, null=True)
    notice = models.ForeignKey(
        Notice, models.PROTECT, verbose_name=_("notice shown"), null=True, blank=True, db_index=False
    )
    box = models.ForeignKey(Box, models.PROTECT, verbose_name=_("box shown"), null=True, blank=True, db_index=False)
    language = models.CharField(_("language shown"), max_length=2, choices=Language, null=True, blank=True)
    needs_confirmation = models.BooleanField(_("needs confirmation"), default=False)
    mentions_complete = models.BooleanField(_("carries the five mentions of R223-1"), default=False)
    about = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        help_text=_("The consent that this act confirms or voids."),
    )
    evidence = models.JSONField(_("evidence"), null=True, default=dict, blank=True)

    recorded_at = models.DateTimeField(_("recorded on"), db_default=Now(), editable=False)
    salt = models.UUIDField(null=True, editable=False)
    digest = models.BinaryField(max_length=32, db_default=b"", editable=False)
    erased_by = models.PositiveBigIntegerField(_("erased by run"), null=True, editable=False)

    class Meta:
        verbose_name = _("act")
        verbose_name_plural = _("acts")
        constraints = [
            models.CheckConstraint(
                condition=Q(erased_by__isnull=False, kind=None, address_key=None, salt=None, evidence=None)
                | Q(
                    erased_by__isnull=True,
                    kind__isnull=False,
                    address_key__isnull=False,
                    key_id__isnull=False,
                    at__isnull=False,
                    origin__isnull=False,
                    salt__isnull=False,
                ),
                name="an_act_is_whole_or_erased",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["given", "renewed"]) | Q(channel__isnull=False, purpose__isnull=False),
                name="a_consent_names_channel_and_purpose",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["confirmed", "voided"]) | Q(about__isnull=False),
                name="a_confirmation_names_its_consent",
            ),
        ]
        indexes = [
            models.Index(fields=["address_key"], name="acts_of_an_address"),
            models.Index(fields=["about"], condition=Q(about__isnull=False), name="acts_about_another"),
            models.Index(fields=["at", "id"], condition=Q(kind__in=["lapsed", "withdrawn"]), name="acts_that_end"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d}" if self.at else "—"
