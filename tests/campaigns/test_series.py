"""Campaigns that come again: the days, the moments, and one campaign for each occurrence."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from campaigns import launch, recurring
from campaigns.models import Campaign, Series
from campaigns.paris_time import PARIS
from campaigns.recurrence import Every, Recurrence
from consent.models import Organisation
from tests.campaigns.pages import Status, text
from tests.factories import make_campaign, make_marketer

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAILY = {"every": "day", "clock": time(9), "first_on": date(2026, 11, 26)}

any_machine = hypothesis_settings(deadline=None, suppress_health_check=list(HealthCheck))
days = st.dates(date(2026, 1, 1), date(2036, 1, 1))
rules = st.builds(
    Recurrence,
    st.sampled_from(Every),
    st.times().map(lambda clock: clock.replace(microsecond=0)),
    days,
    st.none(),
    st.frozensets(st.integers(0, 6), min_size=1),
    st.integers(1, 31),
    st.sampled_from([1, 2, 3, 4, -1]),
    st.integers(0, 6),
)


@any_machine
@given(rules, days)
def test_each_day_comes_once_in_order_at_its_hour_on_the_clocks_of_paris(rule, since):
    day, moments = rule.next_day(since), []
    for _ in range(12):
        assert day is not None
        assert day >= rule.first
        moments.append(rule.moment_on(day))
        shown = moments[-1].astimezone(PARIS)
        # An hour that the clocks skip comes an hour later on them; any other is shown as it was chosen.
        assert shown.date() == day
        assert shown.time() in (rule.clock, (datetime.combine(day, rule.clock) + HOUR).time())
        day = rule.next_day(day + timedelta(days=1))
    assert moments == sorted(set(moments))


@any_machine
@given(rules, days)
def test_a_month_has_its_day_once(rule, month):
    first = rule.first.replace(day=1) + timedelta(days=62)
    first = first.replace(day=1)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    if rule.every in (Every.MONTH_DAY, Every.MONTH_WEEKDAY):
        assert len(rule.between(first, last)) == 1


@pytest.mark.parametrize(
    ("day", "clock", "moment"),
    [
        (date(2027, 3, 28), time(2, 30), datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),  # skipped: 03:30 in Paris
        (date(2026, 10, 25), time(2, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # twice: the first
        (date(2027, 3, 27), time(9), datetime(2027, 3, 27, 8, tzinfo=UTC)),
        (date(2027, 3, 29), time(9), datetime(2027, 3, 29, 7, tzinfo=UTC)),
    ],
)
def test_the_hour_is_that_of_paris_whatever_the_clocks_do(day, clock, moment):
    assert Recurrence(Every.DAY, clock, day).moment_on(day) == moment


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"every": Every.MONTH_DAY, "month_day": 31}, ["01-31", "02-28", "03-31"]),
        ({"every": Every.MONTH_WEEKDAY, "nth": -1, "weekday": 4}, ["01-29", "02-26", "03-26"]),
        ({"every": Every.MONTH_WEEKDAY, "nth": 2, "weekday": 1}, ["01-12", "02-09", "03-09"]),
        ({"every": Every.WEEK, "weekdays": frozenset({0, 3}), "last": date(2027, 1, 8)}, ["01-04", "01-07"]),
    ],
)
def test_days_are_found_by_their_rule(rule, expected):
    found = Recurrence(clock=time(9), first=date(2027, 1, 1), **rule)

    assert [f"{day:%m-%d}" for day in found.between(date(2027, 1, 1), date(2027, 3, 31))] == expected


@pytest.fixture
def author(marketer):
    return make_marketer(username="author")


@pytest.fixture
def original(author):
    return make_campaign(name="Lettre", created_by=author, per_hour=3600)


@pytest.fixture
def series(original, author):
    return recurring.repeat(original, by=author, at=NOW, **DAILY)


def made():
    return list(Campaign.objects.filter(series__isnull=False).order_by("occurrence_on"))


def test_an_occurrence_is_a_campaign_of_its_own_made_an_hour_before_it_leaves(series):
    leaves_at = datetime(2026, 11, 26, 8, tzinfo=UTC)

    assert recurring.tend_series(at=leaves_at - HOUR - timedelta(minutes=1)) == 0
    assert recurring.tend_series(at=leaves_at - HOUR) == 1
    assert recurring.tend_series(at=leaves_at - HOUR) == 0

    (campaign,) = made()
    assert (campaign.status, campaign.send_at, campaign.per_hour) == (Status.SCHEDULED, leaves_at, 3600)
    assert campaign.name == "Lettre · 26/11/2026"
    assert campaign.body == series.original.body


def test_no_occurrence_is_made_twice_whoever_asks(series):
    recurring.tend_series(at=NOW + timedelta(days=1))
    Series.objects.update(next_on=date(2026, 11, 26), next_at=datetime(2026, 11, 26, 8, tzinfo=UTC))

    recurring.tend_series(at=NOW + timedelta(days=1))

    assert [campaign.occurrence_on for campaign in made()] == [date(2026, 11, 26)]
    with pytest.raises(IntegrityError, match="one_campaign_each_occurrence"), transaction.atomic():
        make_campaign(series=series, occurrence_on=date(2026, 11, 26))


def test_what_was_missed_awaits_a_person_by_the_rule_of_lateness(series):
    back = NOW + timedelta(days=2)

    recurring.tend_series(at=back)
    launch.mark_late(at=back)

    assert [campaign.status for campaign in made()] == [Status.LATE, Status.SCHEDULED]


def test_a_changed_draft_changes_what_is_still_to_come_alone(series, original, author):
    recurring.tend_series(at=NOW + timedelta(days=1))
    launch.edit(original, by=author, subject="Décembre")
    recurring.tend_series(at=NOW + timedelta(days=2))

    assert [campaign.subject for campaign in made()] == ["Nos nouveautés", "Décembre"]


def test_a_paused_series_makes_nothing_and_makes_up_for_nothing(series):
    recurring.pause(series)
    assert recurring.tend_series(at=NOW + timedelta(days=3)) == 0

    recurring.resume(series, at=NOW + timedelta(days=3))
    recurring.tend_series(at=NOW + timedelta(days=4))

    assert [campaign.occurrence_on for campaign in made()] == [date(2026, 11, 29)]
    recurring.stop(series)
    assert recurring.tend_series(at=NOW + timedelta(days=9)) == 0


@pytest.mark.parametrize("end", [{"at_most": 2}, {"last_on": date(2026, 11, 27)}])
def test_a_series_ends_by_its_count_or_its_day(original, author, end):
    recurring.repeat(original, by=author, at=NOW, **DAILY, **end)

    assert recurring.tend_series(at=NOW + timedelta(days=30)) == 2
    assert Series.objects.get().status == Series.Status.ENDED


def test_a_draft_that_comes_again_is_neither_scheduled_itself_nor_deleted(series, original):
    with pytest.raises(launch.OutOfTurn):
        launch.schedule(original, send_at=NOW + HOUR, now=NOW)
    with pytest.raises(launch.OutOfTurn):
        launch.discard(original)

    recurring.stop(series)
    launch.discard(original)

    assert not Series.objects.exists()


def test_a_draft_that_cannot_leave_any_more_pauses_its_series(series):
    Organisation.objects.update(name="")

    assert recurring.tend_series(at=NOW + timedelta(days=2)) == 0

    series.refresh_from_db()
    assert series.status == Series.Status.PAUSED


def test_a_series_is_approved_with_its_words_and_again_once_they_change(series, original, author, marketer):
    Organisation.objects.update(approval_needed=True)
    assert recurring.tend_series(at=NOW + timedelta(days=1)) == 0
    with pytest.raises(launch.OwnWork):
        recurring.approve(series, by=author, at=NOW)

    series.refresh_from_db()
    recurring.approve(series, by=marketer, at=NOW)
    assert recurring.tend_series(at=NOW + timedelta(days=2)) == 1
    assert made()[-1].approved_by == marketer

    launch.edit(original, by=author, subject="Autre chose")
    assert recurring.tend_series(at=NOW + timedelta(days=5)) == 0


def test_no_earlier_editor_of_its_draft_approves_a_series(series, original, author, marketer):
    Organisation.objects.update(approval_needed=True)
    launch.edit(original, by=marketer, subject="Décembre")
    launch.edit(original, by=author, subject="Janvier")
    series = Series.objects.get()

    with pytest.raises(launch.OwnWork):
        recurring.approve(series, by=marketer, at=NOW)
    recurring.approve(series, by=make_marketer(username="third"), at=NOW)
    recurring.tend_series(at=NOW + timedelta(days=1))
    assert set(made()[-1].editors) == {author.pk, marketer.pk}


def test_a_series_has_days_hours_and_a_speed_of_its_own(workspace, original, author):
    rule = {"every": "day", "clock": "09:00", "first_on": "2026-11-26", "month_day": "1", "nth": "1", "weekday": "0"}
    windows = {"days": ["0", "1"], "opens": "08:00", "closes": "12:00", "no_holidays": "on", "per_hour": "50"}
    page = f"/campaigns/{original.pk}/repeat/"

    assert "not after the hour" in text(workspace.post(page, rule | windows | {"closes": "07:00"}))
    assert not Series.objects.exists()
    assert "only on Monday and Tuesday, from 08:00, until 12:00" in text(
        workspace.post(page, rule | windows, follow=True)
    )
    assert 'value="50"' in text(workspace.get(page))

    recurring.tend_series(at=NOW + timedelta(days=400))
    occurrence = made()[0]
    assert (occurrence.window_days, occurrence.window_from, occurrence.window_until) == ([0, 1], time(8), time(12))
    assert (occurrence.window_holidays, occurrence.per_hour) == (False, 50)


def test_a_rule_that_changes_while_it_is_read_is_not_approved_by_what_was_read(series, author, marketer):
    Organisation.objects.update(approval_needed=True)
    read = Series.objects.select_related("original").get()
    recurring.repeat(series.original, by=author, at=NOW, **DAILY | {"clock": time(20)})

    with pytest.raises(launch.OutOfTurn):
        recurring.approve(read, by=marketer, at=NOW)


@pytest.mark.time_machine("2026-11-25 10:00+01:00")
def test_a_series_is_read_whole_before_it_is_approved(workspace, series):
    Organisation.objects.update(approval_needed=True)

    page = workspace.get(f"/campaigns/{series.original_id}/series/")
    forecast = text(workspace.get(f"/campaigns/{series.original_id}/forecast/"))

    assert "Thursday 26 November 2026 at 09:00" in text(page)
    assert "At most 3,600 messages an hour" in text(page)
    assert f"/campaigns/{series.original_id}/message/" in page.content.decode()
    assert "Nobody may receive it" in forecast


@pytest.mark.time_machine("2026-11-25 10:00+01:00")
def test_from_the_draft_to_its_series_and_back(workspace):
    draft = make_campaign(name="Lettre")
    rule = {"every": "week", "weekdays": ["0", "3"], "month_day": "1", "nth": "1", "weekday": "0"}
    rule |= {"clock": "09:00", "first_on": "2026-11-26"}

    page = text(workspace.post(f"/campaigns/{draft.pk}/repeat/", rule, follow=True))
    calendar = text(workspace.get("/campaigns/calendar/?day=2026-12-10"))

    assert "Every week on Monday and Thursday at 09:00" in page
    assert "Thursday 26 November 2026, 09:00" in page
    assert "9 times in thirty days" in page
    assert calendar.count("comes again") == 10
    for act, said in (("pause", "paused"), ("resume", "goes on"), ("stop", "ended")):
        assert said in text(workspace.post(f"/campaigns/{draft.pk}/series/", {"act": act}, follow=True))


def test_the_page_says_that_it_says_nothing_new(workspace, series):
    recurring.tend_series(at=NOW + timedelta(days=1))

    page = text(workspace.get(f"/campaigns/{series.original_id}/series/"))

    assert "It says nothing new" in page


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"every": "week", "weekdays": []}, "Choose at least one day"),
        ({"last_on": "2020-01-01"}, "before the first one"),
        ({"at_most": "0"}, "At least once"),
        ({"first_on": "9999-12-31"}, "more than a year away"),
    ],
)
def test_a_rule_that_makes_no_sense_is_explained(workspace, fields, words):
    rule = {"every": "day", "clock": "09:00", "first_on": "2026-11-26", "month_day": "1", "nth": "1", "weekday": "0"}

    response = workspace.post(f"/campaigns/{make_campaign().pk}/repeat/", rule | fields)

    assert words in text(response)
    assert not Series.objects.exists()
