"""Whom a row brings: addresses in their one form, a name, a provenance, what happened and what was said."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from consent.vocabulary import Language


class Address(NamedTuple):
    """One address, and its key under every secret, the newest first."""

    medium: str
    address: str
    keys: tuple[UUID, ...]


class Word(NamedTuple):
    """Something said about consent: a consent with its proof, or an objection."""

    kind: str
    channel: str | None
    purpose_id: int | None
    at: datetime
    needs_confirmation: bool
    evidence: dict[str, Any]


class Dealing(NamedTuple):
    """A purchase, a contract or an interaction."""

    kind: str
    family: str
    at: datetime
    until: date | None = None
    reference: str = ""


@dataclass(slots=True)
class Arrival:
    """Somebody whom a row brings."""

    line: int
    addresses: list[Address]
    first_name: str = ""
    last_name: str = ""
    company: str = ""
    activity_id: int | None = None
    language: str = Language.FRENCH.value
    born_on: date | None = None
    collected_at: datetime | None = None
    place: str = ""
    partner: str = ""
    evidence: str = ""
    dealing: Dealing | None = None
    words: list[Word] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)


class Refusal(NamedTuple):
    """A row that does not come in, with its cells for whoever mends it."""

    line: int
    reason: str
    cells: Sequence[str]
