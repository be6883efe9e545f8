from django.db import models
from django.db.models import Case, F, Func, Q, Value, When
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from consent.models import Notice
from consent.vocabulary import Medium
from prospects.models.prospect import Prospect

# Of a normalised postal address: five digits that begin the line of the town, the last one unless it names the country.
_POSTCODE = r"\n(?:F )?([0-9]{5}) [^\n]+(?:\nFRANCE)?$"


class Source(models.Model):
    """Where a contact detail came from. The public web is no source: such a row cannot exist."""

    class Kind(models.TextChoices):
        FORM = "form", _("our own form")
        SALE = "sale", _("a sale")
        IN_PERSON = "in_person", _("in person")
        PHONE = "phone", _("by phone")
        PAPER = "paper", _("on paper")
        EVENT = "event", _("an event")
        PARTNER = "partner", _("a partner")
        UNKNOWN = "unknown", _("unknown")

    prospect = models.ForeignKey(Prospect, models.DO_NOTHING, related_name="sources", verbose_name=_("prospect"))
    also_of = models.ForeignKey(
        "prospects.ContactDetail",
        models.DO_NOTHING,
        related_name="further_sources",
        null=True,
        blank=True,
        db_index=False,
        help_text=_("The detail whose further provenance this is: collected again, or merged."),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    collected_at = models.DateTimeField(_("collected on"), null=True, blank=True)
    collected_by = models.CharField(_("collected by"), max_length=200, blank=True)
    place = models.CharField(_("where"), max_length=500, blank=True, help_text=_("Form, page, shop, fair."))
    partner = models.CharField(_("partner"), max_length=200, blank=True)
    notice = models.ForeignKey(
        Notice, models.PROTECT, verbose_name=_("notice shown"), null=True, blank=True, db_index=False
    )
    informed = models.BooleanField(_("informed, with a free way to refuse"), default=False)
    told_at = models.DateTimeField(_("notice of GDPR art. 14 sent on"), null=True, blank=True)
    evidence = models.JSONField(_("evidence"), default=dict, blank=True)
    obtained_at = models.DateTimeField(
        _("obtained on"),
        db_default=Now(),
        help_text=_("From the person: the collection. From others: the day it came here; one month runs from it."),
    )
    telling_since = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        constraints = [
            models.CheckConstraint(condition=~Q(kind="public_web"), name="no_source_on_the_public_web"),
            models.CheckConstraint(
                condition=Q(kind="unknown") | Q(collected_at__isnull=False), name="a_known_source_has_its_day"
            ),
            models.CheckConstraint(condition=~Q(kind="partner") | ~Q(partner=""), name="a_partner_is_named"),
        ]
        # Most rows name neither: an index of nulls would be written for nobody.
        indexes = [
            models.Index(fields=["also_of"], condition=Q(also_of__isnull=False), name="further_sources"),
            models.Index(fields=["notice"], condition=Q(notice__isnull=False), name="sources_of_a_notice"),
            models.Index(
                fields=["obtained_at", "id"], condition=Q(informed=False, told_at=None), name="sources_untold"
            ),
            models.Index(fields=["obtained_at", "id"], condition=Q(kind="unknown"), name="sources_unknown"),
            models.Index(
                fields=["also_of"],
                include=["collected_at"],
                condition=Q(also_of__isnull=False, informed=True),
                name="sources_that_inform_later",
            ),
        ]

    def __str__(self) -> str:
        return (
            f"{self.get_kind_display()} {self.collected_at:%Y-%m-%d}" if self.collected_at else self.get_kind_display()
        )


class ContactDetail(models.Model):
    """One address of a prospect. It has a source or does not exist."""

    class State(models.TextChoices):
        USABLE = "usable", _("usable")
        UNCONFIRMED = "unconfirmed", _("unconfirmed")
        QUARANTINED = "quarantined", _("in quarantine: unknown source")
        UNDELIVERABLE = "undeliverable", _("undeliverable")

    # The unique index on prospect and address serves it.
    prospect = models.ForeignKey(
        Prospect, models.DO_NOTHING, related_name="details", verbose_name=_("prospect"), db_index=False
    )
    medium = models.CharField(_("medium"), max_length=10, choices=Medium)
    address = models.TextField(_("address"))
    address_key = models.UUIDField(_("address key"))
    key_id = models.SmallIntegerField()
    is_generic = models.BooleanField(_("generic company address"), default=False, help_text=_("Such as info@."))
    state = models.CharField(_("state"), max_length=15, choices=State, default=State.USABLE)
    source = models.OneToOneField(Source, models.DO_NOTHING, related_name="detail", verbose_name=_("source"))
    active_at = models.DateTimeField(
        _("last sign of life"),
        null=True,
        editable=False,
        help_text=_("The latest of collection, interaction and transaction; database triggers keep it."),
    )
    postcode = models.GeneratedField(
        verbose_name=_("postcode"),
        expression=Case(
            When(medium=Medium.POST, then=Func(F("address"), Value(_POSTCODE), function="SUBSTRING")),
            output_field=models.CharField(max_length=5),
        ),
        output_field=models.CharField(max_length=5, null=True),
        db_persist=True,
        null=True,
        help_text=_("Read by the database from a French postal address."),
    )
    asked_to_stay_at = models.DateTimeField(
        _("asked whether to stay on"), null=True, editable=False, help_text=_("Once per term.")
    )

    class Meta:
        verbose_name = _("contact detail")
        verbose_name_plural = _("contact details")
        constraints = [
            models.UniqueConstraint(fields=["prospect", "address_key"], name="one_detail_per_prospect_and_address"),
            models.UniqueConstraint(
                fields=["address_key"], condition=Q(medium="email"), name="one_prospect_per_email_address"
            ),
        ]
        indexes = [
            models.Index(fields=["address_key"], name="details_of_an_address"),
            models.Index(fields=["active_at", "id"], name="details_by_sign_of_life"),
            models.Index(
                fields=["address"],
                opclasses=["text_pattern_ops"],
                condition=Q(medium__in=["email", "phone"]),
                name="details_by_beginning",
            ),
            models.Index(
                fields=["postcode"],
                opclasses=["text_pattern_ops"],
                condition=Q(postcode__isnull=False),
                name="details_by_postcode",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_medium_display()} № {self.pk}"
