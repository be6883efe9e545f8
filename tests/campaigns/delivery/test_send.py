"""Queued messages leave by a real SMTP server, and each ends in one way, with its ground or its reason."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns.delivery.claim import claim, settle_expired
from campaigns.models import Message
from campaigns.tasks import send_queued_messages
from consent.acts import record_stop
from tests.factories import make_campaign, make_consent, make_detail, make_message, make_organisation, make_prospect
from tests.mailbox import text_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def organisation(transactional_db):
    return make_organisation()


def running_campaign(**fields):
    return make_campaign(status="running", send_at=timezone.now(), **fields)


def message_to(first_name, address, campaign=None):
    campaign = campaign or running_campaign()
    detail = make_detail(address, prospect=make_prospect(first_name=first_name))
    make_consent(detail, campaign.purpose)
    return make_message(campaign=campaign, detail=detail)


def test_a_queued_message_is_sent_once_with_its_ground(mailbox):
    message = message_to("Zoé", "zoe@example.test")

    send_queued_messages()
    send_queued_messages()

    message.refresh_from_db()
    assert (message.status, message.ground) == ("sent", "consent")
    [mail] = mailbox
    assert mail["To"] == "zoe@example.test"
    assert mail["Message-ID"] == f"<{message.message_id.hex}@example.test>"
    assert "Bonjour Zoé" in text_of(mail)
    assert "Bonjour Zoé" in text_of(mail, "html")


def test_a_mail_says_who_writes_why_and_how_to_stop(mailbox):
    message = message_to("Zoé", "zoe@example.test")

    send_queued_messages()

    [mail] = mailbox
    assert mail["From"] == "Maison Exemple <lettre@example.test>"
    link = mail["List-Unsubscribe"].strip("<>")
    assert link.startswith("https://loyal.example.test/u/")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Id"] == f"<{message.campaign.purpose.slug}.example.test>"
    for kind in ("plain", "html"):
        text = text_of(mail, kind)
        assert link in text
        assert f"{link}all/" in text
        assert link.replace("/u/", "/p/") in text
        assert "1 rue des Essais" in text
        assert "Offres" in text


def test_one_click_is_promised_only_where_the_site_is_served_over_https(mailbox, settings):
    settings.SITE_URL = "http://loyal.example.test"
    message_to("Zoé", "zoe@example.test")

    send_queued_messages()

    assert mailbox[0]["List-Unsubscribe-Post"] is None
    assert mailbox[0]["List-Unsubscribe"].startswith("<http://loyal.example.test/u/")


def test_whoever_stops_between_scheduling_and_sending_gets_nothing(mailbox):
    message = message_to("Zoé", "zoe@example.test")
    record_stop(
        message.detail.address_key,
        channel="email",
        purpose_id=message.campaign.purpose_id,
        at=timezone.now(),
        origin="stop_link",
    )

    send_queued_messages()

    message.refresh_from_db()
    assert (message.status, message.reason) == ("withheld", "objected")
    assert mailbox == []


def test_a_message_to_somebody_erased_since_is_withheld(mailbox):
    message = message_to("Zoé", "zoe@example.test")
    message.detail.prospect.delete()

    send_queued_messages()

    message.refresh_from_db()
    assert (message.status, message.reason) == ("withheld", "erased")
    assert mailbox == []


@pytest.mark.parametrize("status", ["paused", "scheduled", "cancelled"])
def test_only_running_campaigns_are_sent(mailbox, status):
    message = message_to(
        "Zoé", "zoe@example.test", make_campaign(status=status, send_at=timezone.now(), finished_at=timezone.now())
    )

    send_queued_messages()

    message.refresh_from_db()
    assert message.status == "queued"
    assert mailbox == []


def test_a_claim_gives_each_message_to_one_worker_only(mailbox):
    campaign = running_campaign()
    for number in range(3):
        message_to("Zoé", f"zoe{number}@example.test", campaign)

    first, second, third = (claim(2, at=timezone.now()) for _ in range(3))

    assert [len(first.messages), len(second.messages), third] == [2, 1, None]
    assert not {m.pk for m in first.messages} & {m.pk for m in second.messages}


def test_a_lease_that_ends_makes_the_message_unknown_and_it_is_never_resent_by_itself(mailbox):
    message = message_to("Zoé", "zoe@example.test")
    claim(1, at=timezone.now() - timedelta(hours=2))

    settle_expired(at=timezone.now())
    send_queued_messages()

    message.refresh_from_db()
    assert (message.status, message.reason) == ("unknown", "lease_expired")
    assert message.message_id is not None
    assert mailbox == []


def test_a_claim_that_still_runs_is_left_alone(mailbox):
    message = message_to("Zoé", "zoe@example.test")
    claim(1, at=timezone.now())

    settle_expired(at=timezone.now())

    message.refresh_from_db()
    assert message.status == "sending"


def test_hundreds_of_messages_each_leave_once(mailbox):
    campaign = running_campaign()
    for number in range(230):
        message_to("Zoé", f"zoe{number}@example.test", campaign)

    send_queued_messages()

    assert sorted(mail["To"] for mail in mailbox) == sorted(f"zoe{number}@example.test" for number in range(230))
    assert Message.objects.filter(status="sent").count() == 230
