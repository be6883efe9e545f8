"""The calendar: what leaves on which day on the clocks of Paris, and the way from a day to a scheduled draft."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from campaigns.calendar import Calendar, Span, calendar_of
from tests.campaigns.pages import text
from tests.factories import make_campaign

any_machine = hypothesis_settings(deadline=None, suppress_health_check=list(HealthCheck))
days = st.dates(date(1951, 1, 1), date(2098, 12, 31))


@any_machine
@given(st.sampled_from(Span), days)
def test_a_calendar_shows_whole_weeks_and_steps_to_what_lies_just_before_and_after(span, day):
    shown = Calendar(span, day, "fr")
    dates = [found.date for found in shown.days([], day)]

    assert dates[0].weekday() == 0
    assert len(dates) % 7 == 0
    assert dates == [dates[0] + timedelta(days=number) for number in range(len(dates))]
    assert [found.date for found in shown.days([], day) if found.is_today] == [day]
    if day.year not in (1951, 2098):
        assert Calendar(span, shown.after, "fr").first <= shown.last + timedelta(days=1)
        assert Calendar(span, shown.before, "fr").last >= shown.first - timedelta(days=1)


@pytest.mark.parametrize("asked", ["", "yesterday", "2026-02-30", "0001-01-01", "9999-12-31"])
def test_whatever_is_asked_for_there_is_a_calendar(asked):
    shown = calendar_of("year", asked, today=date(2026, 11, 25), language="fr")

    assert shown.span is Span.MONTH
    assert shown.days([], date(2026, 11, 25))


@pytest.mark.time_machine("2026-11-25 09:00+01:00")
def test_a_campaign_stands_on_its_day_in_paris_with_its_hour_and_status(workspace):
    make_campaign(name="Minuit", status="scheduled", send_at=datetime(2026, 11, 30, 23, 30, tzinfo=UTC))

    page = text(workspace.get("/campaigns/calendar/?day=2026-12-10"))
    before, after = page.split("Tuesday 1 December", 1)

    assert "Minuit" not in before
    assert after.index("Minuit") < after.index("Wednesday 2 December")
    assert "00:30</time> Minuit" in after
    assert "scheduled" in after


def test_public_holidays_are_named_in_the_reader_s_language(workspace):
    english = text(workspace.get("/campaigns/calendar/?span=week&day=2027-07-14"))
    french = text(workspace.get("/campaigns/calendar/?span=week&day=2027-07-14&lang=fr", follow=True))

    assert "National Day" in english
    assert "Fête nationale" in french


@pytest.mark.time_machine("2026-11-25 09:00+01:00")
def test_from_a_day_a_draft_is_scheduled_on_it(workspace):
    draft = make_campaign(name="Brouillon")

    day = text(workspace.get("/campaigns/calendar/2026/12/24/"))
    address = f"/campaigns/{draft.pk}/schedule/?day=2026-12-24"

    assert address in day
    assert 'value="2026-12-24"' in text(workspace.get(address))


@pytest.mark.time_machine("2026-11-25 09:00+01:00")
def test_nothing_can_be_scheduled_on_a_day_that_is_past(workspace):
    make_campaign(name="Brouillon")

    assert "Brouillon" not in text(workspace.get("/campaigns/calendar/2026/11/24/"))


@pytest.mark.parametrize("day", ["2026/2/30", "1/1/1", "9999/12/31"])
def test_a_day_that_is_none_is_not_found(workspace, day):
    assert workspace.get(f"/campaigns/calendar/{day}/").status_code == 404


def test_a_full_month_costs_no_more_queries_than_an_empty_one(workspace, django_assert_max_num_queries):
    for number in range(40):
        make_campaign(status="scheduled", send_at=datetime(2026, 12, 1 + number % 28, 9, tzinfo=UTC))

    with django_assert_max_num_queries(8):
        workspace.get("/campaigns/calendar/?day=2026-12-10")
