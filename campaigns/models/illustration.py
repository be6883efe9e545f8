from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from consent.models import Picture


class Illustration(models.Model):
    """A picture of the library that marketers pick from. Taken out of it, it stays in the mails that show it."""

    picture = models.OneToOneField(Picture, models.PROTECT, primary_key=True, verbose_name=_("picture"))
    name = models.CharField(_("name"), max_length=200)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("added by"), null=True, editable=False
    )
    added_at = models.DateTimeField(_("added on"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("picture of the library")
        verbose_name_plural = _("pictures of the library")
        ordering = ["-added_at", "picture"]

    def __str__(self) -> str:
        return self.name
