"""What the law needs to know about one contact and one message. Unknown is never in favour of sending."""

from dataclasses import dataclass
from datetime import date, datetime

from consent.law.days import PARIS_NAME
from consent.law.words import Channel, RecipientKind, SourceKind


@dataclass(frozen=True, slots=True)
class Message:
    """What is to be sent: channel, purpose, and what it is about."""

    channel: Channel
    purpose: str
    families: frozenset[str] = frozenset()
    activities: frozenset[str] = frozenset()
    sector: str | None = None


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who would receive it. Somebody whose birth date is unknown is an adult."""

    kind: RecipientKind
    activity: str | None = None
    generic_address: bool = False
    born_on: date | None = None
    time_zone: str = PARIS_NAME


@dataclass(frozen=True, slots=True)
class Source:
    """Where the contact detail comes from, since when, and whether the person was informed and free to refuse."""

    kind: SourceKind = SourceKind.UNKNOWN
    collected_at: datetime | None = None
    informed: bool = False


@dataclass(frozen=True, slots=True)
class Consent:
    """One consent and what became of it. Where purpose or channel is unknown, only its withdrawal and lapse count."""

    purpose: str | None
    channel: Channel | None
    given_at: datetime | None = None
    confirmed_at: datetime | None = None
    withdrawn_at: datetime | None = None
    lapsed_at: datetime | None = None
    needs_confirmation: bool = True
    mentions_complete: bool = False


@dataclass(frozen=True, slots=True)
class Objection:
    """A "stop" of the person, on one channel or all, for one purpose or all. Undated, it stands for ever."""

    channel: Channel | None = None
    purpose: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Purchase:
    """One transaction in one product family."""

    family: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract, first and last day included; without a last day it is open-ended."""

    first_day: date
    last_day: date | None
    families: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class InformationRequest:
    """The person asked for information about some families and has not been called back yet."""

    at: datetime
    families: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Slot:
    """A precise time at which the person explicitly agreed to be called: start included, end not."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything known about one contact detail and the person behind it."""

    recipient: Recipient
    source: Source
    consents: tuple[Consent, ...] = ()
    objections: tuple[Objection, ...] = ()
    last_interaction_at: datetime | None = None
    purchases: tuple[Purchase, ...] = ()
    contracts: tuple[Contract, ...] = ()
    requests: tuple[InformationRequest, ...] = ()
    agreed_slots: tuple[Slot, ...] = ()
    calls_last_30_days: int | None = None
