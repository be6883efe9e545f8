"""A marketer never sees contact details: no page, message, download, error or test mail shows any."""

import re
from collections import Counter
from datetime import timedelta
from html import unescape

import pytest
from django.urls import Resolver404, resolve
from django.utils import timezone

from campaigns import launch
from campaigns.models import Message
from consent.acts import record_stop
from tests.factories import make_campaign, make_consent, make_detail, make_prospect, make_purpose

ENOUGH = 40  # pages of one kind, more than there are campaigns
KNOWN = ["zephirine.ptolemee@people.example.test", "wenceslas@people.example.test", "+33612345678", "Ptolemee"]


@pytest.fixture
def world(marketer):
    """People with details that would be recognised anywhere, and a campaign in every state, sent to them."""
    purpose = make_purpose()
    people = [make_prospect(first_name="Zephirine", last_name="Ptolemee"), make_prospect(first_name="Wenceslas")]
    details = [make_detail(KNOWN[0], prospect=people[0]), make_detail(KNOWN[1], prospect=people[1])]
    make_detail(KNOWN[2], medium="phone", prospect=people[0])
    for detail in details:
        make_consent(detail, purpose)
    at = timezone.now() + timedelta(minutes=5)
    campaigns = [
        make_campaign(purpose=purpose, status=status, send_at=at, finished_at=at)
        for status in ("draft", "scheduled", "late", "running", "paused", "done", "cancelled")
    ]
    for ending in ("queued", "sent", "withheld", "failed", "unknown"):
        launched = make_campaign(purpose=purpose, status="scheduled", send_at=at)
        launch.launch(launched, at=at)
        launched.messages.update(
            status=ending, ground="consent", reason=f"550 5.1.1 <{KNOWN[0]}>: user unknown", ended_at=at
        )
        campaigns.append(launched)
    record_stop(details[1].address_key, channel="email", purpose_id=purpose.pk, at=at, origin="link")
    assert Message.objects.exists()
    return campaigns


def links(page):
    """Where a page leads, within the workspace."""
    return {
        unescape(found) for found in re.findall(r'(?:href|src|action|hx-get)="(/campaigns/[^"]*)"', page, re.IGNORECASE)
    }


def kind_of(address):
    """The page that an address is of: the calendar alone has one for every day there is."""
    try:
        return resolve(address.partition("?")[0]).url_name
    except Resolver404:
        return address


def shown(response):
    # Reports as PDF are compressed; what they hold is read in their own tests.
    return response.content.decode(errors="replace") + str(response.headers)


def assert_nobody_is_shown(response, address):
    for detail in KNOWN:
        assert detail not in shown(response), (detail, address)


def test_no_page_shows_a_contact_detail(workspace, world):
    seen, waiting, by_kind = set(), {"/campaigns/", "/campaigns/999999/", "/campaigns/1/nothing/"}, Counter()
    while waiting:
        address = waiting.pop()
        seen.add(address)
        by_kind[kind_of(address)] += 1
        if by_kind[kind_of(address)] > ENOUGH:
            continue
        response = workspace.get(address)
        assert_nobody_is_shown(response, address)
        if response["Content-Type"].startswith("text/html"):
            waiting |= links(response.content.decode()) - seen
    for campaign in world:
        assert campaign.get_absolute_url() in seen
        assert f"/campaigns/{campaign.pk}/message/" in seen


def test_no_answer_to_a_button_shows_a_contact_detail(workspace, world, mailbox):
    for campaign in world:
        for act in ("test", "duplicate", "pause", "resume", "cancel", "unschedule", "send-late", "delete", "edit"):
            address = f"/campaigns/{campaign.pk}/{act}/"
            assert_nobody_is_shown(workspace.post(address, follow=True), address)
    address = "/campaigns/preview/"
    assert_nobody_is_shown(workspace.post(address, {"subject": "{{ last_name }}", "body": "{{ nobody }}"}), address)


def test_a_test_mail_goes_to_the_marketer_alone_and_shows_nobody(workspace, world, mailbox, marketer):
    workspace.post(f"/campaigns/{world[0].pk}/test/")

    (mail,) = mailbox
    assert mail["X-Recipients"] == marketer.email
    for detail in KNOWN:
        assert detail not in str(mail)
