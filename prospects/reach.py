"""Whom a message may reach at a moment, and why not the others: the law's verdict on everybody, in one statement."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django.db import connection
from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

from consent import law
from consent.law import FIRST_REFUSAL_CODE, Ground, Message, Reason, Rulebook, columns_read, verdict_sql
from consent.models import Purpose
from consent.vocabulary import MEDIUM_OF, Channel, Medium
from prospects import law_rows


class Withholding(StrEnum):
    """Our own reasons to keep silent where the law would allow a contact. They are not called law."""

    HELD = "held"
    RESTRICTED = "restricted"
    UNDELIVERABLE = "undeliverable"
    UNCONFIRMED = "unconfirmed"
    QUARANTINED = "quarantined"
    DUPLICATE_ADDRESS = "duplicate_address"


# Like the law's codes, for good: figures may be stored with them.
_CODES = {
    Withholding.HELD: 91,
    Withholding.RESTRICTED: 92,
    Withholding.UNDELIVERABLE: 93,
    Withholding.UNCONFIRMED: 94,
    Withholding.QUARANTINED: 95,
    Withholding.DUPLICATE_ADDRESS: 96,
}
_WITHHOLDINGS = {code: reason for reason, code in _CODES.items()}

Refusal = Reason | Withholding

_WITHHELD = f"""CASE WHEN hold.prospect_id IS NOT NULL THEN {_CODES[Withholding.HELD]}
    WHEN contact.restricted_at <= {{at}} THEN {_CODES[Withholding.RESTRICTED]}
    WHEN contact.state <> 'usable' THEN CASE contact.state
        WHEN 'undeliverable' THEN {_CODES[Withholding.UNDELIVERABLE]}
        WHEN 'unconfirmed' THEN {_CODES[Withholding.UNCONFIRMED]}
        ELSE {_CODES[Withholding.QUARANTINED]} END END"""

_ROWS = "contact.detail_id, contact.prospect_id, contact.address_key{also}, {withheld} AS withheld, {columns}"
_JUDGED = """
SELECT detail_id, prospect_id, address_key{also}, withheld, {verdict} AS code FROM ({rows} {once}) AS contact_row
"""

# OFFSET 0 keeps the verdict from being worked out again wherever it is used.
_VERDICTS = """
SELECT detail_id, prospect_id, address_key{also},
    CASE WHEN code < {refusal} THEN coalesce({duplicate}, withheld, code) ELSE code END AS code
FROM ({judged} OFFSET 0) AS judged
"""
_DUPLICATE = f"""CASE WHEN withheld IS NULL AND row_number() OVER (
    PARTITION BY address_key, code < {{refusal}} AND withheld IS NULL ORDER BY detail_id
) > 1 THEN {_CODES[Withholding.DUPLICATE_ADDRESS]} END"""


@dataclass(frozen=True, slots=True)
class Reach:
    """How many contacts a message may reach, by ground, and how many not, by reason."""

    allowed: Mapping[Ground, int] = field(default_factory=dict)
    refused: Mapping[Refusal, int] = field(default_factory=dict)


def verdicts_sql(
    message: Message,
    at: datetime,
    *,
    only: Composable | None = None,
    among: Composable | None = None,
    also: Mapping[str, Composable] | None = None,
    purpose_id: int | None = None,
    with_timing: bool = True,
) -> Composed:
    """Return a SELECT of (detail_id, prospect_id, address_key, …, code) for every contact detail of the medium.

    `decode` reads the code. `only` is an SQL condition on `detail`, for a few contact details; `among` one on `detail`,
    `source` and `prospect`, for any number of them. `also` names further columns, none of the law's, and says what they
    hold of these three. The id of the purpose is looked up unless it is given.
    Without timing, it says whether and not when: refusals for the hour or the number of calls are left out.
    An address that several people share is allowed once. Facts dated after `at` do not exist.
    """
    refusal = Literal(FIRST_REFUSAL_CODE)
    shared = _medium(message) != Medium.EMAIL  # an e-mail address is one person's, by a constraint
    duplicate = SQL(_DUPLICATE).format(refusal=refusal) if shared else SQL("NULL")
    judged = _judged(message, at, only, among, also or {}, purpose_id, with_timing=with_timing)
    return SQL(_VERDICTS).format(refusal=refusal, duplicate=duplicate, judged=judged, also=_listed(also or {}))


def decode(code: int) -> tuple[bool, Ground | Refusal]:
    """Turn a code into (allowed, ground or reason)."""
    if code in _WITHHOLDINGS:
        return False, _WITHHOLDINGS[code]
    return law.decode(code)


def count_reach(message: Message, at: datetime, *, among: Composable | None = None, with_timing: bool = True) -> Reach:
    """Count, by ground and by reason, the contacts that this message may and may not reach."""
    return read_counts(count_codes(message, at, among=among, with_timing=with_timing))


def count_codes(
    message: Message,
    at: datetime,
    *,
    among: Composable | None = None,
    name: str = "",
    with_timing: bool = True,
) -> dict[int, int]:
    """Count the same by code, which can be kept. A name, an SQL comment, lets the statement be found as it runs."""
    with connection.cursor() as cursor:
        cursor.execute(
            SQL("{}SELECT code, count(*) FROM ({}) AS verdict GROUP BY code ORDER BY code").format(
                SQL(name), verdicts_sql(message, at, among=among, with_timing=with_timing)
            )
        )
        return dict(cursor.fetchall())


def read_counts(counts: Mapping[int, int]) -> Reach:
    """Turn counts by code into a reach."""
    allowed: dict[Ground, int] = {}
    refused: dict[Refusal, int] = {}
    for code, count in counts.items():
        _allowed, outcome = decode(code)
        if isinstance(outcome, Ground):
            allowed[outcome] = count
        else:
            refused[outcome] = count
    return Reach(allowed, refused)


def _medium(message: Message) -> Medium:
    return MEDIUM_OF[Channel(message.channel)]


def _listed(also: Mapping[str, Composable]) -> Composable:
    return SQL("").join(SQL(", {}").format(Identifier(name)) for name in also)


def _judged(
    message: Message,
    at: datetime,
    only: Composable | None,
    among: Composable | None,
    also: Mapping[str, Composable],
    purpose_id: int | None,
    *,
    with_timing: bool,
) -> Composed:
    rulebook = Rulebook(settings.PROSPECTING_RULEBOOK)
    if purpose_id is None:
        purpose_id = Purpose.objects.filter(slug=message.purpose).values_list("pk", flat=True).first()
    bound = law_rows.bound(message, purpose_id, at)
    read = columns_read(message, at=at, rulebook=rulebook, with_timing=with_timing)
    what = SQL(_ROWS).format(
        also=_listed(also),
        withheld=SQL(_WITHHELD).format(**bound),
        columns=law_rows.columns_sql(read, bound),
    )
    conditions = [condition for condition in (only, among) if condition is not None]
    rows = law_rows.select(
        what,
        read,
        medium=_medium(message),
        bound=bound,
        only=SQL(" AND ").join(conditions) if conditions else None,
        few=only is not None,
        also=also,
    )
    verdict, parameters = verdict_sql(
        {name: name for name in read}, message, at=at, rulebook=rulebook, with_timing=with_timing
    )
    return SQL(_JUDGED).format(
        verdict=SQL(verdict.replace("%s", "{}")).format(*map(Literal, parameters)),
        also=_listed(also),
        rows=rows,
        # Of a few, each column is worked out once; of everybody, only where the verdict comes to it, by all processes.
        once=SQL("OFFSET 0") if only is not None else SQL(""),
    )
