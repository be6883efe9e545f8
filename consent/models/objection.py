from django.db import models
from django.utils.translation import gettext_lazy as _

from consent.models.purpose import Purpose
from consent.vocabulary import Channel


class Objection(models.Model):
    """The latest objection of one address, by channel and purpose, or to all of them. Derived from the acts."""

    address_key = models.UUIDField(_("address key"))
    key_id = models.SmallIntegerField()
    channel = models.CharField(
        _("channel"), max_length=20, choices=Channel, null=True, blank=True, help_text=_("Empty for all.")
    )
    purpose = models.ForeignKey(
        Purpose,
        models.PROTECT,
        verbose_name=_("purpose"),
        null=True,
        blank=True,
        db_index=False,
        help_text=_("Empty for all."),
    )
    at = models.DateTimeField(_("on"))

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        constraints = [
            models.UniqueConstraint(
                fields=["address_key", "channel", "purpose"], name="one_objection_each", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}"
