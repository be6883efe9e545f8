from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaigns.models.segment import Segment
from campaigns.sections import check as check_sections
from consent import law
from consent.models import Purpose, Sender
from consent.vocabulary import Channel, Language
from prospects.filters import Filter


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def drafts(self) -> "CampaignQuerySet":
        return self.filter(status=Campaign.Status.DRAFT)

    def under_way(self) -> "CampaignQuerySet":
        return self.filter(status__in=[Campaign.Status.RUNNING, Campaign.Status.PAUSED])

    def due(self, at: datetime) -> "CampaignQuerySet":
        """Those whose time has come, and not so long ago that a person must decide."""
        return self.filter(status=Campaign.Status.SCHEDULED, send_at__lte=at, send_at__gte=at - _lateness_limit())

    def overdue(self, at: datetime) -> "CampaignQuerySet":
        """Those whose time passed so long ago that a person must decide."""
        return self.filter(status=Campaign.Status.SCHEDULED, send_at__lt=at - _lateness_limit())

    def with_a_speed(self, channel: str) -> "CampaignQuerySet":
        """Those of a channel being sent at a speed that their writer chose."""
        return self.filter(status=Campaign.Status.RUNNING, channel=channel, per_hour__isnull=False)

    def not_tested_since(self, moment: datetime) -> "CampaignQuerySet":
        return self.filter(Q(tested_at=None) | Q(tested_at__lt=moment))

    def with_nothing_left(self) -> "CampaignQuerySet":
        """Those under way whose every message has ended."""
        # Two conditions rather than one on both statuses: each has a small index of its own.
        return self.under_way().exclude(messages__status="queued").exclude(messages__status="sending")

    def not_being_changed(self) -> "CampaignQuerySet":
        """Those that no other transaction is changing now, locked for this one."""
        return self.filter(pk__in=self.select_for_update(skip_locked=True).values("pk"))


def _lateness_limit() -> timedelta:
    return timedelta(hours=settings.CAMPAIGN_LATENESS_HOURS)


class Campaign(models.Model):
    """One message to many people, for one purpose on one channel, at a set time."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        AWAITING_APPROVAL = "awaiting_approval", _("awaiting approval")
        SCHEDULED = "scheduled", _("scheduled")
        RUNNING = "running", _("running")
        PAUSED = "paused", _("paused")
        LATE = "late", _("late: a person must decide")
        DONE = "done", _("done")
        CANCELLED = "cancelled", _("cancelled")

    class Format(models.TextChoices):
        SECTIONS = "sections", _("section by section")
        MARKDOWN = "markdown", _("plain writing, in Markdown")
        MJML = "mjml", _("a design, in MJML")
        TEXT = "text", _("plain text")

    name = models.CharField(_("name"), max_length=200, help_text=_("For you alone; recipients do not see it."))
    channel = models.CharField(_("channel"), max_length=20, choices=Channel, default=Channel.EMAIL)
    purpose = models.ForeignKey(Purpose, models.PROTECT, verbose_name=_("purpose"))
    families = ArrayField(
        models.CharField(max_length=200), verbose_name=_("product families"), default=list, blank=True
    )
    activities = ArrayField(models.CharField(max_length=50), verbose_name=_("activities"), default=list, blank=True)
    sector = models.CharField(_("sector"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.FRENCH)
    subject = models.CharField(_("subject"), max_length=200, help_text=_("Where the channel has one."))
    format = models.CharField(
        _("format"), max_length=10, choices=Format, default=Format.MARKDOWN, db_default=Format.MARKDOWN
    )
    preheader = models.CharField(
        _("preheader"),
        max_length=150,
        default="",
        blank=True,
        db_default="",
        help_text=_("What mailboxes show after the subject, before the mail is opened."),
    )
    body = models.TextField(_("message"), blank=True, help_text=_("With fields such as {{ first_name }}."))
    sections = models.JSONField(_("sections"), default=list, db_default=[], blank=True, validators=[check_sections])
    particulars = models.JSONField(
        _("what the channel alone asks"), default=dict, db_default=Value({}, models.JSONField()), blank=True
    )
    count_clicks = models.BooleanField(
        _("count the clicks on its links"),
        default=False,
        db_default=False,
        help_text=_(
            "How often each link is followed, not by whom. Only of people who agreed to tracking is a click kept, as a "
            "sign of interest."
        ),
    )

    sender = models.ForeignKey(
        Sender,
        models.PROTECT,
        related_name="campaigns",
        verbose_name=_("sender"),
        null=True,
        blank=True,
        help_text=_("In whose name it leaves; the default one's if nobody is chosen."),
    )

    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.DRAFT)
    version = models.PositiveIntegerField(
        _("version"),
        default=1,
        editable=False,
        help_text=_("Grows with every edit: what was read is what is acted on."),
    )
    send_at = models.DateTimeField(_("send on"), null=True, blank=True)
    tested_at = models.DateTimeField(_("test sent on"), null=True, editable=False)
    launched_at = models.DateTimeField(_("launched on"), null=True, editable=False)
    finished_at = models.DateTimeField(_("finished on"), null=True, editable=False)
    filter = models.JSONField(
        _("filter"), default=dict, blank=True, help_text=_("Among those whom the law allows; a segment's at launch.")
    )
    segment = models.ForeignKey(
        Segment, models.PROTECT, related_name="campaigns", verbose_name=_("segment"), null=True, blank=True
    )
    audience = models.JSONField(
        _("audience"),
        default=dict,
        blank=True,
        editable=False,
        help_text=_("Counted at launch: whom the law allowed, by ground, and whom not, by reason."),
    )
    counted = models.JSONField(
        default=dict,
        db_default=Value({}, models.JSONField()),
        editable=False,
        help_text=_("How many messages stand where, as they were counted last."),
    )
    counted_at = models.DateTimeField(_("counted on"), null=True, editable=False)
    results = models.JSONField(
        default=dict,
        db_default=Value({}, models.JSONField()),
        editable=False,
        help_text=_("By domain, over time, what came back and who stopped, as they were counted last."),
    )
    results_at = models.DateTimeField(_("results counted on"), null=True, editable=False)
    results_took = models.FloatField(default=0, db_default=0, editable=False, help_text=_("Seconds."))
    resumed_at = models.DateTimeField(_("resumed on"), null=True, editable=False)
    window_days = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name=_("days on which it may leave"),
        default=list,
        db_default=[],
        blank=True,
        help_text=_("0 for Monday to 6 for Sunday; none for all."),
    )
    window_from = models.TimeField(_("from"), null=True, blank=True)
    window_until = models.TimeField(_("until"), null=True, blank=True)
    window_holidays = models.BooleanField(_("on public holidays too"), default=True, db_default=True)
    per_hour = models.PositiveIntegerField(
        _("messages an hour"),
        null=True,
        blank=True,
        help_text=_("At most, over all workers; empty for as fast as possible."),
    )
    trouble = models.CharField(
        _("trouble"), max_length=300, blank=True, editable=False, help_text=_("What sending waits for, if anything.")
    )
    created_at = models.DateTimeField(_("created on"), db_default=Now(), editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("created by"), null=True, editable=False
    )
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("last changed by"),
        null=True,
        editable=False,
        related_name="+",
    )
    editors = ArrayField(
        models.IntegerField(),
        default=list,
        db_default=[],
        editable=False,
        help_text=_("The numbers of all who ever wrote, changed or scheduled it; the database adds them by itself."),
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("scheduled by"),
        null=True,
        editable=False,
        related_name="+",
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("approved by"),
        null=True,
        editable=False,
        related_name="+",
    )
    approved_at = models.DateTimeField(_("approved on"), null=True, editable=False)
    sent_back_because = models.CharField(
        _("sent back because"), max_length=500, blank=True, db_default="", editable=False
    )
    series = models.ForeignKey(
        "campaigns.Series",
        models.SET_NULL,
        verbose_name=_("series"),
        null=True,
        editable=False,
        related_name="occurrences",
        db_index=False,  # the unique constraint serves it
    )
    occurrence_on = models.DateField(_("day in its series"), null=True, editable=False)
    creation_key = models.UUIDField(
        db_default=RandomUUID(),
        unique=True,
        editable=False,
        help_text=_("Of the page that asked: asking twice creates one."),
    )

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["-created_at", "-pk"]
        permissions = [
            ("run_campaign", _("Can write, schedule and send campaigns")),
            ("approve_campaign", _("Can approve campaigns of others")),
            ("produce_campaign", _("Can take the print and hand-over files of a launched campaign")),
            ("call_for_campaign", _("Can make the calls of a launched campaign, one call sheet at a time")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["series", "occurrence_on"], name="one_campaign_each_occurrence"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(editors__contains=[models.F("approved_by")]),
                name="nobody_approves_their_own_campaign",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "cancelled"]) | Q(send_at__isnull=False),
                name="a_campaign_under_way_has_its_time",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["done", "cancelled"]) | Q(finished_at__isnull=False),
                name="a_campaign_that_ended_says_when",
            ),
            models.CheckConstraint(
                condition=Q(window_from__isnull=True)
                | Q(window_until__isnull=True)
                | Q(window_from__lt=models.F("window_until")),
                name="a_window_opens_before_it_closes",
            ),
            models.CheckConstraint(
                condition=Q(window_days__contained_by=list(range(7))), name="a_window_has_days_of_the_week"
            ),
            models.CheckConstraint(
                condition=Q(per_hour__isnull=True) | Q(per_hour__gt=0), name="a_speed_is_not_nothing"
            ),
            models.CheckConstraint(condition=Q(sections__0__isnull=False) | Q(sections=[]), name="sections_are_a_list"),
        ]
        indexes = [models.Index(fields=["send_at"], condition=Q(status="scheduled"), name="campaigns_scheduled")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("campaigns:campaign", args=[self.pk])

    def as_law_message(self) -> law.Message:
        """What the law judges: channel, purpose and what it is about."""
        return law.Message(
            channel=law.Channel(self.channel),
            purpose=self.purpose.slug,
            families=frozenset(self.families),
            activities=frozenset(self.activities),
            sector=self.sector or None,
        )

    @property
    def chosen_filter(self) -> Filter:
        """Among whom it goes: its own filter, or its segment's as it stands; from its launch on, as it stood then."""
        if self.segment is not None and self.launched_at is None:
            return self.segment.chosen
        return Filter.from_json(self.filter)

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT
