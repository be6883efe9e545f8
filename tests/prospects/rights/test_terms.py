"""The term of an answer: GDPR art. 12(3), counted by Regulation 1182/71."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.law.days import is_working_day
from prospects.terms import answer_due_on, months_later

DAYS = st.dates(date(2020, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    ("asked_on", "months", "due_on"),
    [
        (date(2026, 11, 25), 1, date(2026, 12, 28)),  # 25 December is a holiday and a Friday
        (date(2026, 8, 31), 1, date(2026, 9, 30)),  # September has no 31st
        (date(2027, 1, 29), 1, date(2027, 3, 1)),  # 28 February is a Sunday
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 10, 14), 1, date(2026, 11, 16)),  # a Saturday
        (date(2026, 3, 5), 1, date(2026, 4, 7)),  # Easter Sunday, then Easter Monday
        (date(2026, 11, 25), 3, date(2027, 2, 25)),
        (date(2026, 11, 30), 3, date(2027, 3, 1)),
    ],
)
def test_a_request_is_answered_within_the_month_or_the_three(asked_on, months, due_on):
    assert answer_due_on(asked_on, months=months) == due_on


@given(DAYS, st.sampled_from([1, 3]))
def test_the_term_ends_on_the_first_working_day_from_the_day_of_the_same_number(asked_on, months):
    end = months_later(asked_on, months)
    due_on = answer_due_on(asked_on, months=months)

    assert is_working_day(due_on) and due_on >= end
    assert not any(is_working_day(end + timedelta(days=day)) for day in range((due_on - end).days))
    assert due_on - end <= timedelta(days=4)
    assert end.day == asked_on.day or (end + timedelta(days=1)).day == 1


@given(DAYS, DAYS)
def test_who_asks_later_is_never_due_earlier(one, other):
    first, second = sorted((one, other))
    assert answer_due_on(first) <= answer_due_on(second)
    assert answer_due_on(first) < answer_due_on(first, months=3)
