"""Random contacts, messages and moments, crowded around the bounds of the law."""

from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

from hypothesis import strategies as st

from consent.law import (
    Channel,
    Consent,
    Contract,
    Facts,
    InformationRequest,
    Message,
    Objection,
    Purchase,
    Recipient,
    RecipientKind,
    Rulebook,
    Slot,
    Source,
    SourceKind,
)
from consent.law.row import Row
from tests.consent.law.worlds import paris

# A working day, a Saturday, a holiday, the eve and the day of the reform, the end of February.
MOMENTS = (
    paris(2026, 11, 24, 10),
    paris(2026, 11, 24, 13, 30),
    paris(2026, 11, 28, 12),
    paris(2026, 11, 11, 12),
    paris(2026, 8, 10, 19, 59, 59),
    paris(2026, 8, 11),
    paris(2027, 2, 27, 23, 59, 59),
    paris(2027, 2, 28, 10),
)
AGES = tuple(
    timedelta(days=days, seconds=seconds)
    for days in (0, 1, 6, 8, 30, 364, 365, 1094, 1095, 1461)
    for seconds in (-1, 0, 1, 43_200)
)
FAMILIES = ("garden", "garden/tools", "kitchen")
ACTIVITIES = ("bakery", "smithy")
PURPOSES = ("offers", "news")
NOTHING = st.none()
ZONES = ("Europe/Paris", "Indian/Reunion", "America/Martinique", "Pacific/Noumea")

at_times = st.sampled_from([moment.astimezone(UTC) for moment in MOMENTS])
rulebooks = st.sampled_from(Rulebook)
messages = st.builds(
    Message,
    st.sampled_from([*Channel, Channel.PHONE, Channel.PHONE, Channel.AUTOMATED_CALL]),
    st.just("offers"),
    st.frozensets(st.sampled_from(FAMILIES), max_size=2),
    st.frozensets(st.sampled_from(ACTIVITIES), max_size=2),
    st.sampled_from([None, None, "home_adaptation", "books"]),
)


def moments(at: datetime) -> st.SearchStrategy[datetime]:
    return st.sampled_from([at - age for age in AGES] + [at + timedelta(seconds=1)])


def days(at: datetime) -> st.SearchStrategy[date]:
    return moments(at).map(datetime.date)


def seldom(strategy: st.SearchStrategy[Any], otherwise: st.SearchStrategy[Any] = NOTHING) -> st.SearchStrategy[Any]:
    """Once in six, so that refusals do not hide one another."""
    return st.integers(0, 5).flatmap(lambda draw: strategy if draw == 5 else otherwise)


def contacts(at: datetime, channel: Channel) -> st.SearchStrategy[Facts]:
    """Contacts that mostly have something to do with the channel and purpose asked about."""
    when = moments(at)
    lately = st.sampled_from([at - timedelta(days=20), at - timedelta(days=5)])
    channels = seldom(st.none() | st.sampled_from(Channel), st.just(channel))
    purposes = seldom(st.none() | st.sampled_from(PURPOSES), st.just("offers"))
    consents = st.builds(
        Consent,
        purposes,
        channels,
        given_at=seldom(st.none() | when, lately | when),
        confirmed_at=st.none() | when,
        withdrawn_at=seldom(when),
        lapsed_at=seldom(when),
        needs_confirmation=st.booleans(),
        mentions_complete=st.booleans(),
    )
    birthdays = st.sampled_from([date(1980, 1, 1), date(2011, 11, 24), date(2011, 11, 25), date(2012, 2, 29)])
    families = st.frozensets(st.sampled_from(FAMILIES), max_size=2)
    hour = timedelta(hours=1)
    return st.builds(
        Facts,
        st.builds(
            Recipient,
            st.sampled_from(RecipientKind),
            st.none() | st.sampled_from(ACTIVITIES),
            st.booleans(),
            seldom(birthdays),
            st.sampled_from(ZONES),
        ),
        st.builds(
            Source,
            seldom(st.sampled_from(SourceKind), st.just(SourceKind.FORM)),
            seldom(st.none() | when, lately | when),
            st.booleans(),
        ),
        st.lists(consents, max_size=3).map(tuple),
        st.lists(seldom(st.builds(Objection, channels, purposes, when | st.none())), max_size=2).map(_known),
        seldom(when),
        st.lists(st.builds(Purchase, st.sampled_from(FAMILIES), when), max_size=2).map(tuple),
        st.lists(seldom(st.builds(Contract, days(at), st.none() | days(at), families)), max_size=2).map(_known),
        st.lists(seldom(st.builds(InformationRequest, when, families)), max_size=2).map(_known),
        st.lists(st.builds(Slot, st.just(at - hour), st.just(at + hour)), max_size=1).map(tuple),
        st.none() | st.integers(0, 5),
    )


def _known(some: list[Any]) -> tuple[Any, ...]:
    return tuple(each for each in some if each is not None)


# The plain type of each column, whether or not it may be unknown.
COLUMN_TYPES = {column.name: (get_args(column.type) or (column.type,))[0] for column in fields(Row)}


def rows_of(at: datetime) -> st.SearchStrategy[Row]:
    """Rows that no facts might make: every column anything, or unknown."""
    words: dict[str, Any] = {
        "kind": RecipientKind,
        "activity": ACTIVITIES,
        "time_zone": ZONES,
        "source_kind": SourceKind,
    }
    by_type = {datetime: moments(at), bool: st.booleans(), date: days(at) | st.just(date.max), int: st.integers(0, 5)}
    columns = {
        name: st.none() | (st.sampled_from(words[name]) if kind is str else by_type[kind])
        for name, kind in COLUMN_TYPES.items()
    }
    return st.builds(Row, **(columns | {"at": st.just(at)}))
