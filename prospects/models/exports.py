from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from prospects.models.detail import ContactDetail


class Export(models.Model):
    """One list taken out: what, by whom, why, for whom, how many rows. It holds nobody's data."""

    class Format(models.TextChoices):
        CSV = "csv", _("CSV")
        XLSX = "xlsx", _("Excel workbook (XLSX)")

    listing = models.CharField(_("list"), max_length=40)
    about = models.JSONField(_("about"), default=dict, blank=True)
    format = models.CharField(_("format"), max_length=4, choices=Format, default=Format.CSV)
    why = models.CharField(_("what for"), max_length=500)
    recipient = models.CharField(_("received by"), max_length=200, blank=True)
    rows = models.PositiveBigIntegerField(
        _("rows"), null=True, help_text=_("Empty where the file was never whole: it broke off on its way.")
    )
    made_at = models.DateTimeField(_("made on"), db_default=Now(), editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("made by"), null=True, editable=False
    )

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("register of exports")
        ordering = ["-pk"]
        permissions = [("export_lists", _("Can take lists out"))]
        constraints = [models.CheckConstraint(condition=~Q(why=""), name="an_export_says_what_for")]

    def __str__(self) -> str:
        return gettext("Export № %(number)s") % {"number": self.pk}


class HandedOver(models.Model):
    """A contact detail that a list handed to somebody outside: whom a person may ask about is told them from here."""

    pk = models.CompositePrimaryKey("export_id", "detail_id")
    export = models.ForeignKey(Export, models.DO_NOTHING, related_name="details")
    detail = models.ForeignKey(ContactDetail, models.DO_NOTHING, related_name="handed_over")
    ground = models.CharField(_("ground"), max_length=20, help_text=_("On which the law allowed it at that moment."))

    class Meta:
        verbose_name = _("detail handed over")
        verbose_name_plural = _("details handed over")

    def __str__(self) -> str:
        return f"{self.export_id}/{self.detail_id}"
