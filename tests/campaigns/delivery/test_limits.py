"""Limits per second, shared by all workers through the cache."""

import threading
import time
from collections import Counter

import pytest
from django.db import connection

from campaigns.delivery.limits import Allowance
from campaigns.delivery.send import Turn
from campaigns.launch import pause
from campaigns.models import Message
from campaigns.tasks import send_queued_messages
from tests.campaigns.delivery.faulty_server import FaultyServer
from tests.campaigns.delivery.people import queue_campaign
from tests.factories import make_campaign, make_organisation
from tests.processes import celery_worker, wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def organisation(transactional_db):
    make_organisation()


def in_each_second(server):
    return Counter(int(mail.accepted_at) for mail in server.accepted)


def test_two_workers_share_one_servers_limit(settings):
    with FaultyServer() as server:
        settings.OUTGOING_SERVERS = [f"smtp://127.0.0.1:{server.port}?per_second=20"]
        queue_campaign(60)

        def work():
            Turn(20).run()
            connection.close()

        began = time.monotonic()
        workers = [threading.Thread(target=work) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

    assert Message.objects.filter(status="sent").count() == 60
    assert time.monotonic() - began > 1  # three windows, of which the first may be nearly over
    # A second of the clock may hold the end of one window and the beginning of the next.
    assert max(in_each_second(server).values()) <= 40


def test_a_domains_limit_holds_back_that_domain_alone(settings):
    settings.SENDING_PER_DOMAIN = {"example.test": "0.01"}
    with FaultyServer() as server:
        settings.OUTGOING_SERVERS = [f"smtp://127.0.0.1:{server.port}"]
        campaign = queue_campaign(30)
        for message in Message.objects.select_related("detail").order_by("pk")[:20]:
            message.detail.address = message.detail.address.replace("@example", "@other.example")
            message.detail.save(update_fields=["address"])
        turn = threading.Thread(target=lambda: (Turn(600).run(), connection.close()))
        turn.start()
        wait_until(lambda: len(server.accepted) > 20)
        pause(campaign)
        turn.join()

    counts = Counter(mail.recipient.partition("@")[2] for mail in server.accepted)
    assert counts["other.example.test"] == 20
    assert counts["example.test"] in (1, 2)  # two where one window ends and another begins meanwhile
    assert Message.objects.filter(status="queued").count() == 10 - counts["example.test"]


def keep_to(limit, window, began_at, moments):
    """Whether never more had left than the windows of time so far hold; a slow machine only comes later."""
    first = int(began_at / window)
    return all(
        number <= limit * (int(moment / window) - first + 1) for number, moment in enumerate(sorted(moments), start=1)
    )


def test_two_workers_keep_to_a_campaigns_own_speed_and_hold_up_no_other(settings):
    with FaultyServer() as server:
        settings.OUTGOING_SERVERS = [f"smtp://127.0.0.1:{server.port}"]
        slow = queue_campaign(12, per_hour=4 * 3600)
        quick = make_campaign(status="running", send_at=slow.send_at, launched_at=slow.send_at, purpose=slow.purpose)
        Message.objects.bulk_create(
            Message(campaign=quick, detail_id=detail) for detail in slow.messages.values_list("detail_id", flat=True)
        )

        def work():
            Turn(60).run()
            connection.close()

        began_at = time.time()
        workers = [threading.Thread(target=work) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

    assert len(server.accepted) == 24
    ended = [message.ended_at.timestamp() for message in slow.messages.filter(status="sent")]
    assert len(ended) == 12
    assert keep_to(4, 1, began_at, ended)
    assert Message.objects.order_by("ended_at").values_list("campaign", flat=True).last() == slow.pk


def test_celery_workers_keep_to_a_campaigns_own_speed(mailbox):
    slow = queue_campaign(8, per_hour=2 * 3600)
    began_at = time.time()

    with celery_worker(concurrency=2):
        for _place in range(2):
            send_queued_messages.delay()
        wait_until(lambda: not slow.messages.exclude(status="sent").exists(), 120)

    ended = [message.ended_at.timestamp() for message in slow.messages.all()]
    assert len(mailbox) == 8
    assert keep_to(2, 1, began_at, ended)


def test_more_than_a_whole_number_a_second_is_never_rounded_up():
    allowance = Allowance("one-and-a-half", 1.5)

    assert (allowance._limit, allowance._window) == (1, 1 / 1.5)


def test_less_than_one_a_second_is_one_in_several_seconds():
    allowance = Allowance("slow", 0.2)

    assert allowance.has_one()
    allowance.take_one()
    assert not allowance.has_one()


def test_nothing_leaves_where_limits_cannot_be_shared(monkeypatch):
    from redis.exceptions import ConnectionError as NoServer

    from campaigns.delivery import limits

    def no_server(*_arguments, **_named):
        raise NoServer

    monkeypatch.setattr(limits.cache, "add", no_server)

    assert not Allowance("any", 10).has_one()
