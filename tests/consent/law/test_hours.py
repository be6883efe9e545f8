"""Refusal 8: when rather than whether."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.law import Channel, Facts, Ground, Reason, Slot, may_contact
from consent.law.days import public_holidays
from consent.law.hours import CALL_HOURS, TEXT_HOURS, is_open, next_opening
from tests.consent.law.worlds import (
    ARTICLE,
    AT,
    COMPANY,
    INDIVIDUAL,
    INFORMED,
    LAW,
    PROFESSIONAL,
    consent,
    contract,
    facts,
    message,
    outcome,
    paris,
    request,
)

CALLS, TEXTS = ("phone", "automated_call"), ("sms", "mms")
AGREED = facts(source=INFORMED, consents=tuple(consent(channel) for channel in Channel))


def asked(channel, at, known=AGREED, **about):
    return may_contact(known, message(channel), at=at, **about)


def living_in(zone):
    return replace(AGREED, recipient=replace(INDIVIDUAL, time_zone=zone))


@pytest.mark.parametrize("channel", CALLS)
@pytest.mark.parametrize(
    ("hour", "minute", "second", "allowed"),
    [
        (9, 59, 59, False),
        (10, 0, 0, True),
        (12, 59, 59, True),
        (13, 0, 0, False),
        (13, 59, 59, False),
        (14, 0, 0, True),
        (19, 59, 59, True),
        (20, 0, 0, False),
        (0, 0, 0, False),
    ],
)
def test_calls_from_10_to_13_and_from_14_to_20(channel, hour, minute, second, allowed):
    verdict = asked(channel, paris(2026, 11, 24, hour, minute, second))
    assert verdict.allowed is allowed
    assert verdict.reason is (None if allowed else Reason.OUTSIDE_HOURS)


@pytest.mark.parametrize("channel", TEXTS)
@pytest.mark.parametrize(
    ("hour", "minute", "second", "allowed"),
    [(7, 59, 59, False), (8, 0, 0, True), (13, 30, 0, True), (19, 59, 59, True), (20, 0, 0, False)],
)
def test_texts_from_8_to_20(channel, hour, minute, second, allowed):
    assert asked(channel, paris(2026, 11, 24, hour, minute, second)).allowed is allowed


@pytest.mark.parametrize(
    ("channel", "days"), [*((channel, 5) for channel in CALLS), *((channel, 6) for channel in TEXTS)]
)
def test_calls_from_monday_to_friday_and_texts_on_saturdays_too(channel, days):
    week = [asked(channel, paris(2026, 11, 23 + day, 11)).allowed for day in range(7)]
    assert week == [True] * days + [False] * (7 - days)


@pytest.mark.parametrize("channel", ["email", "post", "fax", "bluetooth"])
def test_other_channels_know_no_hours(channel):
    assert asked(channel, paris(2026, 11, 22, 3)).allowed  # a Sunday night
    assert asked(channel, paris(2026, 11, 11, 3)).allowed


HOLIDAYS_OF_2026 = [(1, 1), (4, 6), (5, 1), (5, 8), (5, 14), (5, 25), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)]


def test_there_are_eleven_national_holidays():
    assert public_holidays(2026) == {date(2026, month, day) for month, day in HOLIDAYS_OF_2026}


@pytest.mark.parametrize(("month", "day"), HOLIDAYS_OF_2026)
@pytest.mark.parametrize("channel", CALLS + TEXTS)
def test_never_on_a_public_holiday(channel, month, day):
    long_known = replace(INFORMED, collected_at=paris(2025, 6, 1))
    known = facts(source=long_known, consents=(consent(channel, paris(2025, 12, 30)),))
    assert asked(channel, paris(2026, month, day, 11), known).reason is Reason.OUTSIDE_HOURS


@pytest.mark.parametrize(("month", "day"), [(4, 3), (12, 26)])
def test_the_holidays_of_alsace_moselle_are_working_days_here(month, day):
    assert is_open(TEXT_HOURS, paris(2026, month, day, 11), None)  # Good Friday, Boxing Day (a Saturday)


@pytest.mark.parametrize("recipient", [PROFESSIONAL, COMPANY])
def test_professionals_may_be_called_at_any_hour_but_not_texted(recipient):
    known = replace(AGREED, recipient=recipient)
    night = paris(2026, 11, 22, 3)
    assert all(asked(channel, night, known).allowed for channel in CALLS)
    assert all(asked(channel, night, known).reason is Reason.OUTSIDE_HOURS for channel in TEXTS)


@pytest.mark.parametrize("channel", CALLS + TEXTS)
def test_the_article_knows_no_hours(channel):
    assert asked(channel, paris(2026, 11, 22, 3), rulebook=ARTICLE).allowed


def test_the_hours_hold_at_any_date():
    known = facts(source=replace(INFORMED, collected_at=paris(2020, 1, 1)))
    assert outcome(known, "phone", paris(2022, 3, 7, 10)) is Ground.INFORMATION  # a Monday, before the reform
    assert outcome(known, "phone", paris(2022, 3, 7, 9)) is Reason.OUTSIDE_HOURS
    assert outcome(replace(known, calls_last_30_days=4), "phone", paris(2022, 3, 7, 10)) is Reason.TOO_MANY_CALLS


# ---- Where the person is ----


@pytest.mark.parametrize(
    ("zone", "at", "allowed"),
    [
        ("Indian/Reunion", paris(2026, 11, 24, 6, 59), False),
        ("Indian/Reunion", paris(2026, 11, 24, 7), True),  # 10:00 there
        ("Indian/Reunion", paris(2026, 11, 24, 10), False),  # 13:00 there
        ("Indian/Reunion", paris(2026, 9, 15, 8), True),  # 10:00 there, when Paris is in summer time
        ("Indian/Reunion", paris(2026, 9, 15, 7), False),
        ("America/Martinique", paris(2026, 11, 24, 10), False),  # 5:00 there
        ("America/Martinique", paris(2026, 11, 24, 15), True),  # 10:00 there
        ("Pacific/Noumea", paris(2026, 11, 24, 0), True),  # 10:00 there
        ("Pacific/Noumea", paris(2026, 11, 21, 0), False),  # Saturday there
    ],
)
def test_the_hours_are_those_of_the_persons_time_zone(zone, at, allowed):
    known = replace(living_in(zone), consents=(consent("phone", paris(2026, 9, 1)),))
    assert asked("phone", at, known).allowed is allowed


def test_a_holiday_is_one_where_the_person_is():
    # Already 11 November in Nouméa, still the 10th in Paris, and the other way round in Papeete.
    assert not asked("phone", paris(2026, 11, 10, 14), living_in("Pacific/Noumea")).allowed
    assert not is_open(TEXT_HOURS, paris(2026, 11, 11, 5), "Pacific/Noumea")
    assert is_open(TEXT_HOURS, paris(2026, 11, 12, 1), "Pacific/Noumea")
    assert not is_open(TEXT_HOURS, paris(2026, 11, 12, 1), "Pacific/Tahiti")
    assert is_open(TEXT_HOURS, paris(2026, 11, 11, 5), "Pacific/Tahiti")


# ---- Agreed slots ----


def with_slot(start, end):
    return replace(AGREED, agreed_slots=(Slot(start, end),))


@pytest.mark.parametrize("channel", CALLS)
def test_an_agreed_slot_opens_the_hours_from_its_start_until_before_its_end(channel):
    known = with_slot(paris(2026, 11, 22, 20), paris(2026, 11, 22, 21))  # a Sunday evening
    for at, allowed in (
        (paris(2026, 11, 22, 19, 59, 59), False),
        (paris(2026, 11, 22, 20), True),
        (paris(2026, 11, 22, 20, 59, 59), True),
        (paris(2026, 11, 22, 21), False),
    ):
        assert asked(channel, at, known).allowed is allowed


def test_an_agreed_slot_opens_no_public_holiday():
    known = with_slot(paris(2026, 11, 11, 10), paris(2026, 11, 11, 20))
    assert asked("phone", paris(2026, 11, 11, 10), known).reason is Reason.OUTSIDE_HOURS


@pytest.mark.parametrize("channel", TEXTS)
def test_an_agreed_slot_is_for_calls(channel):
    known = with_slot(paris(2026, 11, 22, 20), paris(2026, 11, 22, 21))
    assert asked(channel, paris(2026, 11, 22, 20), known).reason is Reason.OUTSIDE_HOURS


def test_an_agreed_slot_gives_no_ground_and_no_further_call():
    slots = (Slot(paris(2026, 11, 22, 20), paris(2026, 11, 22, 21)),)
    at = paris(2026, 11, 22, 20)
    assert outcome(facts(source=INFORMED, agreed_slots=slots), "phone", at) is Reason.NO_CONSENT
    called = replace(AGREED, agreed_slots=slots, calls_last_30_days=4)
    assert outcome(called, "phone", at) is Reason.TOO_MANY_CALLS


# ---- The next allowed moment ----


@pytest.mark.parametrize(
    ("channel", "at", "expected"),
    [
        ("phone", paris(2026, 11, 24, 9), paris(2026, 11, 24, 10)),
        ("phone", paris(2026, 11, 24, 13), paris(2026, 11, 24, 14)),
        ("phone", paris(2026, 11, 24, 20), paris(2026, 11, 25, 10)),
        ("phone", paris(2026, 11, 27, 20), paris(2026, 11, 30, 10)),  # Friday evening
        ("phone", paris(2026, 11, 10, 20), paris(2026, 11, 12, 10)),  # over Armistice Day
        ("sms", paris(2026, 11, 10, 20), paris(2026, 11, 12, 8)),
        ("sms", paris(2026, 11, 27, 20), paris(2026, 11, 28, 8)),
        ("sms", paris(2026, 11, 28, 20), paris(2026, 11, 30, 8)),
        ("phone", paris(2026, 12, 24, 20), paris(2026, 12, 28, 10)),
        # Over the change to winter time (25 October 2026) and to summer time (28 March 2027).
        ("phone", paris(2026, 10, 23, 20), paris(2026, 10, 26, 10)),
        ("sms", paris(2026, 10, 24, 23), paris(2026, 10, 26, 8)),
        ("sms", paris(2027, 3, 27, 23), paris(2027, 3, 30, 8)),  # Easter Monday is the 29th
    ],
)
def test_the_next_allowed_moment(channel, at, expected):
    known = replace(AGREED, last_interaction_at=at, consents=(consent(channel, paris(2026, 9, 1)),))
    verdict = asked(channel, at.astimezone(UTC), known)
    assert verdict.reason is Reason.OUTSIDE_HOURS
    assert verdict.next_allowed_at == expected
    assert verdict.next_allowed_at.utcoffset() == expected.utcoffset()
    assert asked(channel, expected, known).allowed


def test_the_next_allowed_moment_is_told_in_the_persons_time():
    verdict = asked("phone", paris(2026, 11, 24, 21), living_in("Indian/Reunion"))
    assert verdict.next_allowed_at.isoformat() == "2026-11-25T10:00:00+04:00"


def test_an_agreed_slot_may_be_the_next_allowed_moment():
    known = with_slot(paris(2026, 11, 25, 8), paris(2026, 11, 25, 9))
    assert asked("phone", paris(2026, 11, 24, 21), known).next_allowed_at == paris(2026, 11, 25, 8)
    over = with_slot(paris(2026, 11, 24, 8), paris(2026, 11, 24, 9))
    assert asked("phone", paris(2026, 11, 24, 21), over).next_allowed_at == paris(2026, 11, 25, 10)
    on_a_holiday = with_slot(paris(2026, 11, 11, 8), paris(2026, 11, 11, 9))
    assert asked("phone", paris(2026, 11, 10, 21), on_a_holiday).next_allowed_at == paris(2026, 11, 12, 10)


def test_there_is_no_next_moment_once_the_ground_is_gone_by_then():
    known = facts(contracts=(contract(date(2026, 1, 1), date(2026, 11, 24)),), requests=())
    assert asked("phone", paris(2026, 11, 24, 13), known).next_allowed_at == paris(2026, 11, 24, 14)
    assert asked("phone", paris(2026, 11, 24, 20), known).next_allowed_at is None
    answered_in_time = facts(requests=(request(paris(2026, 11, 16, 9)),))
    assert asked("phone", paris(2026, 11, 23, 20), answered_in_time).next_allowed_at is None


def test_only_the_hour_has_a_next_moment():
    assert asked("phone", AT, replace(AGREED, calls_last_30_days=4)).next_allowed_at is None
    assert asked("phone", paris(2026, 11, 24, 21), Facts(INDIVIDUAL, INFORMED)).next_allowed_at is None


NAIVE_YEARS = datetime(2024, 1, 1), datetime(2032, 1, 1)  # noqa: DTZ001 - hypothesis adds the time zone
MOMENTS = st.datetimes(*NAIVE_YEARS, timezones=st.just(UTC))
ZONES = st.sampled_from(["Europe/Paris", "Indian/Reunion", "America/Cayenne", "Pacific/Tahiti", "America/Miquelon"])


@given(MOMENTS, ZONES, st.sampled_from([CALL_HOURS, TEXT_HOURS]))
def test_nothing_is_open_between_a_closed_moment_and_the_next_opening(at, zone, hours):
    opening = next_opening(hours, at, zone)
    assert at < opening < at + timedelta(days=6)
    assert is_open(hours, opening, zone)
    assert not is_open(hours, opening.astimezone(UTC) - timedelta(microseconds=1), zone)
    if not is_open(hours, at, zone):
        quarters = (opening.astimezone(UTC) - at) // timedelta(minutes=15)
        assert not any(is_open(hours, at + timedelta(minutes=15) * step, zone) for step in range(1, quarters))


# ---- How often ----


@pytest.mark.parametrize("channel", CALLS)
def test_four_calls_in_thirty_days_are_the_most(channel):
    for calls, allowed in ((0, True), (3, True), (4, False), (5, False), (None, False)):
        verdict = asked(channel, AT, replace(AGREED, calls_last_30_days=calls))
        assert verdict.allowed is allowed
        assert verdict.reason is (None if allowed else Reason.TOO_MANY_CALLS)
        assert asked(channel, AT, replace(AGREED, calls_last_30_days=calls), rulebook=ARTICLE).allowed
        professional = replace(AGREED, recipient=PROFESSIONAL, calls_last_30_days=calls)
        assert asked(channel, AT, professional).allowed


@pytest.mark.parametrize("channel", [c for c in Channel if c not in CALLS])
def test_the_number_of_calls_hinders_no_other_channel(channel):
    assert asked(channel, AT, replace(AGREED, calls_last_30_days=None)).allowed


def test_whether_can_be_asked_without_when():
    night = paris(2026, 11, 22, 3)
    called = replace(AGREED, calls_last_30_days=9)
    assert may_contact(called, message("phone"), at=night, with_timing=False).ground is Ground.CONSENT
    assert may_contact(called, message("phone"), at=night, rulebook=LAW).reason is Reason.OUTSIDE_HOURS
