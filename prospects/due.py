"""What is due to be erased: the law says when three years are over; an index on the last sign of life proposes whom."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db import connection
from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

from consent.law.days import paris_day, start_of_day
from consent.law.expressions import Writer
from consent.law.requirements import bounds_of, retention_expired
from prospects import law_rows
from prospects.terms import month_is_over_for

QUARANTINE_DAYS = 30


class Cause(StrEnum):
    """Why a contact detail is erased."""

    SILENT = "silent"
    UNKNOWN_SOURCE = "unknown_source"
    NOT_TOLD = "not_told"
    ASKED_FOR = "asked_for"


@dataclass(frozen=True, slots=True)
class Terms:
    """The bounds of one run, about the moment `at`, made at the moment `now`: what lies before a bound is over.

    Asked about the past, what is known today still protects whom it concerns.
    """

    at: datetime
    now: datetime
    silent_before: datetime
    unknown_before: datetime
    not_told_before: datetime

    @classmethod
    def of(cls, at: datetime, *, now: datetime | None = None) -> "Terms":
        """Return the bounds of that moment."""
        today = paris_day(at)
        return cls(
            at=at,
            now=now or at,
            silent_before=bounds_of(today).retention,
            unknown_before=start_of_day(today - timedelta(days=QUARANTINE_DAYS - 1)),
            not_told_before=month_is_over_for(at),
        )

    @property
    def known_at(self) -> datetime:
        """The latest moment whose facts are known."""
        return max(self.at, self.now)


@dataclass(frozen=True, slots=True)
class Search:
    """One index that proposes people: for which cause, and which rows of which table."""

    cause: Cause
    table: str
    condition: str


# Looking costs what there is to erase and not what is kept. A sign of life dated later than anything known is none, and
# must hide nobody.
SEARCHES = (
    Search(Cause.SILENT, "prospects_contactdetail", "active_at < {silent_before}"),
    Search(Cause.SILENT, "prospects_contactdetail", "active_at > {known_at}"),
    Search(Cause.UNKNOWN_SOURCE, "prospects_source", "kind = 'unknown' AND obtained_at < {unknown_before}"),
    Search(
        Cause.NOT_TOLD,
        "prospects_source",
        "NOT informed AND told_at IS NULL AND obtained_at < {not_told_before}",
    ),
)
# OFFSET 0: found by its own index, then put in order, whatever part of it is fetched.
_PROPOSED = """
SELECT prospect_id, id FROM (SELECT prospect_id, id FROM {table} WHERE {condition} OFFSET 0) AS found
ORDER BY prospect_id, id
"""

# Somebody under a legal hold is frozen, and so is whoever asked us to keep their data and do nothing else with them
# (GDPR art. 18(2)). Nobody is to be told about a company's generic address.
_DUE = """
WITH contact AS (
    SELECT detail.id AS detail_id, detail.prospect_id, detail.source_id, detail.address_key, detail.key_id,
        detail.address, detail.medium, detail.active_at, detail.is_generic, source.kind AS source_kind,
        source.collected_at, source.informed, source.told_at, source.obtained_at, prospect.kind, prospect.restricted_at
    FROM prospects_contactdetail AS detail
    JOIN prospects_source AS source ON source.id = detail.source_id
    JOIN prospects_prospect AS prospect ON prospect.id = detail.prospect_id
    WHERE detail.prospect_id = ANY({prospects})
)
SELECT contact.detail_id, contact.prospect_id, contact.source_id, contact.address_key, contact.key_id,
    contact.address,
    CASE WHEN contact.restricted_at <= {known_at} OR EXISTS (
            SELECT FROM prospects_legalhold AS hold
            WHERE hold.prospect_id = contact.prospect_id AND hold.forbids_erasure
                AND hold.starts_at <= {known_at} AND hold.ends_at > {held_until}) THEN NULL
        WHEN contact.source_kind = 'unknown' OR contact.collected_at IS NULL OR contact.collected_at > {known_at} THEN
            CASE WHEN contact.obtained_at < {unknown_before} THEN 'unknown_source' END
        WHEN {expired} THEN 'silent'
        WHEN NOT contact.informed AND contact.told_at IS NULL AND contact.obtained_at < {not_told_before}
            AND further.also_of_id IS NULL AND NOT (contact.is_generic AND contact.kind = 'professional')
            THEN 'not_told'
    END AS cause,
    contact.medium <> 'email' AND EXISTS (
        SELECT FROM prospects_contactdetail AS other
        WHERE other.address_key = contact.address_key AND other.id <> contact.detail_id) AS is_shared
FROM contact {joins}
"""


@dataclass(frozen=True, slots=True)
class Detail:
    """One contact detail of somebody looked at, why it is due, if it is, and whether others have the same address."""

    pk: int
    prospect_id: int
    source_id: int
    address_key: UUID
    key_id: int
    address: str
    cause: str | None
    is_shared: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Some people whom a search proposes, and the rows that it found."""

    search: Search
    rows: frozenset[int]
    people: list[int]


def pages(terms: Terms, *, size: int) -> Iterator[Page]:
    """Propose everybody who may be due, page by page, each row once.

    The database keeps what each search found, in the order of people: who came together lies together on disk.
    """
    for search in SEARCHES:
        with connection.chunked_cursor() as cursor:
            cursor.execute(SQL(_PROPOSED).format(**_parts(search, terms)))
            while found := cursor.fetchmany(size):
                yield Page(search, frozenset(row for _, row in found), sorted({person for person, _ in found}))


def count_proposed(terms: Terms) -> int:
    """Count the rows that the searches will go through."""
    with connection.cursor() as cursor:
        counts = (
            SQL("(SELECT count(*) FROM {table} WHERE {condition})").format(**_parts(search, terms))
            for search in SEARCHES
        )
        cursor.execute(SQL("SELECT {}").format(SQL(" + ").join(counts)))
        total: int = cursor.fetchone()[0]
    return total


def _parts(search: Search, terms: Terms) -> dict[str, Composable]:
    return {"table": Identifier(search.table), "condition": SQL(search.condition).format(**_bounds(terms))}


def judge(prospects: list[int], terms: Terms) -> list[Detail]:
    """Say of every contact detail of these people whether it is due, and why."""
    with connection.cursor() as cursor:
        cursor.execute(_due(prospects, terms))
        return [Detail(*row) for row in cursor.fetchall()]


def _due(prospects: list[int], terms: Terms) -> Composed:
    known = {"at": Literal(terms.known_at), "day": Literal(paris_day(terms.known_at)), "families": Literal([])}
    writer = Writer(columns=law_rows.columns(), at=terms.at)
    expired = retention_expired(bounds_of(paris_day(terms.at))).write(writer)
    joins = law_rows.joins_for({"contract_until", "informed"})
    return SQL(_DUE).format(
        prospects=Literal(prospects),
        expired=SQL(expired.replace("%s", "{}")).format(*map(Literal, writer.parameters), **known),
        joins=SQL("").join(
            SQL(join.text).format(**known, of_these=law_rows.of_these(join, few=True)) for join in joins
        ),
        **_bounds(terms),
    )


def _bounds(terms: Terms) -> dict[str, Composable]:
    return {
        "known_at": Literal(terms.known_at),
        "held_until": Literal(min(terms.at, terms.now)),
        "silent_before": Literal(terms.silent_before),
        "unknown_before": Literal(terms.unknown_before),
        "not_told_before": Literal(terms.not_told_before),
    }
