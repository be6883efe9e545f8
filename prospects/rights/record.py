"""The record of one person, section by section. Each app registers its own, so that none knows those above it.

A test walks every table that knows a person or an address key: one that no section gives, and that `leave_out` gives no
reason for, fails it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, LiteralString
from uuid import UUID

from django.db import connection
from django.utils.functional import Promise
from psycopg.sql import SQL, Literal

Words = Mapping[str, str | Promise]
_AT_ONCE = 500


@dataclass(frozen=True)
class Column:
    """One column: its name for programs, its heading for people, and what its codes are called."""

    name: str
    heading: str | Promise
    words: Words = field(default_factory=dict)
    is_json: bool = False
    is_note: bool = False  # staff's own words, which may speak of others


@dataclass(frozen=True)
class Section:
    """One part of the record: a SELECT of its columns about the person `{prospect}` or the address keys `{keys}`.

    `tables` are the models whose rows it gives. `given` selects those of them that the person gave, which are theirs to
    take elsewhere (GDPR art. 20); empty where none are.
    """

    key: str
    title: str | Promise
    tables: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: LiteralString
    given: LiteralString = ""


@dataclass(frozen=True)
class Subject:
    """Whose record it is: a person on record, if there is one, and their address keys; staff's notes in it or not."""

    prospect_id: int | None
    keys: Sequence[UUID]
    language: str
    without_notes: bool = False


SECTIONS: dict[str, Section] = {}
LEFT_OUT: dict[str, str] = {}


def add_section(*sections: Section) -> None:
    """Give this, too, to whoever asks for their data."""
    SECTIONS.update((section.key, section) for section in sections)


def leave_out(table: str, why: str) -> None:
    """Say of a table that knows people why its rows are in no record."""
    LEFT_OUT[table] = why


def rows_of(section: Section, subject: Subject, *, given: bool) -> Iterator[tuple[Any, ...]]:
    """Give the rows of a section, a few in memory at a time; of those that the person gave alone, if so asked."""
    select = section.given if given else section.rows
    # Nobody on record has no number: no row names it.
    statement = SQL(select).format(
        prospect=Literal(subject.prospect_id or 0),
        keys=Literal(list(subject.keys)),
        language=Literal(subject.language),
    )
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement)
        while rows := cursor.fetchmany(_AT_ONCE):
            for row in rows:
                yield tuple(
                    None if subject.without_notes and column.is_note else value
                    for column, value in zip(section.columns, row, strict=True)
                )
