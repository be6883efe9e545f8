from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from prospects.models.prospect import Prospect


class MergedRecord(models.Model):
    """The number of a record that was merged into another: whoever still names it means that person."""

    number = models.BigIntegerField(_("number"), primary_key=True)
    prospect = models.ForeignKey(Prospect, models.DO_NOTHING, related_name="merged", verbose_name=_("prospect"))
    at = models.DateTimeField(_("on"), db_default=Now())

    class Meta:
        verbose_name = _("merged record")
        verbose_name_plural = _("merged records")

    def __str__(self) -> str:
        return f"№ {self.number}"
