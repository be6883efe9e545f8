from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaign import Campaign


class Version(models.Model):
    """The words of a campaign as somebody saved them. Kept so that no text is lost when another replaces it."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="versions", verbose_name=_("campaign"))
    number = models.PositiveIntegerField(_("version"))
    content = models.JSONField(_("content"))
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("saved by"), null=True)
    autosaved = models.BooleanField(_("saved while writing"), default=False)
    begun_at = models.DateTimeField(_("begun on"))
    saved_at = models.DateTimeField(_("saved on"))

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["campaign", "number"], name="one_version_of_each_number")]

    def __str__(self) -> str:
        return f"{self.campaign} ({self.number})"
