"""What the extra fields of a reader read like in a mail: of those that the mail shows, and no other."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.utils.translation import override
from psycopg import sql

from prospects.models import ExtraField


def values_sql(fields: Sequence[ExtraField]) -> sql.Composable:
    """Give the SQL of these fields' values, as one array of JSON; the rest of what is noted stays where it is."""
    values = (sql.SQL("prospect.extra -> {}").format(sql.Literal(field.slug)) for field in fields)
    return sql.SQL("jsonb_build_array({})").format(sql.SQL(", ").join(values))


def extra_words(fields: Sequence[ExtraField], values: Iterable[Any], language: str) -> dict[str, str]:
    """Return what to put in the place of each field, in the language of the mail; nothing for what is not known."""
    return {
        field.slug: _shown(field, value, language)
        for field, value in zip(fields, values, strict=True)
        if value is not None
    }


@lru_cache(maxsize=10_000)
def _shown(field: ExtraField, value: Any, language: str) -> str:
    with override(language):
        return field.shown(value)
