from django.db import models
from django.utils.translation import gettext_lazy as _

from consent.bilingual import Bilingual
from consent.staff_texts import texts_hold_no_form_control


class Purpose(models.Model):
    """What a person says yes or no to: "newsletter", "offers", "partner offers from X"."""

    slug = models.SlugField(_("short name"), unique=True)
    name_fr = models.CharField(_("name in French"), max_length=100)
    name_en = models.CharField(_("name in English"), max_length=100, blank=True)
    description_fr = models.TextField(_("description in French"), blank=True)
    description_en = models.TextField(_("description in English"), blank=True)
    partner = models.CharField(
        _("partner"), max_length=200, blank=True, help_text=_("The one partner whose offers these are, if not ours.")
    )

    name = Bilingual("name")
    description = Bilingual("description")

    class Meta:
        verbose_name = _("purpose")
        verbose_name_plural = _("purposes")
        ordering = ["slug"]
        constraints = [
            texts_hold_no_form_control(
                "no_form_control_in_a_purpose", "name_fr", "name_en", "description_fr", "description_en", "partner"
            )
        ]

    def __str__(self) -> str:
        return self.name
