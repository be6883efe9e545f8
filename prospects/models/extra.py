import math
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.formats import date_format, localize
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consent.bilingual import Bilingual

# GDPR art. 9 and 10: what may hardly ever be asked of a prospect. Told as words, since a name may mean something else.
_SENSITIVE = re.compile(
    r"\b(?:sant[eé]|maladie|handicap|grossesse|religi|culte|croyance|politi|syndic|ethni|race|racia|sexu|biom[eé]tr"
    r"|g[eé]n[eé]ti|casier|condamn|health|illness|disab|pregnan|belief|faith|trade union|criminal|convict)",
    re.IGNORECASE,
)


class ExtraField(models.Model):
    """Something more that an organisation notes of people, as little as it needs."""

    class Kind(models.TextChoices):
        TEXT = "text", _("text")
        NUMBER = "number", _("number")
        DATE = "date", _("date")
        CHOICE = "choice", _("one of some choices")
        YES_NO = "yes_no", _("yes or no")

    slug = models.CharField(
        _("short name"),
        max_length=30,
        unique=True,
        validators=[RegexValidator(r"^[a-z][a-z0-9_]*$")],
        help_text=_("Small letters, digits and _, such as shoe_size. In a mail: {{ shoe_size }}."),
    )
    label_fr = models.CharField(_("label in French"), max_length=100)
    label_en = models.CharField(_("label in English"), max_length=100, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.TEXT)
    options = ArrayField(
        models.CharField(max_length=50),
        verbose_name=_("choices"),
        default=list,
        blank=True,
        help_text=_("Separated by commas; for one of some choices only."),
    )
    why = models.CharField(
        _("what it is needed for"),
        max_length=300,
        help_text=_("Note only what you need, and say so in the notice (GDPR art. 5(1)(c))."),
    )
    in_mails = models.BooleanField(
        _("may be used in mails"),
        default=False,
        help_text=_("Whoever reads over a shoulder reads it too: leave out what people would not want seen."),
    )

    label = Bilingual("label")

    class Meta:
        verbose_name = _("extra field")
        verbose_name_plural = _("extra fields")
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(
                condition=(models.Q(kind="choice") & ~models.Q(options=[]))
                | (~models.Q(kind="choice") & models.Q(options=[])),
                name="choices_where_there_is_something_to_choose",
                violation_error_message=_("Give the choices where there is something to choose, and only there."),
            )
        ]

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        if self.slug in TAKEN:
            raise ValidationError({"slug": gettext("Loyal has a field of this name already.")})
        if found := _SENSITIVE.search(f"{self.slug.replace('_', ' ')} {self.label_fr} {self.label_en}"):
            raise ValidationError(
                gettext(
                    "“%(word)s”: health, beliefs, opinions, origins, sexual life and convictions may not be noted of "
                    "prospects (GDPR art. 9 and 10)."
                )
                % {"word": found[0]}
            )

    def shown(self, value: Any) -> str:
        """Say a value that is kept as people write it."""
        if value is None:
            return ""
        match self.kind:
            case self.Kind.YES_NO:
                return gettext("yes") if value else gettext("no")
            case self.Kind.DATE:
                return date_format(date.fromisoformat(value), "DATE_FORMAT")
            case self.Kind.NUMBER:
                return str(localize(value))
            case _kind:
                return str(value)


# What has a meaning of its own in mails, files and forms.
TAKEN = {"first_name", "last_name", "company", "email", "phone", "fax", "post", "activity", "language"} | {
    *("why", "stop", "token", "visit"),
}
# What tells these fields from Loyal's own, where both stand side by side.
PREFIX = "extra_"
LONGEST = 1000
# Beyond, what JSON calls a number is not one number everywhere.
_LARGEST = 10**15


def checked(values: Mapping[str, Any], fields: Mapping[str, ExtraField]) -> dict[str, Any]:
    """Return these values as they are kept: of fields that exist, in their kind, the empty ones left out.

    The one place that says what `Prospect.extra` may hold. Raises ValidationError, by field.
    """
    kept: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for name, value in values.items():
        if value is None or (isinstance(value, str) and not value.strip()):
            continue
        try:
            kept[name] = _as_kept(fields[name], value)
        except (KeyError, ValueError, TypeError, OverflowError):
            wrong[name] = gettext("This does not fit the field.")
    if wrong:
        raise ValidationError(wrong)
    return kept


def _as_kept(field: ExtraField, value: Any) -> Any:
    match field.kind:
        case ExtraField.Kind.NUMBER:
            return _number(value)
        case ExtraField.Kind.DATE:
            return (value if isinstance(value, date) else date.fromisoformat(value)).isoformat()
        case ExtraField.Kind.YES_NO if not isinstance(value, bool):
            raise TypeError(value)
        case ExtraField.Kind.YES_NO:
            return value
        case ExtraField.Kind.CHOICE if value not in field.options:
            raise ValueError(value)
        case _kind:
            return _text(value)


def _number(value: Any) -> int | float:
    number = float(value)
    if isinstance(value, bool) or not math.isfinite(number) or abs(number) > _LARGEST:
        raise ValueError(value)
    return int(number) if number.is_integer() else number


def _text(value: Any) -> str:
    """A text that PostgreSQL keeps: no NUL, and no half of a surrogate pair."""
    if not isinstance(value, str) or "\x00" in value:
        raise ValueError(value)
    value.encode()
    text = value.strip()
    if len(text) > LONGEST:
        raise ValueError(value)
    return text
