"""When a campaign should end, by the hours at which it may leave and the speed at which it does."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from campaigns.delivery.servers import Server
from campaigns.delivery.windows import Window
from campaigns.forecast import expected_end, expected_speed
from campaigns.paris_time import PARIS
from tests.campaigns.pages import text
from tests.factories import make_campaign, make_consent, make_detail

EVENING = Window(opens=time(18), closes=time(20))


def paris(*parts):
    return datetime(*parts, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("count", "per_second", "window", "since", "ends"),
    [
        (3600, 1, Window(), paris(2026, 12, 1, 9), paris(2026, 12, 1, 10)),
        (0, 1, EVENING, paris(2026, 12, 1, 9), paris(2026, 12, 1, 9)),
        (1800, 1, EVENING, paris(2026, 12, 1, 9), paris(2026, 12, 1, 18, 30)),
        (1800, 1, EVENING, paris(2026, 12, 1, 19, 45), paris(2026, 12, 2, 18, 15)),
        # Friday evening, weekdays alone: what is left waits for Monday.
        (9000, 1, Window(frozenset(range(5)), time(18), time(20)), paris(2026, 12, 4, 9), paris(2026, 12, 7, 18, 30)),
        # 25 December is a Friday and a public holiday.
        (
            9000,
            1,
            Window(opens=time(18), closes=time(20), holidays=False),
            paris(2026, 12, 24, 9),
            paris(2026, 12, 26, 18, 30),
        ),
        # The night in which the clocks go forward has an hour less, and the one in which they go back an hour more.
        (6 * 3600, 1, Window(), paris(2027, 3, 28, 0), paris(2027, 3, 28, 7)),
        (6 * 3600, 1, Window(), paris(2026, 10, 25, 0), paris(2026, 10, 25, 5)),
        # Between 01:00 and 02:30 twice: 90 minutes, then 30 more once the clocks went back.
        (
            2 * 3600,
            1,
            Window(opens=time(1), closes=time(2, 30)),
            paris(2026, 10, 25, 0),
            datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
        ),
        # 02:30 does not exist that night: it opens at 03:00.
        (1800, 1, Window(opens=time(2, 30), closes=time(4)), paris(2027, 3, 28, 0), paris(2027, 3, 28, 3, 30)),
    ],
)
def test_the_end_keeps_to_the_hours_on_the_clocks_of_paris(count, per_second, window, since, ends):
    assert expected_end(count, since=since, per_second=per_second, window=window) == ends


def test_nothing_is_foretold_beyond_two_years():
    assert expected_end(10**9, since=paris(2026, 12, 1), per_second=1, window=EVENING) is None


any_machine = hypothesis_settings(deadline=None, suppress_health_check=list(HealthCheck))
windows = st.builds(
    Window,
    st.frozensets(st.integers(0, 6)),
    st.none() | st.times(max_value=time(11, 59)),
    st.none() | st.times(min_value=time(12)),
    st.booleans(),
)
moments = st.integers(0, 4 * 366 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@any_machine
@given(windows, moments, st.integers(0, 24 * 60))
def test_a_moment_is_in_an_open_span_exactly_when_the_window_is_open(window, since, minutes):
    moment = since + timedelta(minutes=minutes)

    within = any(begins <= moment < ends for begins, ends in window.open_spans(since, 3))

    assert within is window.is_open(moment)


@any_machine
@given(windows, moments, st.integers(1, 100_000), st.floats(0.01, 1000))
def test_the_last_mail_leaves_while_the_window_is_open_or_as_it_closes(window, since, count, per_second):
    ends = expected_end(count, since=since, per_second=per_second, window=window)

    assert ends is None or ends > since
    assert ends is None or window.is_open(ends - timedelta(microseconds=1))


@pytest.mark.parametrize(
    ("per_hour", "limits", "expected"),
    [(None, [0], 50), (None, [0, 5], 50), (None, [5, 5], 10), (3600, [0], 1), (36_000, [5], 5), (36_000_000, [0], 50)],
)
def test_the_lowest_limit_is_the_speed(settings, per_hour, limits, expected):
    settings.SENDING_EXPECTED_PER_SECOND = 50
    servers = [Server("mail.example.test", 25, per_second=limit) for limit in limits]

    assert expected_speed(per_hour, servers) == expected


@pytest.mark.time_machine("2026-11-25 09:00+01:00")
def test_the_summary_counts_afresh_and_says_when_the_last_mail_leaves(workspace):
    campaign = make_campaign()
    for _number in range(3):
        make_consent(make_detail(), campaign.purpose)
    data = {"day": f"{date(2026, 11, 27)}", "time": "10:00", "version": campaign.version, "per_hour": "1"}

    summary = text(workspace.post(f"/campaigns/{campaign.pk}/schedule/", data))
    counted = text(workspace.get(f"/campaigns/{campaign.pk}/forecast/", data))
    workspace.post(f"/campaigns/{campaign.pk}/schedule/", data | {"confirm": "1"})

    assert "At most 1 messages an hour." in summary
    assert "Nobody has received a test of it yet" in summary
    assert "the last one leaves on <strong>Friday 27 November 2026 at about 13:00" in counted
    campaign.refresh_from_db()
    assert campaign.per_hour == 1
