"""The days and hours at which a campaign may leave, chosen when it is scheduled."""

from datetime import time

import pytest
from django.db import IntegrityError

from campaigns.words import window_words
from tests.campaigns.pages import Status, text
from tests.factories import make_campaign


def schedule(workspace, campaign, **fields):
    data = {"day": "2026-11-27", "time": "10:00", "version": campaign.version, **fields}
    return workspace.post(f"/campaigns/{campaign.pk}/schedule/", data, follow=True)


WINDOW = {"days": ["4", "0"], "opens": "09:00", "closes": "18:30", "no_holidays": "on"}


@pytest.mark.time_machine("2026-11-25 09:00+01:00")
def test_a_window_is_read_back_before_it_is_confirmed_and_is_kept(workspace):
    campaign = make_campaign()

    summary = text(schedule(workspace, campaign, **WINDOW))
    page = text(schedule(workspace, campaign, **WINDOW, confirm="1"))

    said = "It leaves only on Monday and Friday, from 09:00, until 18:30, not on public holidays."
    assert said in summary
    assert summary.count('type="hidden" name="days"') == 2
    assert said in page
    campaign.refresh_from_db()
    assert campaign.status == Status.SCHEDULED
    assert (campaign.window_days, campaign.window_holidays) == ([0, 4], False)
    assert (campaign.window_from, campaign.window_until) == (time(9), time(18, 30))


@pytest.mark.time_machine("2026-11-25 09:00+01:00")
def test_without_a_choice_it_may_leave_at_any_time(workspace):
    campaign = make_campaign()

    summary = text(schedule(workspace, campaign))
    schedule(workspace, campaign, confirm="1", days=[str(day) for day in range(7)])

    campaign.refresh_from_db()
    assert "It leaves" not in summary
    assert window_words(campaign) == ""
    assert campaign.status == Status.SCHEDULED


@pytest.mark.time_machine("2026-11-25 09:00+01:00")
def test_a_time_outside_of_the_window_is_said(workspace):
    campaign = make_campaign()

    assert "At that time it may not leave" in text(schedule(workspace, campaign, days=["6"]))
    assert "At that time it may not leave" not in text(schedule(workspace, campaign, days=["4"]))


@pytest.mark.time_machine("2026-11-25 09:00+01:00")
def test_a_window_that_never_opens_is_refused(workspace):
    campaign = make_campaign()

    page = text(schedule(workspace, campaign, opens="18:00", closes="09:00", confirm="1"))

    assert "This is not after the hour" in page
    campaign.refresh_from_db()
    assert campaign.status == Status.DRAFT


def test_what_was_chosen_once_is_offered_again(workspace):
    campaign = make_campaign(window_days=[0], window_from=time(9))

    page = text(workspace.get(f"/campaigns/{campaign.pk}/schedule/"))

    assert 'value="09:00"' in page
    assert "<details" in page and " open" in page
    assert page.count("checked") == 1


@pytest.mark.django_db
@pytest.mark.parametrize("fields", [{"window_days": [7]}, {"window_from": time(9), "window_until": time(9)}])
def test_the_database_keeps_no_window_that_never_opens(fields):
    with pytest.raises(IntegrityError):
        make_campaign(**fields)
