"""Limits per second, shared by all workers through the cache."""

import threading
import time
from collections import Counter

import pytest
from django.db import connection

from campaigns.delivery.limits import Allowance
from campaigns.delivery.send import Turn
from campaigns.models import Message
from tests.campaigns.delivery.faulty_server import FaultyServer
from tests.campaigns.delivery.people import queue_campaign
from tests.factories import make_organisation

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
    settings.SENDING_PER_DOMAIN = {"example.test": "5"}
    with FaultyServer() as server:
        settings.OUTGOING_SERVERS = [f"smtp://127.0.0.1:{server.port}"]
        queue_campaign(30)
        for message in Message.objects.select_related("detail").order_by("pk")[:20]:
            message.detail.address = message.detail.address.replace("@example", "@other.example")
            message.detail.save(update_fields=["address"])
        Turn(1.5).run()

    counts = Counter(mail.recipient.partition("@")[2] for mail in server.accepted)
    assert counts["other.example.test"] == 20
    assert 1 <= counts["example.test"] <= 15
    assert Message.objects.filter(status="queued").count() == 10 - counts["example.test"]


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
