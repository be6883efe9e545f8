"""Whatever a server does, no mail leaves twice, none is lost, and each says how it ended."""

import random
import threading
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from campaigns.delivery.send import Turn
from campaigns.models import Campaign, Message
from tests.campaigns.delivery.faulty_server import FAULTS, FaultyServer
from tests.campaigns.delivery.people import queue_campaign
from tests.factories import make_organisation
from tests.processes import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _patience(transactional_db, settings):
    make_organisation()
    settings.SENDING_REPLY_SECONDS = settings.SENDING_BODY_SECONDS = 120
    settings.EMAIL_HOST = "127.0.0.1"


def send_all(server, settings, *, turns=60, seconds=120):
    """Take turns until nothing is queued any more, jumping over the pauses between attempts."""
    settings.EMAIL_PORT = server.port
    until = time.monotonic() + seconds
    for _ in range(turns):
        Turn(30).run()
        Message.objects.filter(status="queued").update(not_before=None)
        if not Message.objects.filter(status="queued").exists() or time.monotonic() > until:
            return
        time.sleep(0.05)


def statuses():
    return Counter(Message.objects.values_list("status", flat=True))


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("pipelining", [True, False])
def test_one_faulty_mail_among_others_ends_as_the_wire_told(fault, pipelining, settings):
    victim = "person-7@example.test"
    if fault.startswith("stall"):
        settings.SENDING_REPLY_SECONDS = settings.SENDING_BODY_SECONDS = 2
    with FaultyServer(lambda recipient: fault if recipient == victim else "", pipelining=pipelining) as server:
        queue_campaign(20)
        settings.EMAIL_PORT = server.port
        Turn(30).run()
        first = Message.objects.get(detail__address=victim)
        send_all(server, settings, turns=3)

    expected = {
        "421 at MAIL": "queued",
        "450 at RCPT": "queued",
        "450 at DATA": "queued",
        "550 at RCPT": "failed",
        "550 after the body": "failed",
        "421 after the body": "queued",
        "half-close at MAIL": "queued",
        "stall at RCPT": "queued",
        "rubbish": "queued",
        "accept, then reset": "sent",
    }.get(fault, "unknown")
    assert first.status == expected, first.reason
    assert first.reason or expected == "sent"
    assert Message.objects.exclude(pk=first.pk).exclude(status="sent").count() == 0
    assert max(Counter(server.recipients).values()) == 1


@pytest.mark.parametrize("pipelining", [True, False])
def test_a_server_that_fails_at_random_doubles_nothing_and_loses_nothing(settings, pipelining):
    settings.SENDING_REPLY_SECONDS = settings.SENDING_BODY_SECONDS = 1
    chance = random.Random(5)
    with FaultyServer(
        lambda _recipient: chance.choice(FAULTS) if chance.random() < 0.15 else "", pipelining=pipelining
    ) as server:
        queue_campaign(300)
        send_all(server, settings)

        accepted = Counter(server.recipients)
        names = {mail.recipient: mail.message_id for mail in server.accepted}
    assert max(accepted.values()) == 1
    counts = statuses()
    assert sum(counts.values()) == 300
    assert set(counts) <= {"sent", "failed", "unknown"}
    for message in Message.objects.select_related("detail"):
        address = message.detail.address
        if message.status == "sent":
            assert names[address] == f"<{message.message_id.hex}@example.test>"
        else:
            assert message.reason
        if message.status == "failed":
            assert address not in accepted
        if address in accepted:
            assert message.status in ("sent", "unknown")


def test_a_whole_server_down_makes_the_campaign_wait_and_say_so(settings):
    with FaultyServer() as server:
        queue_campaign(5)
        settings.EMAIL_PORT = server.port
        server.stop()
        Turn(5).run()

        campaign = Campaign.objects.get()
        assert "127.0.0.1" in campaign.trouble
        assert statuses() == {"queued": 5}

        server.start_again()
        Turn(5).run()

    campaign.refresh_from_db()
    assert campaign.trouble == ""
    assert statuses() == {"sent": 5}


def test_a_second_server_takes_over_from_one_that_is_down(settings):
    with FaultyServer() as dead, FaultyServer() as alive:
        dead.stop()
        settings.OUTGOING_SERVERS = [f"smtp://127.0.0.1:{dead.port}", f"smtp://127.0.0.1:{alive.port}"]
        queue_campaign(20)
        Turn(5).run()

    assert statuses() == {"sent": 20}
    assert len(alive.accepted) == 20


def test_a_server_that_says_later_is_asked_again_with_growing_pauses_until_two_days_have_passed(settings):
    with FaultyServer(lambda _recipient: "450 at RCPT") as server:
        settings.EMAIL_PORT = server.port
        queue_campaign(1)
        waited, pauses = timedelta(), []
        while True:
            began = timezone.now()
            Turn(5).run()
            message = Message.objects.get()
            if message.status != "queued":
                break
            pauses.append(message.not_before - began)
            waited += pauses[-1]
            Message.objects.update(not_before=timezone.now() - timedelta(seconds=1))

    assert (message.status, message.reason) == ("failed", "450 4.2.0 Try later")
    assert pauses == sorted(pauses)
    assert timedelta(hours=47) < waited <= timedelta(days=2, minutes=1)


def test_a_message_put_off_is_not_tried_before_its_time(settings):
    with FaultyServer(lambda _recipient: "450 at RCPT") as server:
        settings.EMAIL_PORT = server.port
        queue_campaign(1)
        Turn(5).run()
        Turn(5).run()

    assert sum(command.startswith("RCPT") for command in server.commands) == 1


def test_one_answer_that_is_long_in_coming_holds_up_nobody_else(settings):
    with FaultyServer(lambda recipient: "stall after the body" if "-3@" in recipient else "") as server:
        settings.EMAIL_PORT = server.port
        queue_campaign(150)  # three batches
        turn = threading.Thread(target=lambda: (Turn(600).run(), connection.close()))
        turn.start()
        wait_until(lambda: statuses()["sent"] == 148, 60)  # all but this one and the next on its connection
        server.hang_up()
        turn.join()
        Turn(30).run()

    assert statuses() == {"sent": 149, "unknown": 1}


def test_servers_share_the_mails_by_their_weights(settings):
    with FaultyServer() as large, FaultyServer() as small:
        settings.OUTGOING_SERVERS = [f"smtp://127.0.0.1:{large.port}?weight=3", f"smtp://127.0.0.1:{small.port}"]
        queue_campaign(400)
        Turn(20).run()

    assert statuses() == {"sent": 400}
    assert 250 <= len(large.accepted) <= 350
