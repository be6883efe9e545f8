from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaign import Campaign
from campaigns.recurrence import Every, Recurrence


class SeriesQuerySet(models.QuerySet["Series"]):
    def coming_until(self, at: datetime) -> "SeriesQuerySet":
        """Those whose next occurrence is due until that moment, the earliest first."""
        return self.filter(status=Series.Status.ACTIVE, next_at__lte=at).order_by("next_at")


class Series(models.Model):
    """A campaign that comes again: a draft from which each occurrence is copied, as it then stands, shortly before."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("goes on")
        PAUSED = "paused", _("paused")
        ENDED = "ended", _("ended")

    class Frequency(models.TextChoices):
        DAY = Every.DAY.value, _("every day")
        WEEK = Every.WEEK.value, _("every week, on some days")
        MONTH_DAY = Every.MONTH_DAY.value, _("every month, on a day of the month")
        MONTH_WEEKDAY = Every.MONTH_WEEKDAY.value, _("every month, on a weekday")

    original = models.OneToOneField(Campaign, models.PROTECT, related_name="series_plan", verbose_name=_("draft"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.ACTIVE)
    every = models.CharField(_("how often"), max_length=15, choices=Frequency)
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(), verbose_name=_("days of the week"), default=list, blank=True
    )
    month_day = models.PositiveSmallIntegerField(
        _("day of the month"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(31)],
        help_text=_("In a shorter month, its last day."),
    )
    nth = models.SmallIntegerField(
        _("which one"),
        default=1,
        choices=[(1, _("first")), (2, _("second")), (3, _("third")), (4, _("fourth")), (-1, _("last"))],
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"), default=0)
    clock = models.TimeField(_("time"))
    first_on = models.DateField(_("from"))
    last_on = models.DateField(_("until"), null=True, blank=True)
    at_most = models.PositiveSmallIntegerField(_("how many times"), null=True, blank=True)
    next_on = models.DateField(_("next day"), null=True, editable=False)
    next_at = models.DateTimeField(_("next time"), null=True, editable=False)
    created_at = models.DateTimeField(_("created on"), db_default=Now(), editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("created by"), null=True, editable=False
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
    approved_version = models.PositiveIntegerField(
        null=True, editable=False, help_text=_("Of the draft: once it is changed, it must be approved again.")
    )

    objects = SeriesQuerySet.as_manager()

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = _("series")
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("created_by")),
                name="nobody_approves_their_own_series",
            ),
            models.CheckConstraint(
                condition=~Q(status="active") | Q(next_at__isnull=False, next_on__isnull=False),
                name="a_series_that_goes_on_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(every="week") | Q(weekdays__len__gt=0), name="a_weekly_series_has_its_days"
            ),
            models.CheckConstraint(
                condition=Q(weekdays__contained_by=list(range(7)), weekday__lt=7, month_day__gte=1, month_day__lte=31),
                name="a_series_has_days_of_the_calendar",
            ),
        ]
        indexes = [models.Index(fields=["next_at"], condition=Q(status="active"), name="campaigns_series_next")]

    def __str__(self) -> str:
        return str(self.original)

    @property
    def rule(self) -> Recurrence:
        """On which days it comes."""
        return Recurrence(
            Every(self.every),
            self.clock,
            self.first_on,
            self.last_on,
            frozenset(self.weekdays),
            self.month_day,
            self.nth,
            self.weekday,
        )
