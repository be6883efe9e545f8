from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from prospects.models.prospect import Prospect


class LegalHold(models.Model):
    """Freezes one person: not contacted until the hold ends, and, unless it says otherwise, not erased."""

    prospect = models.ForeignKey(Prospect, models.DO_NOTHING, related_name="holds", verbose_name=_("prospect"))
    reason = models.CharField(_("reason"), max_length=500)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    forbids_erasure = models.BooleanField(_("forbids erasure"), default=True, db_default=True)

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        indexes = [models.Index(fields=["prospect"], name="holds_of_a_prospect")]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="a_hold_has_its_reason"),
            models.CheckConstraint(condition=Q(ends_at__gte=F("starts_at")), name="a_hold_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d} – {self.ends_at:%Y-%m-%d}"
