"""The fields that a campaign's text may hold, such as {{ first_name }}: how they are filled and what may be wrong."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prospects.models import ExtraField
from prospects.models.extra import TAKEN

# {{ first_name }} or {{ first_name | dear reader }}: what follows the bar stands in where the field is empty.
_FIELD = re.compile(r"\{\{[ \t]*([^\s{}|]*)[ \t]*(?:\|([^{}\n]*))?\}\}")
_STRAY = re.compile(r"\{\{|\}\}")


@dataclass(frozen=True)
class Field:
    """A field that a marketer may use, with what a preview shows in its place."""

    label: str | Promise
    example: str


FIELDS: dict[str, Field] = {
    "first_name": Field(gettext_lazy("first name"), "Camille"),
    "last_name": Field(gettext_lazy("last name"), "Exemple"),
    "company": Field(gettext_lazy("company"), "Maison Exemple"),
}
EXAMPLES: dict[str, str] = {name: field.example for name, field in FIELDS.items()}
_A_DAY, _A_NUMBER = "2026-05-01", 42


def all_fields() -> dict[str, Field]:
    """Loyal's own fields, then those that staff defined and let stand in mails."""
    return FIELDS | {field.slug: Field(field.label, _example(field)) for field in extra_fields()}


def examples() -> dict[str, str]:
    """What a preview shows in the place of each field, in the language in force."""
    return {name: field.example for name, field in all_fields().items()}


def extra_fields(names: Iterable[str] | None = None) -> list[ExtraField]:
    """The extra fields that may stand in mails, or those of them that have these names."""
    allowed = ExtraField.objects.filter(in_mails=True).exclude(slug__in=TAKEN)
    return list(allowed if names is None else allowed.filter(slug__in=list(names)))


def _example(field: ExtraField) -> str:
    examples = {
        ExtraField.Kind.NUMBER: _A_NUMBER,
        ExtraField.Kind.DATE: _A_DAY,
        ExtraField.Kind.YES_NO: True,
        ExtraField.Kind.CHOICE: next(iter(field.options), None),
    }
    return field.shown(examples.get(ExtraField.Kind(field.kind), _("example")))


def fill(text: str, values: Mapping[str, str], *, escape: Callable[[str], str] = str) -> str:
    """Put each value, escaped for the format of the text, in the place of its field."""
    return substitute(text, lambda name, stand_in: escape(values.get(name, "") or stand_in))


def substitute(text: str, replacement: Callable[[str, str], str]) -> str:
    """Put in the place of each field what a function makes of its name and its stand-in."""
    return _FIELD.sub(lambda match: replacement(match[1], (match[2] or "").strip()), text)


def problems(text: str) -> list[str]:
    """Say what keeps a text from being sent: fields that do not exist, braces left open. Empty when nothing does."""
    return list(_unknown_fields(text)) + list(_stray_braces(text))


def _unknown_fields(text: str) -> Iterator[str]:
    names = dict.fromkeys(match[1] for match in _FIELD.finditer(text))
    if names.keys() <= FIELDS.keys():  # asks the database nothing
        return
    fields = all_fields()
    known = ", ".join(fields)
    for name in names:
        if not name:
            yield _("A field is empty: {{ }}. The fields are: %(known)s.") % {"known": known}
        elif name not in fields:
            yield _("There is no field “%(name)s”. The fields are: %(known)s.") % {"name": name, "known": known}


def _stray_braces(text: str) -> Iterator[str]:
    # Same length, so that what is left stands on its own line still.
    rest = _FIELD.sub(lambda match: " " * len(match[0]), text)
    for line in dict.fromkeys(rest.count("\n", 0, match.start()) + 1 for match in _STRAY.finditer(rest)):
        yield _("Line %(line)s: braces are not closed. A field is written {{ first_name }}.") % {"line": line}
