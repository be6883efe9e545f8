"""Each requirement of the law, written once, as a condition on the row of one contact."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from consent.law import days, rulebooks
from consent.law.expressions import (
    ALWAYS,
    NEVER,
    After,
    Among,
    AtLeast,
    Below,
    Expression,
    IsFalse,
    IsTrue,
    Known,
    Missing,
    Not,
    NotBefore,
    either,
    every,
)
from consent.law.facts import Message
from consent.law.hours import HOURS, OnHoliday, WithinHours
from consent.law.row import AT
from consent.law.words import Channel, Column, RecipientKind, Requirement, SourceKind


@dataclass(frozen=True, slots=True)
class Bounds:
    """Every bound of one day, worked out once: a fact on the bound or after it is within it."""

    day: date
    retention: datetime
    contract_retention: date
    purchase: datetime
    phone_consent: datetime
    request: datetime
    latest_birth: date


@lru_cache(maxsize=4096)
def bounds_of(day: date) -> Bounds:
    """Work out the bounds of one day. Every bound is refused from its anniversary on."""
    retention = days.first_day_within(rulebooks.RETENTION_YEARS, day)
    return Bounds(
        day=day,
        retention=days.start_of_day(retention),
        contract_retention=retention,
        purchase=days.start_of_day(days.first_day_within(rulebooks.CUSTOMER_YEARS, day)),
        phone_consent=days.start_of_day(day - timedelta(days=rulebooks.PHONE_CONSENT_DAYS - 1)),
        request=days.start_of_day(days.first_day_within_working_days(rulebooks.CALL_BACK_WORKING_DAYS, day)),
        latest_birth=days.last_birthday_of_age(rulebooks.MAJORITY_FOR_DATA, day),
    )


# Whoever is not known to be a professional is an individual.
PROFESSIONAL = Among("kind", frozenset({RecipientKind.PROFESSIONAL}))
GENERIC_ADDRESS = IsTrue("generic_address")
INFORMED = IsTrue("informed")


# ---- Consent ----

NEEDS_CONFIRMATION = Not(IsFalse("needs_confirmation"))


def _left_behind(stop: str) -> Expression:
    """The consent was made, or confirmed where it needs that, strictly after this stop; or there was no stop."""
    return either(Missing(stop), After("given_at", stop), every(NEEDS_CONFIRMATION, After("confirmed_at", stop)))


# The consent exists: neither withdrawn nor objected to since, and no lapse since it was given.
GIVEN = every(
    Known("given_at"),
    _left_behind("withdrawn_at"),
    _left_behind("objected_at"),
    either(Missing("lapsed_at"), After("given_at", "lapsed_at")),
)
CONFIRMED = either(IsFalse("needs_confirmation"), NotBefore("confirmed_at", "given_at"))
COMPLETE = IsTrue("mentions_complete")
CONSENT = every(GIVEN, CONFIRMED)


def recent(bounds: Bounds) -> Expression:
    """The consent is young enough for a call."""
    return AtLeast("given_at", bounds.phone_consent)


def phone_consent(bounds: Bounds) -> Expression:
    return every(CONSENT, COMPLETE, recent(bounds))


# ---- Refusals 1 to 6 ----

# Lifted only by a consent that the person confirmed strictly afterwards, and has not withdrawn since.
_LIFTED = every(
    After("reconfirmed_at", "objected_at"),
    either(Missing("withdrawn_at"), After("reconfirmed_at", "withdrawn_at")),
)
OBJECTED = every(Known("objected_at"), Not(_LIFTED))
WITHDRAWN = every(Known("withdrawn_at"), Not(After("said_yes_at", "withdrawn_at")))
SOURCE_FORBIDDEN = Among("source_kind", frozenset({SourceKind.PUBLIC_WEB}))
SOURCE_UNKNOWN = either(
    Not(Among("source_kind", frozenset(SourceKind) - {SourceKind.UNKNOWN})), Not(NotBefore(AT, "collected_at"))
)


def retention_expired(bounds: Bounds) -> Expression:
    """Three years of silence; a contract in progress ends later than any bound."""
    return Not(either(AtLeast("active_at", bounds.retention), AtLeast("contract_until", bounds.contract_retention)))


def minor(bounds: Bounds) -> Expression:
    return every(Known("born_on"), Not(Below("born_on", bounds.latest_birth + days.ONE_DAY)))


def sector_banned(message: Message, bounds: Bounds) -> Expression:
    if message.sector not in rulebooks.BANNED_SECTORS or message.channel not in rulebooks.BANNED_SECTOR_CHANNELS:
        return NEVER
    return every(Not(PROFESSIONAL), Not(contract(bounds)))


# ---- The other grounds ----


def contract(bounds: Bounds) -> Expression:
    return AtLeast("covering_contract_until", bounds.day)


def request(bounds: Bounds) -> Expression:
    return AtLeast("covering_request_at", bounds.request)


COLLECTED_FROM_THE_PERSON = Among(
    "source_kind",
    frozenset(
        {
            SourceKind.FORM,
            SourceKind.SALE,
            SourceKind.IN_PERSON,
            SourceKind.PHONE,
            SourceKind.PAPER,
            SourceKind.EVENT,
        }
    ),
)


def bought_lately(bounds: Bounds) -> Expression:
    """The latest transaction in a covering family is young enough."""
    return AtLeast("last_covering_purchase_at", bounds.purchase)


def customer_but_for_information(bounds: Bounds) -> Expression:
    return every(COLLECTED_FROM_THE_PERSON, bought_lately(bounds))


def related(message: Message) -> Expression:
    """The professional's activity is one of the message's."""
    return Among("activity", message.activities) if message.activities else NEVER


def ground(requirement: Requirement, message: Message, bounds: Bounds) -> Expression:
    """Return what makes one requirement of a cell hold."""
    match requirement:
        case Requirement.CONSENT:
            return CONSENT
        case Requirement.PHONE_CONSENT:
            return phone_consent(bounds)
        case Requirement.CONTRACT:
            return contract(bounds)
        case Requirement.REQUEST:
            return request(bounds)
        case Requirement.CUSTOMER:
            return every(customer_but_for_information(bounds), INFORMED)
        case Requirement.PROFESSIONAL:
            return every(related(message), INFORMED)
        case Requirement.COMPANY:
            # An allowed source and no objection: whoever gets this far has both.
            return ALWAYS
        case Requirement.INFORMATION:
            return INFORMED


# ---- Refusal 8: when rather than whether ----

CALLS = frozenset({Channel.PHONE, Channel.AUTOMATED_CALL})


def outside_hours(channel: Channel, column: Column) -> Expression:
    """The hours of this channel are over, or it is a public holiday, on which not even an agreed slot opens."""
    if channel not in HOURS or (channel in CALLS and column is not Column.INDIVIDUAL):
        return NEVER
    within = WithinHours(HOURS[channel])
    if channel in CALLS:
        return Not(either(within, every(IsTrue("in_agreed_slot"), Not(OnHoliday()))))
    return Not(within)


def too_many_calls(channel: Channel, column: Column) -> Expression:
    """Unknown counts as too many."""
    if channel not in CALLS or column is not Column.INDIVIDUAL:
        return NEVER
    return Not(Below("calls_last_30_days", rulebooks.MOST_CALLS))
