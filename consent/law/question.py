"""Reads one question, as JSON gives it, into facts and a message. Whatever cannot be read is named by its field."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache, partial
from typing import Any, TypeVar
from zoneinfo import available_timezones

from consent.law.days import FIRST_YEAR, LAST_YEAR, ONE_DAY, PARIS, PARIS_NAME, paris_day, start_of_day
from consent.law.facts import (
    Consent,
    Contract,
    Facts,
    InformationRequest,
    Message,
    Objection,
    Purchase,
    Recipient,
    Slot,
    Source,
)
from consent.law.requirements import CALLS
from consent.law.words import Channel, RecipientKind, Rulebook, SourceKind

Value = TypeVar("Value")
Word = TypeVar("Word", bound=StrEnum)


class BadQuestion(ValueError):
    """A question that cannot be answered, because of one field."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")


@dataclass(frozen=True, slots=True)
class Question:
    """May we send this message to this contact at that moment, by that rulebook?"""

    facts: Facts
    message: Message
    at: datetime
    rulebook: Rulebook


def read_question(asked: Mapping[str, Any], *, default_rulebook: Rulebook) -> Question:
    """Turn the JSON object into a question. Null is the same as absent: unknown, and never in favour of sending.

    A time without an offset is a time in Paris. A day without a time is that day's first instant, except for what
    stops (objections, withdrawals, lapses), which may have come as late as its last.
    """
    fields = _Fields(asked)
    at = fields.needed("at", fields.moment("at"))
    if not FIRST_YEAR <= at.year < LAST_YEAR:
        raise BadQuestion("at", f"not between the years {FIRST_YEAR} and {LAST_YEAR}")
    message, recipient = fields.child("message"), fields.child("recipient")
    channel = fields.needed("channel", fields.word("channel", Channel))
    kind = recipient.needed("kind", recipient.word("kind", RecipientKind))
    rulebook = fields.word("rulebook", Rulebook) or default_rulebook
    calls = fields.count("calls_last_30_days")
    if rulebook is Rulebook.LAW and channel in CALLS and kind is RecipientKind.INDIVIDUAL:
        calls = fields.needed("calls_last_30_days", calls)
    facts = Facts(
        recipient=Recipient(
            kind=kind,
            activity=recipient.text("activity"),
            generic_address=recipient.flag("generic_address", default=False),
            born_on=recipient.day("born_on"),
            time_zone=recipient.time_zone("time_zone"),
        ),
        source=_source(fields),
        consents=tuple(_consent(consent, at) for consent in fields.children("consents")),
        objections=tuple(
            Objection(each.word("channel", Channel), each.text("purpose"), each.moment("at", latest=at))
            for each in fields.children("objections")
        ),
        last_interaction_at=fields.moment("last_interaction_at"),
        purchases=tuple(
            Purchase(each.text("family") or "", bought_at)
            for each in fields.children("purchases")
            if (bought_at := each.moment("at")) is not None
        ),
        contracts=tuple(_contracts(fields)),
        requests=tuple(_requests(fields)),
        agreed_slots=tuple(_slots(fields)),
        calls_last_30_days=calls,
    )
    about = Message(
        channel=channel,
        purpose=message.needed("purpose", message.text("purpose")),
        families=message.families(),
        activities=message.texts("activities"),
        sector=message.text("sector"),
    )
    return Question(facts, about, at, rulebook)


def _source(fields: "_Fields") -> Source:
    fields.needed("source", fields.values.get("source"))
    source = fields.child("source")
    return Source(
        kind=source.word("kind", SourceKind) or SourceKind.UNKNOWN,
        collected_at=source.moment("collected_at"),
        informed=source.flag("informed", default=False),
    )


def _consent(fields: "_Fields", at: datetime) -> Consent:
    return Consent(
        purpose=fields.text("purpose"),
        channel=fields.word("channel", Channel),
        given_at=fields.moment("given_at"),
        confirmed_at=fields.moment("confirmed_at"),
        withdrawn_at=fields.moment("withdrawn_at", latest=at),
        lapsed_at=fields.moment("lapsed_at", latest=at),
        needs_confirmation=fields.flag("needs_confirmation", default=True),
        mentions_complete=fields.flag("mentions_complete", default=False),
    )


def _contracts(fields: "_Fields") -> Iterator[Contract]:
    """Yield the contract if its days are known: only a last day that is said to be null makes it open-ended."""
    contract = fields.child("contract")
    first_day, last_day = contract.day("from"), contract.day("until")
    if first_day is not None and "until" in contract:
        yield Contract(first_day, last_day, contract.families())


def _requests(fields: "_Fields") -> Iterator[InformationRequest]:
    request = fields.child("request")
    at = request.moment("at")
    if at is not None:
        yield InformationRequest(at, request.families())


def _slots(fields: "_Fields") -> Iterator[Slot]:
    slot = fields.child("agreed_slot")
    start, end = slot.moment("from"), slot.moment("until")
    if start is not None and end is not None:
        yield Slot(start, end)


class _Fields:
    """The fields of one JSON object, each read as what it must be."""

    __slots__ = ("path", "values")

    def __init__(self, values: Mapping[str, Any], path: str = "") -> None:
        self.values = values
        self.path = path

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def _value(self, name: str, expected: type, article_and_type: str) -> Any:
        value = self.values.get(name)
        if value is None:
            return None
        if not isinstance(value, expected) or (expected is int and isinstance(value, bool)):
            raise self.bad(name, f"not {article_and_type}")
        return value

    def bad(self, name: str, problem: str) -> BadQuestion:
        return BadQuestion(f"{self.path}{name}", problem)

    def needed(self, name: str, value: Value | None) -> Value:
        """Return the value of a field that nobody may leave out."""
        if value is None:
            raise self.bad(name, "required")
        return value

    def text(self, name: str) -> str | None:
        return self._value(name, str, "a string") or None

    def word(self, name: str, words: type[Word]) -> Word | None:
        value = self._value(name, str, "a string")
        if value is None:
            return None
        try:
            return words(value)
        except ValueError:
            raise self.bad(name, f"{value!r} is not one of {', '.join(words)}") from None

    def flag(self, name: str, *, default: bool) -> bool:
        value = self._value(name, bool, "true or false")
        return default if value is None else bool(value)

    def count(self, name: str) -> int | None:
        value: int | None = self._value(name, int, "a whole number")
        if value is not None and value < 0:
            raise self.bad(name, "below zero")
        return value

    def time_zone(self, name: str) -> str:
        value = self.text(name) or PARIS_NAME
        if value not in _time_zones():
            raise self.bad(name, f"{value!r} is no IANA time zone")
        return value

    def moment(self, name: str, *, latest: datetime | None = None) -> datetime | None:
        """Read a moment. With `latest`, a day stands for its last instant, or for `latest` if that comes first."""
        return self._when(name, partial(_moment, latest=latest))

    def day(self, name: str) -> date | None:
        """Read a day; of a moment, its day in Paris."""
        return self._when(name, _day)

    def _when(self, name: str, read: Callable[[date | datetime], Value]) -> Value | None:
        value = self._value(name, str, "a string")
        if value is None:
            return None
        try:
            return read(_date_or_moment(value))
        except (ValueError, OverflowError):
            raise self.bad(name, f"{value!r} is no date or time in ISO 8601") from None

    def texts(self, name: str) -> frozenset[str]:
        values = self._value(name, list, "a list") or ()
        if not all(isinstance(value, str) for value in values):
            raise self.bad(name, "not a list of strings")
        return frozenset(value for value in values if value)

    def families(self) -> frozenset[str]:
        return frozenset(path for family in self.texts("families") if (path := family.strip("/")))

    def child(self, name: str) -> "_Fields":
        """Return the fields of an object; of one that is absent, no fields."""
        value = self._value(name, dict, "an object")
        return _Fields(value or {}, f"{self.path}{name}.")

    def children(self, name: str) -> Iterator["_Fields"]:
        values = self._value(name, list, "a list") or ()
        for place, value in enumerate(values):
            if not isinstance(value, dict):
                raise self.bad(f"{name}[{place}]", "not an object")
            yield _Fields(value, f"{self.path}{name}[{place}].")


def _date_or_moment(text: str) -> date | datetime:
    if len(text) <= 10:
        return date.fromisoformat(text)
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=PARIS)).astimezone(UTC)


def _moment(when: date | datetime, *, latest: datetime | None) -> datetime:
    if isinstance(when, datetime):
        return when
    start = start_of_day(when)
    if latest is None or start > latest:
        return start
    return min(start_of_day(when + ONE_DAY) - timedelta(microseconds=1), latest)


def _day(when: date | datetime) -> date:
    return paris_day(when) if isinstance(when, datetime) else when


@lru_cache(maxsize=1)
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones())
