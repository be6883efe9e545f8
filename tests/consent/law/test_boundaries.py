"""Each bound: the day before, the day, the instants around midnight in Paris, 29 February, the day a law changes."""

from dataclasses import replace
from datetime import UTC, date, timedelta

import pytest

from consent.law import Contract, Ground, Reason, Recipient, RecipientKind, Source, SourceKind, days, may_contact
from tests.consent.law.worlds import (
    ARTICLE,
    AT,
    INFORMED,
    LAW,
    PARIS,
    PROFESSIONAL,
    consent,
    contract,
    facts,
    message,
    outcome,
    paris,
    purchase,
    request,
)

SECOND = timedelta(seconds=1)


def collected(at):
    return facts(source=Source(SourceKind.FORM, at, informed=True))


# ---- Three years ----


@pytest.mark.parametrize("rulebook", [LAW, ARTICLE])
@pytest.mark.parametrize(
    ("last_sign", "last_day"),
    [
        (paris(2023, 11, 25, 9), date(2026, 11, 24)),
        (paris(2023, 11, 24, 0, 0, 0), date(2026, 11, 23)),
        (paris(2023, 11, 24, 23, 59, 59), date(2026, 11, 23)),
        (paris(2024, 2, 28, 12), date(2027, 2, 27)),
        (paris(2024, 2, 29, 12), date(2027, 2, 27)),
        (paris(2024, 3, 1, 12), date(2027, 2, 28)),
        (paris(2025, 2, 28, 12), date(2028, 2, 27)),
        (paris(2025, 3, 1, 12), date(2028, 2, 29)),
        # 1 July in Paris, still 30 June in London.
        (paris(2023, 7, 1, 0, 30), date(2026, 6, 30)),
    ],
)
def test_details_may_serve_until_the_eve_of_the_third_anniversary(last_sign, last_day, rulebook):
    first_refused = paris(*(last_day + days.ONE_DAY).timetuple()[:3])
    for known in (
        collected(last_sign),
        replace(collected(paris(2010, 1, 1)), last_interaction_at=last_sign),
        replace(collected(paris(2010, 1, 1)), purchases=(purchase("unrelated", last_sign),)),
        replace(
            collected(last_sign), last_interaction_at=paris(2010, 1, 1), purchases=(purchase(at=paris(2011, 1, 1)),)
        ),
    ):
        assert outcome(known, "post", first_refused - SECOND, rulebook) is Ground.INFORMATION
        assert outcome(known, "post", first_refused, rulebook) is Reason.RETENTION_EXPIRED
        assert outcome(known, "post", first_refused + timedelta(days=400), rulebook) is Reason.RETENTION_EXPIRED


def test_the_clock_stands_still_while_a_contract_runs():
    old = collected(paris(2010, 1, 1))
    open_ended = replace(old, contracts=(contract(date(2012, 1, 1), None, families=("unrelated",)),))
    assert outcome(open_ended, "post") is Ground.INFORMATION
    ends_today = replace(old, contracts=(contract(date(2012, 1, 1), AT.date()),))
    assert outcome(ends_today, "post") is Ground.INFORMATION


def test_the_clock_starts_again_at_the_end_of_the_contract():
    ended = replace(collected(paris(2010, 1, 1)), contracts=(contract(date(2012, 1, 1), date(2023, 11, 24)),))
    assert outcome(ended, "post", paris(2026, 11, 23, 23, 59, 59)) is Ground.INFORMATION
    assert outcome(ended, "post", paris(2026, 11, 24)) is Reason.RETENTION_EXPIRED


def test_a_contract_not_yet_begun_does_not_exist():
    later = replace(collected(paris(2010, 1, 1)), contracts=(contract(date(2026, 11, 25)),))
    assert outcome(later, "post") is Reason.RETENTION_EXPIRED


def test_an_interaction_still_to_come_does_not_move_the_clock():
    later = replace(collected(paris(2010, 1, 1)), last_interaction_at=AT + SECOND)
    assert outcome(later, "post") is Reason.RETENTION_EXPIRED
    assert outcome(replace(later, last_interaction_at=AT), "post") is Ground.INFORMATION


# ---- Customers ----


@pytest.mark.parametrize("rulebook", [LAW, ARTICLE])
def test_a_transaction_makes_a_customer_for_three_years_less_a_day(rulebook):
    bought = facts(source=INFORMED, purchases=(purchase(at=paris(2023, 11, 24, 23, 59)),))
    assert outcome(bought, "email", paris(2026, 11, 23, 23, 59, 59), rulebook) is Ground.CUSTOMER
    assert outcome(bought, "email", paris(2026, 11, 24), rulebook) is Reason.CUSTOMER_TOO_OLD


def test_a_transaction_of_29_february_serves_until_27_february():
    bought = facts(source=INFORMED, purchases=(purchase(at=paris(2024, 2, 29, 12)),))
    assert outcome(bought, "email", paris(2027, 2, 27, 23, 59, 59)) is Ground.CUSTOMER
    assert outcome(bought, "email", paris(2027, 2, 28)) is Reason.CUSTOMER_TOO_OLD


# ---- Phone consents ----


@pytest.mark.parametrize("given_at", [paris(2026, 9, 1), paris(2026, 9, 1, 12), paris(2026, 9, 1, 23, 59, 59)])
@pytest.mark.parametrize("channel", ["phone", "automated_call"])
def test_a_phone_consent_serves_on_its_364th_day_and_not_on_its_365th(given_at, channel):
    agreed = facts(consents=(consent(channel, given_at),))
    assert outcome(agreed, channel, paris(2027, 8, 31, 10)) is Ground.CONSENT
    assert outcome(agreed, channel, paris(2027, 9, 1, 10)) is Reason.CONSENT_EXPIRED


def test_the_age_of_a_phone_consent_counts_from_the_day_it_was_given_not_confirmed():
    agreed = facts(consents=(consent("phone", paris(2026, 9, 1, 12), confirmed_at=paris(2026, 9, 7, 12)),))
    assert outcome(agreed, "phone", paris(2027, 8, 31, 10)) is Ground.CONSENT
    assert outcome(agreed, "phone", paris(2027, 9, 1, 10)) is Reason.CONSENT_EXPIRED


def test_other_consents_do_not_age():
    assert outcome(facts(consents=(consent("email", paris(2024, 6, 1)),), source=INFORMED), "email") is Ground.CONSENT


# ---- The reform of 11 August 2026 ----


@pytest.mark.parametrize(("channel", "old_ground"), [("phone", "information"), ("automated_call", "customer")])
def test_the_reform_changes_calls_to_individuals_at_midnight_in_paris(channel, old_ground):
    bought = facts(source=INFORMED, purchases=(purchase(at=paris(2026, 7, 1)),))
    informed_only = replace(bought, source=replace(INFORMED, collected_at=paris(2026, 7, 1)))
    at = paris(2026, 8, 10, 19, 59, 59)
    assert outcome(informed_only, channel, at) == Ground(old_ground)
    # The hours are a matter of when: what the cell lacks is said before them.
    assert outcome(informed_only, channel, paris(2026, 8, 10, 23, 59, 59)) is Reason.OUTSIDE_HOURS
    assert outcome(informed_only, channel, paris(2026, 8, 11)) is Reason.NO_CONSENT
    assert outcome(informed_only, channel, paris(2026, 8, 11).astimezone(UTC)) is Reason.NO_CONSENT
    assert outcome(informed_only, channel, paris(2026, 8, 11), ARTICLE) == Ground(old_ground)


# ---- Contracts and requests ----


@pytest.mark.parametrize("channel", ["phone"])
def test_a_contract_counts_on_its_first_and_last_days(channel):
    known = facts(contracts=(Contract(date(2026, 11, 24), date(2026, 11, 26), frozenset({"garden"})),))
    assert outcome(known, channel, paris(2026, 11, 23, 19, 59)) is Reason.NO_CONSENT
    assert outcome(known, channel, paris(2026, 11, 24, 10)) is Ground.CONTRACT
    assert outcome(known, channel, paris(2026, 11, 26, 19, 59)) is Ground.CONTRACT
    assert outcome(known, channel, paris(2026, 11, 27, 10)) is Reason.NO_CONSENT


@pytest.mark.parametrize(
    ("asked", "last_day"),
    [
        (paris(2026, 11, 16, 9), date(2026, 11, 23)),  # Monday
        (paris(2026, 11, 18, 23, 59, 59), date(2026, 11, 25)),  # Wednesday
        (paris(2026, 11, 20, 9), date(2026, 11, 27)),  # Friday
        (paris(2026, 11, 21, 9), date(2026, 11, 27)),  # Saturday
        (paris(2026, 11, 22, 9), date(2026, 11, 27)),  # Sunday
        (paris(2026, 11, 9, 9), date(2026, 11, 17)),  # 11 November is a holiday
        (paris(2026, 12, 18, 9), date(2026, 12, 28)),  # so is Christmas
    ],
)
def test_a_request_may_be_answered_until_its_fifth_working_day(asked, last_day):
    known = facts(requests=(request(asked),))
    assert outcome(known, "phone", paris(*last_day.timetuple()[:3], 19, 59)) is Ground.REQUEST
    assert outcome(known, "phone", paris(*(last_day + days.ONE_DAY).timetuple()[:3], 10)) is Reason.NO_CONSENT


def test_a_request_still_to_come_does_not_exist():
    assert outcome(facts(requests=(request(AT + SECOND),)), "phone") is Reason.NO_CONSENT


# ---- Minors ----


@pytest.mark.parametrize(
    ("born_on", "fifteen_on"),
    [
        (date(2011, 11, 24), date(2026, 11, 24)),
        (date(2012, 2, 29), date(2027, 3, 1)),
        (date(2012, 2, 28), date(2027, 2, 28)),
        (date(2013, 3, 1), date(2028, 3, 1)),
        (date(2013, 2, 28), date(2028, 2, 28)),
    ],
)
def test_children_are_left_alone_until_they_are_15_in_paris(born_on, fifteen_on):
    known = facts(Recipient(RecipientKind.INDIVIDUAL, born_on=born_on), INFORMED)
    known = replace(known, last_interaction_at=paris(2026, 11, 1))
    birthday = paris(*fifteen_on.timetuple()[:3])
    assert outcome(known, "post", birthday - SECOND) is Reason.MINOR
    assert outcome(known, "post", birthday) is Ground.INFORMATION
    assert outcome(known, "post", birthday - SECOND, ARTICLE) is Ground.INFORMATION


def test_professionals_under_15_are_minors_too():
    known = facts(replace(PROFESSIONAL, born_on=date(2020, 1, 1)), INFORMED)
    assert outcome(known, "email") is Reason.MINOR


# ---- Collection ----


@pytest.mark.parametrize("rulebook", [LAW, ARTICLE])
def test_a_collection_in_the_future_is_an_unknown_source(rulebook):
    assert outcome(collected(AT), "post", AT, rulebook) is Ground.INFORMATION
    assert outcome(collected(AT + timedelta(microseconds=1)), "post", AT, rulebook) is Reason.SOURCE_UNKNOWN


# ---- Days, by exhaustion ----


def test_every_bound_of_eight_years_is_refused_from_its_anniversary_on():
    day = date(2023, 1, 1)
    while day < date(2031, 1, 1):
        bound = days.first_day_within(3, day)
        assert days.anniversary(bound, 3) > day >= days.anniversary(bound - days.ONE_DAY, 3)
        day += days.ONE_DAY


def test_the_fifth_working_day_is_found_from_both_ends():
    day = date(2026, 1, 1)
    while day < date(2027, 3, 1):
        start = days.first_day_within_working_days(5, day)
        assert fifth_working_day(start) >= day > fifth_working_day(start - days.ONE_DAY)
        day += days.ONE_DAY


def fifth_working_day(day):
    for _ in range(5):
        day += days.ONE_DAY
        while not days.is_working_day(day):
            day += days.ONE_DAY
    return day


def test_a_day_begins_at_midnight_in_paris():
    assert days.start_of_day(date(2026, 7, 1)) == paris(2026, 7, 1)
    assert days.paris_day(paris(2026, 7, 1).astimezone(UTC)) == date(2026, 7, 1)
    assert days.start_of_day(date(2026, 7, 1)).astimezone(PARIS).hour == 0


def test_a_moment_needs_its_time_zone():
    with pytest.raises(ValueError, match="time zone"):
        may_contact(facts(), message("email"), at=AT.replace(tzinfo=None))
