"""Messages whose end nobody knows: counted, named to no marketer, sent again only knowingly."""

from uuid import uuid4

import pytest
from django.utils import timezone

from campaigns.models import Campaign, Message
from tests.campaigns.pages import text
from tests.factories import make_campaign, make_message


@pytest.fixture
def campaign(marketer):
    now = timezone.now()
    campaign = make_campaign(status="done", send_at=now, launched_at=now, finished_at=now)
    for reason in ("lease_expired", "lease_expired", "connection to zoe@example.test lost"):
        make_message(campaign=campaign, status="unknown", reason=reason, message_id=uuid4(), ended_at=now)
    return campaign


def test_they_are_counted_by_reason_without_any_address(workspace, campaign):
    page = text(workspace.get(f"/campaigns/{campaign.pk}/unknown/"))

    assert "3 messages were interrupted" in page
    assert "the program that sent them was stopped" in page
    assert "the mail server did not answer" in page
    assert all(message.message_id.hex in page for message in Message.objects.all())
    assert "example.test" not in page.replace("maison.example.test", "")
    assert "/unknown/" in text(workspace.get(campaign.get_absolute_url()))


def test_they_leave_again_only_once_somebody_says_to_know_what_it_means(workspace, campaign):
    asked = text(workspace.post(f"/campaigns/{campaign.pk}/unknown/"))

    assert "Tick this first" in asked
    assert Message.objects.filter(status="unknown").count() == 3

    done = text(workspace.post(f"/campaigns/{campaign.pk}/unknown/", {"know": "1"}, follow=True))

    assert "3 messages wait to leave again" in done
    assert Message.objects.filter(status="queued", message_id=None).count() == 3
    assert Campaign.objects.get(pk=campaign.pk).status == "running"


def test_a_second_press_changes_nothing(workspace, campaign):
    for _ in range(2):
        page = workspace.post(f"/campaigns/{campaign.pk}/unknown/", {"know": "1"}, follow=True)

    assert page.status_code == 200
    assert Message.objects.filter(status="queued").count() == 3


def test_those_of_a_cancelled_campaign_stay_as_they_are(workspace, campaign):
    Campaign.objects.filter(pk=campaign.pk).update(status="cancelled")

    assert "Send them again" not in text(workspace.get(f"/campaigns/{campaign.pk}/unknown/"))
    answer = text(workspace.post(f"/campaigns/{campaign.pk}/unknown/", {"know": "1"}, follow=True))

    assert "this campaign was cancelled" in answer
    assert Message.objects.filter(status="unknown").count() == 3


def test_where_all_is_known_the_page_says_so(workspace):
    page = text(workspace.get(f"/campaigns/{make_campaign().pk}/unknown/"))

    assert "it is known what became of it" in page


def test_only_marketers_see_it(client, campaign):
    assert client.get(f"/campaigns/{campaign.pk}/unknown/").status_code == 302
