"""One interface for every channel: who sends or carries it, what it takes, and what becomes of what nobody settled."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns import channels, launch
from campaigns.channels.base import CarriedByPeople
from campaigns.delivery.claim import Claimed, claim, settle_expired
from campaigns.delivery.judge import judge
from campaigns.delivery.outcomes import Outcome
from campaigns.delivery.record import record
from campaigns.models import Campaign, Message
from consent.vocabulary import Channel, Medium
from tests.campaigns.pages import text, written
from tests.factories import make_campaign, make_consent, make_detail, make_organisation, make_purpose

pytestmark = pytest.mark.django_db


class ByPost(CarriedByPeople):
    name = Channel.POST
    rank = 99
    carried_at = "campaigns:audience"
    carry_words = "Take the letters"
    how_to_stop = "By the code in the letter."


@pytest.fixture
def by_post(monkeypatch):
    """A channel that people carry, beside those that exist."""
    known = channels.every() | {Channel.POST.value: ByPost()}
    monkeypatch.setattr(channels, "every", lambda: known)
    make_organisation()
    campaign = make_campaign(channel=Channel.POST, status="scheduled", format="text", send_at=timezone.now())
    for number in range(3):
        detail = make_detail(f"{number} rue des Lilas\n75001 Paris", medium=Medium.POST)
        make_consent(detail, campaign.purpose, channel=Channel.POST)
    launch.launch(campaign, at=timezone.now())
    return campaign


def test_each_channel_has_a_place_of_its_own():
    found = list(channels.every().values())

    assert len({channel.rank for channel in found}) == len(found)
    assert all(channel.how_to_stop for channel in found)
    assert next(channel.name for channel in channels.sent_by_workers()) == Channel.EMAIL


def test_what_people_carry_waits_for_them_and_its_campaign_ends_with_the_last(by_post):
    now = timezone.now()
    assert claim(10, at=now) is None  # no worker of e-mail takes it
    launch.finish(at=now)
    by_post.refresh_from_db()
    assert by_post.status == Campaign.Status.RUNNING

    batch = claim(10, at=now, channel=Channel.POST, only=by_post.pk, lease=timedelta(hours=1))
    judged = list(judge(batch.campaign, batch.messages, at=now))
    record([Outcome(each.claimed, Message.Status.SENT, ground=each.ground) for each in judged], at=now)
    launch.finish(at=now)

    by_post.refresh_from_db()
    assert by_post.status == Campaign.Status.DONE
    assert set(by_post.messages.values_list("status", "ground")) == {("sent", "consent")}


def test_what_somebody_took_and_never_settled_goes_back_to_the_queue(by_post):
    now = timezone.now()
    [taken] = claim(1, at=now, channel=Channel.POST, lease=timedelta(minutes=15)).messages

    settle_expired(at=now + timedelta(minutes=16))

    message = Message.objects.get(pk=taken.pk)
    assert (message.status, message.message_id, message.ground) == ("queued", None, "consent")
    assert record([Outcome(taken, Message.Status.SENT, ground="consent")], at=now) == 0  # too late: no longer theirs


def test_the_follow_page_leads_to_where_its_messages_are_taken(workspace, by_post):
    page = text(workspace.get(f"/campaigns/{by_post.pk}/"))

    assert "Take the letters" in page
    assert "Try it on yourself" not in page


def test_a_channel_asks_only_what_it_takes(workspace, by_post):
    page = text(workspace.get("/campaigns/new/?channel=post"))
    assert 'name="subject"' not in page
    assert 'name="preheader"' not in page
    assert 'name="body"' in page

    said = {**written(make_purpose(), channel="post", body="Bonjour {{ first_name }}"), "subject": "ignored"}
    workspace.post("/campaigns/new/", said)

    campaign = Campaign.objects.latest("pk")
    assert (campaign.channel, campaign.format, campaign.subject) == ("post", "text", "")
    assert "Bonjour Camille" in text(workspace.get(f"/campaigns/{campaign.pk}/"))


def test_a_channel_that_campaigns_do_not_know_is_refused(workspace):
    workspace.post("/campaigns/new/", written(make_purpose(), channel="pigeon"))

    assert not Campaign.objects.exists()


@pytest.mark.time_machine("2026-11-29 22:00+01:00")  # a Sunday night
def test_whoever_may_be_reached_but_not_now_is_queued_at_launch():
    make_organisation()
    purpose = make_purpose()
    detail = make_detail("+33612345678", medium=Medium.PHONE)
    make_consent(detail, purpose, channel=Channel.SMS)
    campaign = make_campaign(channel=Channel.SMS, status="scheduled", purpose=purpose, send_at=timezone.now())

    Message.objects.queue_for(campaign, at=timezone.now())

    assert list(campaign.messages.values_list("status", "ground")) == [("queued", "consent")]
    [refused] = judge(campaign, claimed(campaign), at=timezone.now())
    assert refused.reason == "outside_hours"


def claimed(campaign):
    return [Claimed(message.pk, message.detail_id, None) for message in campaign.messages.all()]
