"""Columns that hold extra fields: offered beside the others, guessed by their headings, each cell read in its kind."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError

from prospects.extras import defined
from prospects.imports.columns import plain
from prospects.imports.days import day
from prospects.models import ExtraField
from prospects.models.extra import PREFIX, checked

_YES = frozenset({"oui", "o", "yes", "y", "vrai", "true", "1", "x"})
_NO = frozenset({"non", "n", "no", "faux", "false", "0"})
_SPACES = dict.fromkeys(map(ord, " \u00a0\u202f"))


def choices() -> list[tuple[str, str]]:
    """Every extra field that a column may hold, with its label."""
    return [(PREFIX + slug, field.label) for slug, field in defined().items()]


def guess_extras(headings: Sequence[str], columns: Mapping[str, int]) -> dict[str, int]:
    """Say which of the columns that hold nothing known hold an extra field, by its short name or its labels."""
    names = {
        plain(name): PREFIX + slug
        for slug, field in defined().items()
        for name in (slug, field.label_fr, field.label_en)
        if name
    }
    taken = set(columns.values())
    found: dict[str, int] = {}
    for place, heading in enumerate(headings):
        if place not in taken and (column := names.get(plain(heading))):
            found.setdefault(column, place)
    return found


class ExtraCells:
    """Reads the extra fields of a file's rows; nothing where no column holds any."""

    def __init__(self, columns: Mapping[str, int], *, month_first: bool) -> None:
        mapped = {name.removeprefix(PREFIX): place for name, place in columns.items() if name.startswith(PREFIX)}
        self._fields = defined() if mapped else {}
        self._places = [(slug, place) for slug, place in mapped.items() if slug in self._fields]
        self._month_first = month_first

    def read(self, cells: Sequence[str]) -> tuple[dict[str, Any], list[str]]:
        """Return what the row says of extra fields, and the short names of those that it says amiss."""
        values: dict[str, Any] = {}
        amiss = []
        for slug, place in self._places:
            try:
                typed = _typed(self._fields[slug], cells[place].strip(), month_first=self._month_first)
                values |= checked({slug: typed}, self._fields)
            except (ValueError, ValidationError):
                amiss.append(slug)
        return values, amiss


def _typed(field: ExtraField, text: str, *, month_first: bool) -> Any:
    """A cell's text as the kind of the field, the French and the English way. Raises ValueError."""
    if not text:
        return None
    match field.kind:
        case ExtraField.Kind.NUMBER:
            return text.translate(_SPACES).replace(",", ".")
        case ExtraField.Kind.DATE:
            return day(text, month_first=month_first)
        case ExtraField.Kind.YES_NO:
            word = text.casefold()
            if word not in _YES | _NO:
                raise ValueError(text)
            return word in _YES
        case ExtraField.Kind.CHOICE:
            return next((option for option in field.options if option.casefold() == text.casefold()), text)
        case _kind:
            return text
