"""What customers and professionals do with us: the facts behind the grounds other than consent."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from consent.bilingual import Bilingual
from prospects.models.prospect import Prospect


class Family(models.Model):
    """A product family, as a slash path: buying `garden` covers `garden` and `garden/tools`."""

    path = models.CharField(
        _("path"), max_length=200, unique=True, validators=[RegexValidator(r"^[a-z0-9_-]+(/[a-z0-9_-]+)*$")]
    )
    name_fr = models.CharField(_("name in French"), max_length=100)
    name_en = models.CharField(_("name in English"), max_length=100, blank=True)
    name = Bilingual("name")

    class Meta:
        verbose_name = _("product family")
        verbose_name_plural = _("product families")
        ordering = ["path"]

    def __str__(self) -> str:
        return f"{self.name} ({self.path})"


class Activity(models.Model):
    """A professional activity, to which a message must relate."""

    slug = models.SlugField(_("short name"), unique=True)
    name_fr = models.CharField(_("name in French"), max_length=100)
    name_en = models.CharField(_("name in English"), max_length=100, blank=True)
    name = Bilingual("name")

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name


class Purchase(models.Model):
    """A transaction in one product family."""

    prospect = models.ForeignKey(Prospect, models.DO_NOTHING, related_name="purchases", verbose_name=_("prospect"))
    family = models.CharField(_("product family"), max_length=200)
    at = models.DateTimeField(_("on"))
    reference = models.CharField(_("reference"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("purchase")
        verbose_name_plural = _("purchases")
        indexes = [models.Index(fields=["prospect", "-at"], name="purchases_of_a_prospect")]
        constraints = [
            models.UniqueConstraint(
                fields=["prospect", "reference", "family"],
                condition=~Q(reference=""),
                name="one_purchase_per_reference",
            )
        ]

    def __str__(self) -> str:
        return f"{self.family} {self.at:%Y-%m-%d}"


class Contract(models.Model):
    """A contract for some product families; the three-year clock stands still while it runs."""

    prospect = models.ForeignKey(Prospect, models.DO_NOTHING, related_name="contracts", verbose_name=_("prospect"))
    families = ArrayField(models.CharField(max_length=200), verbose_name=_("product families"))
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True, help_text=_("Empty while it is open-ended."))

    class Meta:
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        indexes = [models.Index(fields=["prospect"], name="contracts_of_a_prospect")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="a_contract_ends_after_it_starts",
            )
        ]

    def __str__(self) -> str:
        return f"{self.starts_on} – {self.ends_on or '…'}"


class InformationRequest(models.Model):
    """A person asked for information about some product families: one call back may answer it."""

    prospect = models.ForeignKey(Prospect, models.DO_NOTHING, related_name="requests", verbose_name=_("prospect"))
    families = ArrayField(models.CharField(max_length=200), verbose_name=_("product families"))
    at = models.DateTimeField(_("on"))
    evidence = models.TextField(_("evidence"), blank=True)

    class Meta:
        verbose_name = _("request for information")
        verbose_name_plural = _("requests for information")
        indexes = [models.Index(fields=["prospect", "-at"], name="requests_of_a_prospect")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}"
