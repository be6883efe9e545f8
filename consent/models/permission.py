from django.db import models
from django.utils.translation import gettext_lazy as _

from consent.models.act import Act
from consent.models.purpose import Purpose
from consent.vocabulary import Channel


class Permission(models.Model):
    """What the acts add up to for one address, channel and purpose. Derived: `consent.acts.fold` rebuilds it.

    It holds the consent that stands or, where none does, the latest one and how it ended.
    """

    address_key = models.UUIDField(_("address key"))
    key_id = models.SmallIntegerField()
    channel = models.CharField(_("channel"), max_length=20, choices=Channel)
    purpose = models.ForeignKey(Purpose, models.PROTECT, verbose_name=_("purpose"), db_index=False)
    act = models.ForeignKey(Act, models.PROTECT, verbose_name=_("consent"), null=True, db_index=False)
    given_at = models.DateTimeField(_("given on"), null=True)
    needs_confirmation = models.BooleanField(_("needs confirmation"), default=True)
    mentions_complete = models.BooleanField(_("carries the five mentions of R223-1"), default=False)
    confirmed_at = models.DateTimeField(_("confirmed on"), null=True)
    withdrawn_at = models.DateTimeField(_("withdrawn on"), null=True)
    lapsed_at = models.DateTimeField(_("lapsed on"), null=True)

    class Meta:
        verbose_name = _("permission")
        verbose_name_plural = _("permissions")
        constraints = [
            models.UniqueConstraint(fields=["address_key", "channel", "purpose"], name="one_permission_each")
        ]

    def __str__(self) -> str:
        return f"{self.purpose} ({self.get_channel_display()})"
