"""What servers refuse marks addresses and stops campaigns; windows and second thoughts."""

from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from django.utils.translation import override

from campaigns.delivery.again import send_unknown_again
from campaigns.delivery.bounces import mark_undeliverable
from campaigns.delivery.send import Turn
from campaigns.delivery.windows import is_open
from campaigns.launch import resume
from campaigns.models import Bounce, Campaign, Message
from campaigns.returns.take_in import take_in
from campaigns.returns.understand import understand
from campaigns.troubles import trouble_words
from consent.models import Objection
from tests.campaigns.delivery.faulty_server import FaultyServer
from tests.campaigns.delivery.people import queue_campaign
from tests.campaigns.returns.mails import complaint
from tests.factories import make_campaign, make_detail, make_message, make_organisation

pytestmark = pytest.mark.django_db(transaction=True)
PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture(autouse=True)
def organisation(transactional_db):
    return make_organisation()


def send_by(server, settings):
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    Turn(20).run()


def test_an_address_that_does_not_exist_is_undeliverable_and_that_is_no_objection(settings):
    with FaultyServer(lambda recipient: "550 at RCPT" if "-1@" in recipient else "") as server:
        queue_campaign(3)
        send_by(server, settings)

    message = Message.objects.get(status="failed")
    assert message.detail.state == "undeliverable"
    assert message.reason == "550 5.1.1 No such user"
    bounce = message.bounces.get()
    assert (bounce.kind, bounce.status) == ("hard", "5.1.1")
    assert not Objection.objects.exists()
    assert Message.objects.filter(status="sent", detail__state="usable").count() == 2


def test_a_mail_refused_for_its_content_says_nothing_about_the_address(settings):
    with FaultyServer(lambda _recipient: "550 after the body") as server:
        queue_campaign(1)
        send_by(server, settings)

    message = Message.objects.get()
    assert (message.status, message.bounces.get().kind) == ("failed", "soft")
    assert message.detail.state == "usable"


@pytest.mark.parametrize(
    ("days", "kinds", "state"),
    [
        ([0, 2, 4, 6, 7], "sssss", "undeliverable"),
        ([0, 1, 2, 3, 4], "sssss", "usable"),
        ([0, 3, 7, 9], "ssss", "usable"),
        ([0, 2, 4, 6, 8], "ss-ss", "usable"),
    ],
)
def test_five_soft_bounces_in_a_row_over_a_week_make_an_address_undeliverable(days, kinds, state):
    detail, began = make_detail(), timezone.now() - timedelta(days=20)
    for day, kind in zip(days, kinds, strict=True):
        message = make_message(detail=detail, status="sent", ground="consent")
        if kind == "s":
            Bounce.objects.create(message=message, kind="soft", at=began + timedelta(days=day))

    mark_undeliverable([message.pk])

    detail.refresh_from_db()
    assert detail.state == state


def test_a_campaign_stops_by_itself_where_too_many_mails_fail_and_goes_on_when_told_to(settings):
    settings.SENDING_FAILURES_STOP = 0.05
    with FaultyServer(lambda recipient: "550 at RCPT" if "0@" in recipient else "") as server:
        campaign = queue_campaign(600)
        send_by(server, settings)

        campaign.refresh_from_db()
        assert campaign.status == Campaign.Status.PAUSED
        with override("fr"):
            assert "10,0\u00a0%" in trouble_words(campaign)
        assert Message.objects.filter(status="queued").exists()

        settings.SENDING_FAILURES_STOP = 0.5
        resume(campaign)
        send_by(server, settings)

    assert not Message.objects.filter(status="queued").exists()


def test_a_campaign_stops_by_itself_where_too_many_readers_complain():
    campaign = make_campaign(status="running", send_at=timezone.now(), launched_at=timezone.now())
    messages = [
        make_message(campaign=campaign, status="sent", ground="consent", ended_at=timezone.now()) for _ in range(100)
    ]
    for number, message in enumerate(messages[:3], start=1):
        message.message_id = UUID(int=message.pk << 64 | number)
        message.save(update_fields=["message_id"])
        campaign.refresh_from_db()
        assert campaign.status == Campaign.Status.RUNNING
        take_in(understand(complaint(message)), at=timezone.now())

    campaign.refresh_from_db()
    assert campaign.status == Campaign.Status.PAUSED
    with override("fr"):
        assert "3,0\u00a0%" in trouble_words(campaign)


def paris(text):
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


@pytest.mark.parametrize(
    ("moment", "open_then"),
    [
        ("2026-11-24 09:00", True),
        ("2026-11-24 08:59", False),
        ("2026-11-24 18:00", False),
        ("2026-11-28 10:00", False),  # a Saturday
        ("2026-12-25 10:00", False),  # Christmas, a Friday
        ("2026-07-13 09:00", True),  # summer time
    ],
)
def test_a_window_is_counted_in_paris_days_hours_and_holidays(moment, open_then):
    campaign = make_campaign(
        window_days=[0, 1, 2, 3, 4], window_from=time(9), window_until=time(18), window_holidays=False
    )

    assert is_open(campaign, paris(moment)) is open_then


def test_nothing_leaves_while_the_window_is_closed(settings):
    tomorrow = (timezone.localtime() + timedelta(days=1)).weekday()
    with FaultyServer() as server:
        campaign = queue_campaign(3, window_days=[tomorrow])
        send_by(server, settings)
        assert server.accepted == []

        Campaign.objects.filter(pk=campaign.pk).update(window_days=[])
        send_by(server, settings)
        assert len(server.accepted) == 3


def test_unknown_messages_are_sent_again_only_when_a_person_says_so(settings):
    campaign = make_campaign(status="done", send_at=timezone.now(), finished_at=timezone.now())
    message = make_message(campaign=campaign, status="unknown", reason="lease_expired")
    with FaultyServer() as server:
        send_by(server, settings)
        assert server.accepted == []

        assert send_unknown_again(campaign) == 1
        send_by(server, settings)

    message.refresh_from_db()
    assert message.status == "sent"
