from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from consent.models import Purpose
from consent.vocabulary import Channel, Language


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def drafts(self) -> "CampaignQuerySet":
        return self.filter(status=Campaign.Status.DRAFT)

    def due(self, at: datetime) -> "CampaignQuerySet":
        return self.filter(status=Campaign.Status.SCHEDULED, send_at__lte=at)


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

    name = models.CharField(_("name"), max_length=200, help_text=_("For you alone; recipients do not see it."))
    channel = models.CharField(_("channel"), max_length=20, choices=Channel, default=Channel.EMAIL)
    purpose = models.ForeignKey(Purpose, models.PROTECT, verbose_name=_("purpose"))
    families = ArrayField(
        models.CharField(max_length=200), verbose_name=_("product families"), default=list, blank=True
    )
    activities = ArrayField(models.CharField(max_length=50), verbose_name=_("activities"), default=list, blank=True)
    sector = models.CharField(_("sector"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.FRENCH)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("message"), help_text=_("Markdown, with fields such as {{ first_name }}."))

    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.DRAFT)
    send_at = models.DateTimeField(_("send on"), null=True, blank=True)
    launched_at = models.DateTimeField(_("launched on"), null=True, editable=False)
    finished_at = models.DateTimeField(_("finished on"), null=True, editable=False)
    created_at = models.DateTimeField(_("created on"), db_default=Now(), editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("created by"), null=True, editable=False
    )

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["draft", "cancelled"]) | Q(send_at__isnull=False),
                name="a_campaign_under_way_has_its_time",
            )
        ]
        indexes = [models.Index(fields=["send_at"], condition=Q(status="scheduled"), name="campaigns_scheduled")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("campaigns:campaign", args=[self.pk])
