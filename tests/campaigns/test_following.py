"""How a campaign goes, and the steps of its life."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns.models import Campaign
from campaigns.troubles import COMPLAINTS, FAILURES, stopped
from tests.campaigns.pages import text
from tests.factories import (
    make_campaign,
    make_message,
)


def test_the_page_of_a_running_campaign_asks_again_and_reloads_once_it_ends(workspace):
    campaign = make_campaign(status="running", send_at=timezone.now(), launched_at=timezone.now())
    make_message(campaign=campaign)
    make_message(campaign=campaign, status="sent", ground="consent")
    address = f"/campaigns/{campaign.pk}/progress/?status=running"

    part = text(workspace.get(address, headers={"HX-Request": "true"}))
    assert "<strong>1</strong> of 2 done (50 %)" in part
    assert "every 2s" in part

    Campaign.objects.update(status="done", finished_at=timezone.now())
    assert workspace.get(address, headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_a_trouble_of_the_servers_is_said_without_their_words(workspace):
    campaign = make_campaign(
        status="running", send_at=timezone.now(), launched_at=timezone.now(), trouble="450 <x@example.test>"
    )

    page = text(workspace.get(campaign.get_absolute_url()))

    assert "The mail servers do not take messages at this moment" in page
    assert "450" not in page


@pytest.mark.parametrize(
    ("trouble", "language", "words"),
    [
        (stopped(FAILURES, 0.1), "en", "Stopped by itself: 10.0% of its mails failed"),
        (stopped(FAILURES, 0.1), "fr", "Arrêtée d’elle-même\u00a0: 10,0\u00a0% de ses e-mails ont échoué"),
        (stopped(COMPLAINTS, 0.0031), "en", "Stopped by itself: 0.3% of its readers complained"),
    ],
)
def test_a_campaign_that_stopped_by_itself_says_why_and_that_it_waits(workspace, trouble, language, words):
    now = timezone.now()
    campaign = make_campaign(status="paused", send_at=now, launched_at=now, trouble=trouble)

    page = workspace.get(campaign.get_absolute_url(), headers={"accept-language": language}).content.decode()

    assert words in page
    assert "goes on by itself" not in page


def test_a_campaign_that_a_person_paused_promises_nothing(workspace):
    now = timezone.now()
    campaign = make_campaign(status="paused", send_at=now, launched_at=now, trouble="450 <x@example.test>")

    page = text(workspace.get(campaign.get_absolute_url()))

    assert "goes on by itself" not in page
    assert "450" not in page


def test_the_results_say_how_many_received_it_and_why_the_others_did_not(workspace):
    now = timezone.now()
    campaign = make_campaign(
        status="done",
        send_at=now,
        launched_at=now,
        finished_at=now,
        audience={"at": now.isoformat(), "allowed": {"consent": 4}, "refused": {"no_consent": 7, "objected": 1}},
    )
    make_message(campaign=campaign, status="sent", ground="consent")
    make_message(campaign=campaign, status="withheld", reason="objected")
    make_message(campaign=campaign, status="failed", reason="554 no")
    make_message(campaign=campaign, status="unknown", reason="lease_expired")

    page = text(workspace.get(campaign.get_absolute_url()))

    assert "<strong>1</strong> person received it" in page
    assert "<strong>10</strong> did not" in page
    for count, words in ((7, "no consent"), (2, "the person objected"), (1, "refused by the mail server")):
        assert f'<span class="line-count">{count}</span> <span class="line-words">{words}' in page
    assert "1 message was interrupted while leaving" in page


@pytest.mark.parametrize(
    ("step", "before", "after"),
    [
        ("pause", "running", "paused"),
        ("resume", "paused", "running"),
        ("cancel", "running", "cancelled"),
        ("cancel", "scheduled", "cancelled"),
        ("unschedule", "scheduled", "draft"),
        ("send-late", "late", "scheduled"),
    ],
)
def test_a_step_is_asked_about_by_a_get_and_taken_by_a_post_once(workspace, step, before, after):
    campaign = make_campaign(status=before, send_at=timezone.now() + timedelta(days=1))
    address = f"/campaigns/{campaign.pk}/{step}/"

    assert workspace.get(address).status_code == 200
    campaign.refresh_from_db()
    assert campaign.status == before

    for _ in range(2):  # a double press
        response = workspace.post(address, follow=True)
        assert "alert-warning" not in text(response)
    campaign.refresh_from_db()
    assert campaign.status == after


def test_a_step_that_comes_too_late_says_so(workspace):
    now = timezone.now()
    campaign = make_campaign(status="done", send_at=now, finished_at=now)

    response = workspace.post(f"/campaigns/{campaign.pk}/pause/", follow=True)

    assert "Nothing was done" in text(response)


def test_a_draft_is_deleted_and_nothing_else_is(workspace):
    draft, scheduled = make_campaign(), make_campaign(status="scheduled", send_at=timezone.now())

    for campaign in (draft, scheduled):
        for _ in range(2):
            workspace.post(f"/campaigns/{campaign.pk}/delete/", follow=True)

    assert list(Campaign.objects.all()) == [scheduled]
