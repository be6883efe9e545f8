from django.conf import settings
from django.db import models
from django.db.models import Value
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaign import Campaign
from campaigns.sections import check
from consent.models import Sender
from consent.vocabulary import Channel, Language


class Template(models.Model):
    """The words and the look of a campaign, saved for the next ones to start from."""

    name = models.CharField(_("name"), max_length=200)
    channel = models.CharField(
        _("channel"), max_length=20, choices=Channel, default=Channel.EMAIL, db_default=Channel.EMAIL
    )
    language = models.CharField(_("language"), max_length=2, choices=Language)
    format = models.CharField(_("format"), max_length=10, choices=Campaign.Format)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    preheader = models.CharField(_("preheader"), max_length=150, blank=True)
    body = models.TextField(_("message"), blank=True)
    sections = models.JSONField(_("sections"), default=list, blank=True, validators=[check])
    particulars = models.JSONField(
        _("what the channel alone asks"), default=dict, db_default=Value({}, models.JSONField()), blank=True
    )
    sender = models.ForeignKey(
        Sender, models.SET_NULL, related_name="templates", verbose_name=_("sender"), null=True, blank=True
    )
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("saved by"), null=True, editable=False
    )
    saved_at = models.DateTimeField(_("saved on"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("template")
        verbose_name_plural = _("templates")
        ordering = ["name", "-saved_at"]

    def __str__(self) -> str:
        return self.name
