"""The lists that may be taken out. Each app registers its own, so that this one knows none of those above it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils.functional import Promise
from psycopg.sql import SQL, Composable, Composed, Literal

from prospects.models import Export

Chosen = Mapping[str, Any]
Words = Mapping[str, str | Promise]
# Gives the SELECT of a list: one column per heading, in the language in force.
Statement = Callable[[Export, Chosen], Composed]


def _nothing(_chosen: Chosen) -> dict[str, Any]:
    return {}


@dataclass(frozen=True, kw_only=True)
class Listing:
    """One list. `form` asks what it is about, and `about` says what of the answer the register keeps: nobody's name.

    One that `leaves` must say who receives it. `widened` adds the columns that staff define.
    `prepare` runs once the export is in the register, in its transaction.
    """

    key: str
    title: str | Promise
    explanation: str | Promise
    columns: tuple[str | Promise, ...]
    statement: Statement
    form: type[forms.Form] = forms.Form
    about: Callable[[Chosen], dict[str, Any]] = _nothing
    leaves: bool = False
    prepare: Callable[[Export, Chosen, datetime], Any] | None = None
    widened: Callable[["Listing"], "Listing"] | None = None

    def as_of_now(self) -> "Listing":
        """The list with the columns that it has today, where what staff define adds some."""
        return self.widened(self) if self.widened else self


LISTINGS: dict[str, Listing] = {}


def register(*listings: Listing) -> None:
    """Add lists to those that may be taken out."""
    LISTINGS.update((listing.key, listing) for listing in listings)


def in_words(column: str, words: Words) -> Composed:
    """Give the SQL that says a column's code in words, in the language in force; an unknown code stays as it is."""
    known = json.dumps({code: str(word) for code, word in words.items()})
    code = SQL(column)
    return SQL("coalesce({known}::jsonb ->> {code}::text, {code}::text)").format(known=Literal(known), code=code)


def on_the_clock(column: str) -> Composable:
    """Give the SQL that writes a moment as a French clock showed it, in a form that every spreadsheet reads."""
    return SQL(f"to_char({column} AT TIME ZONE 'Europe/Paris', 'YYYY-MM-DD HH24:MI')")
