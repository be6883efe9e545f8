"""What is kept of people under extra fields, beside what their page says of one of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from psycopg.types.json import Jsonb

from prospects.models import ExtraField, Prospect
from prospects.models.extra import checked

_FORGET = (
    "UPDATE prospects_prospect SET extra = extra - %(slugs)s::text[] WHERE extra ?| %(slugs)s::text[]",
    "UPDATE prospects_pendingsignup"
    " SET answers = jsonb_set(answers, '{extra}', (answers -> 'extra') - %(slugs)s::text[])"
    " WHERE (answers -> 'extra') ?| %(slugs)s::text[]",
)
_NOTE = """
UPDATE prospects_prospect
SET extra = CASE WHEN %(corrects)s THEN extra || %(values)s::jsonb ELSE %(values)s::jsonb || extra END
WHERE id = %(pk)s RETURNING extra
"""


def defined() -> dict[str, ExtraField]:
    """Every extra field, by its short name."""
    return {field.slug: field for field in ExtraField.objects.all()}


def fitting(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return those of these values that still fit a field: staff may have changed it while they waited."""
    if not values:
        return {}
    fields = defined()
    kept: dict[str, Any] = {}
    for slug, value in values.items():
        try:
            kept |= checked({slug: value}, fields)
        except ValidationError:
            continue
    return kept


def note(prospect: Prospect, values: Mapping[str, Any], *, corrects: bool) -> None:
    """Note checked values of somebody in one statement, beside those of other fields.

    What is known stays, unless these correct it.
    """
    if not values:
        return
    with connection.cursor() as cursor:
        params: dict[str, Any] = {"pk": prospect.pk, "values": Jsonb(dict(values)), "corrects": corrects}
        cursor.execute(_NOTE, params)
        row = cursor.fetchone()
    if row is not None:
        prospect.refresh_from_db(fields=["extra"])


def forget_values(slugs: Sequence[str]) -> int:
    """Erase these fields' values, of everybody known or about to be. Returns of how many people."""
    with connection.cursor() as cursor:
        counts = []
        for query in _FORGET:
            cursor.execute(query, {"slugs": list(slugs)})
            counts.append(int(cursor.rowcount))
    return counts[0]
