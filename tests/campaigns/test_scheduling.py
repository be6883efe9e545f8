"""A test to oneself, then a day and a time."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from campaigns import launch
from campaigns.models import Campaign
from tests.campaigns.pages import Status, text
from tests.factories import (
    make_campaign,
    make_organisation,
)


def test_a_double_press_sends_one_test(workspace, mailbox, marketer):
    campaign = make_campaign()

    for _ in range(2):
        workspace.post(f"/campaigns/{campaign.pk}/test/")

    assert [mail["X-Recipients"] for mail in mailbox] == [marketer.email]


def test_whoever_has_no_address_is_told(workspace, marketer, mailbox):
    User.objects.filter(pk=marketer.pk).update(email="")

    response = workspace.post(f"/campaigns/{make_campaign().pk}/test/", follow=True)

    assert "Your account has no e-mail address" in text(response)
    assert not list(mailbox)


def test_a_mail_server_that_is_away_is_said_and_the_test_may_be_tried_again(workspace, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    campaign = make_campaign()

    response = workspace.post(f"/campaigns/{campaign.pk}/test/", follow=True)

    assert "The mail server did not take the test" in text(response)
    campaign.refresh_from_db()
    assert campaign.tested_at is None


def schedule(workspace, campaign, day, clock, **fields):
    data = {"day": day, "time": clock, "version": campaign.version, **fields}
    return workspace.post(f"/campaigns/{campaign.pk}/schedule/", data, follow=True)


@pytest.mark.time_machine("2026-11-25 09:00+01:00")
def test_a_summary_is_read_before_anything_is_scheduled(workspace):
    campaign = make_campaign()

    summary = schedule(workspace, campaign, "2026-12-01", "09:00")

    campaign.refresh_from_db()
    assert campaign.is_draft
    assert "Tuesday 1 December 2026 at 09:00" in text(summary)

    schedule(workspace, campaign, "2026-12-01", "09:00", confirm="1")

    campaign.refresh_from_db()
    assert campaign.status == Status.SCHEDULED
    assert campaign.send_at.isoformat() == "2026-12-01T08:00:00+00:00"


@pytest.mark.time_machine("2026-11-25 09:00+01:00")
@pytest.mark.parametrize(
    ("day", "clock", "words"),
    [
        ("2026-11-24", "18:00", "This day is past"),
        ("2026-11-25", "08:59", "This time is past"),
        ("2027-03-28", "02:30", "this time does not exist. Choose for example 01:30 or 03:30"),
        ("2029-01-01", "09:00", "more than a year away"),
        ("0001-01-01", "09:00", "This day is past"),
        ("9999-12-31", "09:00", "more than a year away"),
        ("2026-02-30", "09:00", "Enter a valid date"),
        ("2026-12-01", "25:00", "Enter a valid time"),
        ("", "", "This field is required"),
    ],
)
def test_a_time_at_which_nothing_can_leave_is_refused_with_words(workspace, day, clock, words):
    campaign = make_campaign()

    response = schedule(workspace, campaign, day, clock, confirm="1")

    assert words in text(response)
    campaign.refresh_from_db()
    assert campaign.is_draft


@pytest.mark.time_machine("2026-11-25 09:00+01:00")
def test_of_a_time_that_comes_twice_the_first_is_taken_and_said(workspace):
    campaign = make_campaign()

    summary = schedule(workspace, campaign, "2027-10-31", "02:30")
    schedule(workspace, campaign, "2027-10-31", "02:30", confirm="1")

    assert "comes twice: the first one is taken" in text(summary)
    campaign.refresh_from_db()
    assert campaign.send_at.isoformat() == "2027-10-31T00:30:00+00:00"


def test_scheduling_twice_by_a_double_press_is_one_schedule_without_a_complaint(workspace):
    campaign, tomorrow = make_campaign(), timezone.localdate() + timedelta(days=1)

    for _ in range(2):
        response = schedule(workspace, campaign, tomorrow, "09:00", confirm="1")

    campaign.refresh_from_db()
    assert campaign.status == Status.SCHEDULED
    assert "alert-warning" not in text(response)


def test_what_changed_after_the_summary_is_not_scheduled_unread(workspace):
    campaign, tomorrow = make_campaign(), timezone.localdate() + timedelta(days=1)
    launch.edit(Campaign.objects.get(pk=campaign.pk), subject="Autre chose")

    response = schedule(workspace, campaign, tomorrow, "09:00", confirm="1")

    assert "was changed while you were reading" in text(response)
    campaign.refresh_from_db()
    assert campaign.is_draft


def test_what_is_missing_is_said_before_scheduling(workspace):
    make_organisation(sender_email="")
    campaign = make_campaign()

    assert "Before it can be scheduled" in text(workspace.get(f"/campaigns/{campaign.pk}/schedule/"))
    assert "sender" in text(workspace.get(campaign.get_absolute_url()))
