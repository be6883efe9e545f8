from django.db import models
from django.utils.translation import gettext_lazy as _

from prospects.models.prospect import Prospect


class Interaction(models.Model):
    """Something the person did. Never an open, a delivery, an unsubscription, a robot's click or anything we did."""

    class Kind(models.TextChoices):
        SIGNED_UP = "signed_up", _("signed up")
        CONFIRMED = "confirmed", _("confirmed")
        CLICKED = "clicked", _("clicked a link")
        REPLIED = "replied", _("replied")
        ORDERED = "ordered", _("ordered")
        ASKED = "asked", _("asked for information")
        KEPT = "kept", _("asked to stay")

    prospect = models.ForeignKey(Prospect, models.DO_NOTHING, related_name="interactions", verbose_name=_("prospect"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    at = models.DateTimeField(_("on"))

    class Meta:
        verbose_name = _("interaction")
        verbose_name_plural = _("interactions")
        indexes = [models.Index(fields=["prospect", "-at"], name="interactions_of_a_prospect")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d}"
