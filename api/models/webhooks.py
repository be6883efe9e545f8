import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Event(models.TextChoices):
    """What programs may be told of."""

    SIGNUP_CONFIRMED = "signup.confirmed", _("a signup was confirmed")
    CONSENT_GIVEN = "consent.given", _("a consent came into force")
    CONSENT_WITHDRAWN = "consent.withdrawn", _("a consent was withdrawn")
    OBJECTION_RECORDED = "objection.recorded", _("somebody objected")
    PERSON_ERASED = "person.erased", _("a person was erased")
    CAMPAIGN_FINISHED = "campaign.finished", _("a campaign ended")


class Endpoint(models.Model):
    """A program that is told. Its secret is derived from the installation's own: nothing of it is kept here."""

    name = models.CharField(_("name"), max_length=100)
    url = models.CharField(_("address"), max_length=500, validators=[URLValidator(schemes=["https", "http"])])
    events = ArrayField(models.CharField(max_length=30, choices=Event), verbose_name=_("is told when"))
    tells_address = models.BooleanField(
        _("is told the address"),
        default=False,
        db_default=False,
        help_text=_("Otherwise the person is a number and a key alone. Tick only where the program must have it."),
    )
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    is_active = models.BooleanField(_("active"), default=True, db_default=True)
    created_at = models.DateTimeField(_("made on"), db_default=Now(), editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("made by"), null=True, editable=False
    )

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["name", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(events=[]), name="a_webhook_is_told_of_something")]

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """One thing that happened, for one program. Database triggers write it in the transaction in which it happened."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DELIVERED = "delivered", _("delivered")
        GIVEN_UP = "given_up", _("given up after three days")

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="deliveries", verbose_name=_("webhook"))
    message_id = models.UUIDField(default=uuid.uuid4, editable=False)
    event = models.CharField(_("event"), max_length=30, choices=Event)
    subject = models.CharField(max_length=60, help_text=_("Whom or what it is about: one subject is told in order."))
    data = models.JSONField(_("data"), help_text=_("Numbers, keys and words of Loyal: nobody's address or name."))
    happened_at = models.DateTimeField(_("happened on"), db_default=Now())
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), db_default=0, default=0)
    next_at = models.DateTimeField(_("next attempt"), db_default=Now())
    ended_at = models.DateTimeField(_("ended on"), null=True)
    answer = models.CharField(_("last answer"), max_length=200, blank=True, db_default="")

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["endpoint", "subject", "id"], condition=Q(status="waiting"), name="deliveries_waiting"
            ),
            models.Index(fields=["ended_at"], name="deliveries_by_end"),
        ]

    def __str__(self) -> str:
        return f"{self.get_event_display()} № {self.pk}"
