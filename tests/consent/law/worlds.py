"""Small worlds for the law: somebody on Tuesday 24 November 2026, ten in the morning, and what is said about them."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from consent.law import (
    Channel,
    Consent,
    Contract,
    Facts,
    InformationRequest,
    Message,
    Purchase,
    Recipient,
    RecipientKind,
    Rulebook,
    Source,
    SourceKind,
    may_contact,
)

PARIS = ZoneInfo("Europe/Paris")
LAW, ARTICLE = Rulebook.LAW, Rulebook.ARTICLE


def paris(year, month, day, hour=0, minute=0, second=0):
    return datetime(year, month, day, hour, minute, second, tzinfo=PARIS)


AT = paris(2026, 11, 24, 10)
LAST_YEAR = AT - timedelta(days=300)

INDIVIDUAL = Recipient(RecipientKind.INDIVIDUAL)
PROFESSIONAL = Recipient(RecipientKind.PROFESSIONAL, activity="bakery")
COMPANY = Recipient(RecipientKind.PROFESSIONAL, generic_address=True)
INFORMED = Source(SourceKind.FORM, LAST_YEAR, informed=True)
UNINFORMED = Source(SourceKind.FORM, LAST_YEAR, informed=False)


def facts(recipient=INDIVIDUAL, source=UNINFORMED, calls_last_30_days=0, **known):
    return Facts(recipient, source, calls_last_30_days=calls_last_30_days, **known)


def message(channel, families=("garden/tools",), activities=("bakery",), sector=None, purpose="offers"):
    return Message(Channel(channel), purpose, frozenset(families), frozenset(activities), sector)


def consent(channel, given_at=LAST_YEAR, purpose="offers", **known):
    """A consent on a web form, complete and confirmed at once."""
    return Consent(
        purpose, Channel(channel), given_at, **{"confirmed_at": given_at, "mentions_complete": True, **known}
    )


def purchase(family="garden", at=LAST_YEAR):
    return Purchase(family, at)


def contract(first_day=date(2026, 1, 1), last_day=None, families=("garden",)):
    return Contract(first_day, last_day, frozenset(families))


def request(at=AT - timedelta(days=1), families=("garden",)):
    return InformationRequest(at, frozenset(families))


def outcome(known, channel, at=AT, rulebook=LAW, **about):
    """The ground or the reason."""
    return may_contact(known, message(channel, **about), at=at, rulebook=rulebook).outcome


def with_consent(known, **changes):
    """The same facts with every consent changed."""
    return replace(known, consents=tuple(replace(each, **changes) for each in known.consents))
