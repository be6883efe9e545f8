from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from prospects.filters import Filter


class Segment(models.Model):
    """A filter with a name, which several campaigns use. Each keeps its own copy from its launch on."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    filter = models.JSONField(_("filter"), default=dict)
    created_at = models.DateTimeField(_("created on"), db_default=Now(), editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("created by"), null=True, editable=False
    )

    class Meta:
        verbose_name = _("segment")
        verbose_name_plural = _("segments")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def chosen(self) -> Filter:
        """The filter, as SQL and words are made from it."""
        return Filter.from_json(self.filter)
