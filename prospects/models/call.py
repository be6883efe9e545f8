from django.db import models
from django.utils.translation import gettext_lazy as _

from prospects.models.prospect import Prospect


class CallAttempt(models.Model):
    """One call, answered or not: four in thirty days are the most the law allows to a consumer (D223-9)."""

    class Outcome(models.TextChoices):
        NO_ANSWER = "no_answer", _("no answer")
        TALKED = "talked", _("talked")
        CALL_BACK = "call_back", _("call back at an agreed time")
        REFUSED = "refused", _("refused")

    prospect = models.ForeignKey(Prospect, models.DO_NOTHING, related_name="calls", verbose_name=_("prospect"))
    at = models.DateTimeField(_("on"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, default=Outcome.NO_ANSWER)
    agreed_from = models.DateTimeField(_("agreed slot from"), null=True, blank=True)
    agreed_until = models.DateTimeField(_("agreed slot until"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("call attempt")
        verbose_name_plural = _("call attempts")
        indexes = [models.Index(fields=["prospect", "-at"], name="calls_of_a_prospect")]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} {self.at:%Y-%m-%d}"
