from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.models.message import Message


class Bounce(models.Model):
    """What came back for one message: the address does not work, or not now, or its reader complained."""

    class Kind(models.TextChoices):
        HARD = "hard", _("for good: the address does not exist")
        SOFT = "soft", _("for now: full, refused or out of reach")
        COMPLAINT = "complaint", _("the reader complained")

    message = models.ForeignKey(Message, models.DO_NOTHING, related_name="bounces", verbose_name=_("message"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    status = models.CharField(_("status"), max_length=12, blank=True, help_text=_("Such as 5.1.1 (RFC 3463)."))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    at = models.DateTimeField(_("on"))

    class Meta:
        verbose_name = _("bounce")
        verbose_name_plural = _("bounces")
        constraints = [models.UniqueConstraint(fields=["message", "kind"], name="one_bounce_of_a_kind")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d}"
