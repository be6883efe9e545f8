"""Figures counted beside the pages, and kept: they are of everybody together, and name nobody."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from consent.models import Purpose
from consent.vocabulary import Channel


class DailyReach(models.Model):
    """Whom one purpose could reach on one channel that day, by ground, and whom not, by reason."""

    day = models.DateField(_("day"))
    purpose = models.ForeignKey(Purpose, models.CASCADE, verbose_name=_("purpose"))
    channel = models.CharField(_("channel"), max_length=20, choices=Channel)
    allowed = models.JSONField(_("may be reached"), default=dict)
    refused = models.JSONField(_("may not be reached"), default=dict)
    counted_at = models.DateTimeField(_("counted on"))

    class Meta:
        verbose_name = _("reach of a day")
        verbose_name_plural = _("reach of each day")
        constraints = [models.UniqueConstraint(fields=["day", "purpose", "channel"], name="one_reach_a_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.channel}"


class DailyFigures(models.Model):
    """What else the home page says of a day."""

    day = models.DateField(_("day"), unique=True)
    counted_at = models.DateTimeField(_("counted on"))
    losses = models.JSONField(
        _("losses"), default=dict, help_text=_("Contact details that the three-year rule will take, by month.")
    )
    returns = models.JSONField(_("returns"), default=dict, help_text=_("Mails sent, bounces and complaints, by week."))
    untold = models.PositiveIntegerField(_("people still to be told"), default=0)

    class Meta:
        verbose_name = _("figures of a day")
        verbose_name_plural = _("figures of each day")

    def __str__(self) -> str:
        return str(self.day)


class AudienceCountQuerySet(models.QuerySet["AudienceCount"]):
    def unfinished(self) -> "AudienceCountQuerySet":
        return self.filter(status__in=[AudienceCount.Status.WAITING, AudienceCount.Status.COUNTING])


class AudienceCount(models.Model):
    """One count that runs beside a page: what is asked, how far it is, and the answer."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting")
        COUNTING = "counting", _("counting")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        SUPERSEDED = "superseded", _("no longer wanted")

    key = models.CharField(max_length=64, help_text=_("A digest of the question: asked again, it is answered once."))
    question = models.JSONField(_("question"))
    page = models.CharField(max_length=60, help_text=_("Which page asks: its next question supersedes this one."))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("asked by"), null=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.WAITING)
    asked_at = models.DateTimeField(_("asked on"), db_default=Now())
    started_at = models.DateTimeField(_("started on"), null=True)
    finished_at = models.DateTimeField(_("finished on"), null=True)
    expected_seconds = models.FloatField(
        _("expected to take"), null=True, help_text=_("Seconds: what the latest count took.")
    )
    figures = models.JSONField(_("figures"), default=dict, help_text=_("Contacts by the law's and our own codes."))

    objects = AudienceCountQuerySet.as_manager()

    class Meta:
        verbose_name = _("count of an audience")
        verbose_name_plural = _("counts of audiences")
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="done") | Q(finished_at__isnull=False), name="a_count_that_is_done_says_when"
            ),
        ]
        indexes = [
            models.Index(fields=["key", "-asked_at"], name="counts_of_a_question"),
            models.Index(fields=["asked_at"], name="counts_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.get_status_display()} {self.asked_at:%Y-%m-%d %H:%M}"
