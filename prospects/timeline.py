"""All that happened with one person, the newest first: one statement over every table that knows of them.

An upper app adds what it knows with `add_chapter`, from its `ready()`, and no app imports upwards.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, LiteralString
from uuid import UUID

from django.db import connection
from django.http import HttpRequest
from django.utils.functional import Promise
from psycopg.sql import SQL, Composed, Literal

PAGE = 50

# Each part is cut before they are put together, so that a page costs the same however long the story is.
_PART = """
(SELECT at, {kind}::text AS kind, id, facts FROM ({rows}) AS entry
WHERE at <= {before_at} AND (at, {kind}::text, id) < ({before_at}, {before_kind}, {before_id})
ORDER BY at DESC, id DESC LIMIT {limit})
"""
_ALL = "SELECT at, kind, id, facts FROM ({parts}) AS entry ORDER BY at DESC, kind DESC, id DESC LIMIT {limit}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened; its facts are what its chapter selects."""

    at: datetime
    kind: str
    pk: int
    facts: dict[str, Any]


@dataclass(frozen=True)
class Chapter:
    """One kind of thing that happens: the rows that know of it, and how staff are told of one.

    `rows` is a SELECT of at, id and facts (jsonb), about the person `{prospect}` or the address keys `{keys}`.
    """

    kind: str
    title: str | Promise
    rows: LiteralString
    tell: Callable[[Entry, HttpRequest], str]
    permission: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: after the entry that is named."""

    at: datetime
    kind: str
    pk: int

    @classmethod
    def read(cls, text: str) -> "Place | None":
        """Read what `str` wrote; nothing where somebody else wrote it."""
        try:
            microseconds, kind, pk = text.split("-")
            at = datetime.fromtimestamp(int(microseconds) // 1_000_000, UTC).replace(
                microsecond=int(microseconds) % 1_000_000
            )
            return cls(at, kind, int(pk)) if kind in _CHAPTERS else None
        except (ValueError, OverflowError, OSError):
            return None

    def __str__(self) -> str:
        seconds = int(self.at.replace(microsecond=0).timestamp())
        return f"{seconds * 1_000_000 + self.at.microsecond}-{self.kind}-{self.pk}"


# After every entry that may be, in the calendar that PostgreSQL and Python share.
_TOP = Place(datetime(9999, 12, 31, tzinfo=UTC), "", 0)


@dataclass(frozen=True, slots=True)
class Page:
    """Some entries, and where the older ones begin, if there are any."""

    entries: Sequence[Entry]
    older: Place | None


_CHAPTERS: dict[str, Chapter] = {}


def add_chapter(chapter: Chapter) -> None:
    """Tell this, too, of everybody."""
    _CHAPTERS[chapter.kind] = chapter


def chapters() -> dict[str, Chapter]:
    """Return every chapter, by its kind."""
    return _CHAPTERS


def page_of(
    prospect_id: int, keys: Sequence[UUID], among: Sequence[Chapter], *, after: Place | None = None, size: int = PAGE
) -> Page:
    """Return the latest entries of these chapters about one person, or those after a place, in one statement."""
    if not among:
        return Page([], None)
    with connection.cursor() as cursor:
        cursor.execute(_statement(prospect_id, keys, among, after or _TOP, size + 1))
        entries = [Entry(at, kind, pk, json.loads(facts)) for at, kind, pk, facts in cursor.fetchall()]
    last = entries[size - 1] if len(entries) > size else None
    return Page(entries[:size], Place(last.at, last.kind, last.pk) if last else None)


def _statement(prospect_id: int, keys: Sequence[UUID], among: Sequence[Chapter], after: Place, limit: int) -> Composed:
    place = {"before_at": Literal(after.at), "before_kind": Literal(after.kind), "before_id": Literal(after.pk)}
    person = {"prospect": Literal(prospect_id), "keys": Literal(list(keys))}
    parts = [
        SQL(_PART).format(
            **place, kind=Literal(chapter.kind), limit=Literal(limit), rows=SQL(chapter.rows).format(**person)
        )
        for chapter in among
    ]
    return SQL(_ALL).format(parts=SQL("UNION ALL").join(parts), limit=Literal(limit))
