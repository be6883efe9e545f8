from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consent.vocabulary import Language


class Prospect(models.Model):
    """A person or a professional whom we know. Deleting the row erases, in the database, all that hangs on it."""

    class Kind(models.TextChoices):
        INDIVIDUAL = "individual", _("individual")
        PROFESSIONAL = "professional", _("professional")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.INDIVIDUAL)
    first_name = models.CharField(_("first name"), max_length=150, blank=True)
    last_name = models.CharField(_("last name"), max_length=150, blank=True)
    company = models.CharField(_("company"), max_length=200, blank=True)
    activity = models.ForeignKey(
        "prospects.Activity", models.PROTECT, verbose_name=_("activity"), null=True, blank=True, db_index=False
    )
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.FRENCH)
    born_on = models.DateField(_("born on"), null=True, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=40, default="Europe/Paris")
    restricted_at = models.DateTimeField(_("processing restricted on"), null=True, blank=True)
    extra = models.JSONField(
        _("extra fields"),
        default=dict,
        db_default=Value({}, models.JSONField()),
        blank=True,
        help_text=_("By the short names that staff defined."),
    )
    created_at = models.DateTimeField(_("known since"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("prospect")
        verbose_name_plural = _("prospects")
        indexes = [
            models.Index(fields=["activity"], condition=Q(activity__isnull=False), name="prospects_of_an_activity")
        ]

    def __str__(self) -> str:
        # Logs, histories and error reports keep this text, and outlive the person: it names nobody.
        return gettext("prospect № %(number)s") % {"number": self.pk}

    @property
    def name(self) -> str:
        """How staff call this person."""
        return " ".join(filter(None, (self.first_name, self.last_name))) or self.company or str(self)
