from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from consent.models.picture import Picture


class OrganisationManager(models.Manager["Organisation"]):
    def current(self) -> "Organisation":
        """The one organisation that this installation speaks for; an unnamed one until somebody fills it in."""
        kept = self.filter(pk=1).select_related("logo").defer("logo__content").first()
        return kept or Organisation(pk=1)


class Organisation(models.Model):
    """Who speaks: the controller named in notices, pages and mails."""

    name = models.CharField(_("name"), max_length=200)
    legal_identity = models.CharField(
        _("legal identity"), max_length=200, blank=True, help_text=_("Legal form, capital, registration number.")
    )
    address = models.TextField(_("postal address"), blank=True)
    email = models.EmailField(_("e-mail for questions"), blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    website = models.URLField(_("website"), blank=True)
    data_protection_contact = models.EmailField(_("data protection contact"), blank=True)
    sender_tested_at = models.DateTimeField(_("test mail taken on"), null=True, editable=False)
    logo = models.ForeignKey(
        Picture, models.PROTECT, verbose_name=_("logo"), null=True, blank=True, related_name="+", editable=False
    )
    colour = models.CharField(
        _("colour"), max_length=7, default="#1f4b99", validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$")]
    )
    approval_needed = models.BooleanField(
        _("a second person approves campaigns"),
        default=False,
        db_default=False,
        help_text=_("A campaign leaves only once somebody approved it who neither wrote nor scheduled it."),
    )
    rulebook_acknowledged_at = models.DateTimeField(
        _("warning about the founding article's rulebook acknowledged on"), null=True, editable=False
    )
    rulebook_acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("acknowledged by"), null=True, editable=False
    )

    objects = OrganisationManager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisation")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_organisation")]

    def __str__(self) -> str:
        return self.name
