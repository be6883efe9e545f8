import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from consent.models import Notice, SignupForm
from consent.vocabulary import Language


class PendingSignup(models.Model):
    """A signup that waits for the button in its confirmation mail. Nobody is a prospect before."""

    class Status(models.TextChoices):
        MAIL_DUE = "mail_due", _("mail due")
        WAITING = "waiting", _("waiting for the button")
        CONFIRMED = "confirmed", _("confirmed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    form = models.ForeignKey(SignupForm, models.CASCADE, verbose_name=_("form"))
    notice = models.ForeignKey(Notice, models.PROTECT, verbose_name=_("notice shown"))
    language = models.CharField(_("language shown"), max_length=2, choices=Language)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.MAIL_DUE)
    address_key = models.UUIDField(_("address key"))
    answers = models.JSONField(_("answers"), default=dict, help_text=_("What was typed; emptied once confirmed."))
    ticked = ArrayField(models.BigIntegerField(), verbose_name=_("boxes ticked"), default=list)
    page = models.CharField(_("page"), max_length=500, blank=True)
    network = models.CharField(_("shortened IP"), max_length=50, blank=True)
    mails_sent = models.PositiveSmallIntegerField(_("mails sent"), default=0)
    last_mail_at = models.DateTimeField(_("last mail on"), null=True)
    signed_up_at = models.DateTimeField(_("signed up on"))
    expires_at = models.DateTimeField(_("expires on"))

    class Meta:
        verbose_name = _("pending signup")
        verbose_name_plural = _("pending signups")
        constraints = [
            models.UniqueConstraint(
                fields=["address_key", "form"], condition=~Q(status="confirmed"), name="one_pending_signup_each"
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("signed_up_at")), name="a_pending_signup_expires"),
            models.CheckConstraint(condition=Q(mails_sent__lte=3), name="three_mails_per_pending_signup"),
        ]
        indexes = [
            models.Index(fields=["expires_at"], name="pending_by_expiry"),
            models.Index(fields=["signed_up_at"], condition=Q(status="mail_due"), name="pending_mails_due"),
        ]

    def __str__(self) -> str:
        return f"{self.form} {self.signed_up_at:%Y-%m-%d}"
