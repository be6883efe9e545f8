from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.models.message import Message
from prospects.models import LegalHold, Prospect


class Reply(models.Model):
    """What a person wrote in answer to a message. It goes with the person."""

    class Verdict(models.TextChoices):
        READ_ON = "read_on", _("no stop")
        STOP = "stop", _("asks to stop")
        DOUBTFUL = "doubtful", _("doubtful: staff must read it")

    prospect = models.ForeignKey(Prospect, models.DO_NOTHING, related_name="replies", verbose_name=_("prospect"))
    message = models.ForeignKey(Message, models.DO_NOTHING, related_name="replies", verbose_name=_("message"))
    text = models.TextField(_("text"), blank=True)
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict)
    at = models.DateTimeField(_("on"))
    read_at = models.DateTimeField(_("read on"), null=True)
    hold = models.ForeignKey(
        LegalHold, models.DO_NOTHING, null=True, help_text=_("Keeps the person from being written to until it is read.")
    )

    class Meta:
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        ordering = ["-at"]
        indexes = [models.Index(fields=["prospect", "-at"], name="replies_of_a_prospect")]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()} {self.at:%Y-%m-%d}"
