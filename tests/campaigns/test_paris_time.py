from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.paris_time import PARIS, NoSuchTime, paris_moment

days = st.dates(date(2020, 1, 1), date(2037, 12, 31))
clocks = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))


def test_winter_and_summer_have_their_own_hour():
    assert paris_moment(date(2026, 12, 1), time(9)).at == datetime(2026, 12, 1, 8, tzinfo=UTC)
    assert paris_moment(date(2026, 7, 1), time(9)).at == datetime(2026, 7, 1, 7, tzinfo=UTC)


@pytest.mark.parametrize("clock", [time(2), time(2, 30), time(2, 59)])
def test_a_time_that_the_clocks_skip_is_refused(clock):
    with pytest.raises(NoSuchTime) as refusal:
        paris_moment(date(2027, 3, 28), clock)

    assert (refusal.value.earlier.hour, refusal.value.later.hour) == (1, 3)


@pytest.mark.parametrize("clock", [time(1, 59), time(3)])
def test_the_times_around_the_skipped_hour_exist(clock):
    assert not paris_moment(date(2027, 3, 28), clock).comes_twice


@pytest.mark.parametrize("clock", [time(2), time(2, 30), time(2, 59)])
def test_of_a_time_that_comes_twice_the_first_is_taken(clock):
    moment = paris_moment(date(2026, 10, 25), clock)

    assert moment.comes_twice
    assert moment.at.astimezone(ZoneInfo("Europe/Paris")).utcoffset() == timedelta(hours=2)


@given(days, clocks)
def test_every_other_time_is_read_back_as_it_was_written(day, clock):
    try:
        moment = paris_moment(day, clock)
    except NoSuchTime:
        assert day.month == 3 and clock.hour == 2
        return
    shown = moment.at.astimezone(PARIS)
    assert (shown.date(), shown.time()) == (day, clock)


@given(days, clocks, st.integers(1, 24 * 60))
def test_later_on_the_clock_is_never_earlier_in_time(day, clock, minutes):
    later = datetime.combine(day, clock) + timedelta(minutes=minutes)
    try:
        first, second = paris_moment(day, clock), paris_moment(later.date(), later.time())
    except NoSuchTime:
        return
    assert first.at < second.at
