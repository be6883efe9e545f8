"""Workers killed at random, PostgreSQL and Valkey restarted: no mail twice, and every message has its end.

`make test` runs this in short; `make test-faults` (LOYAL_FAULTS=long) with 20 kills and more during 20,000 mails.
"""

import os
import random
import signal
import subprocess
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.utils import timezone

from campaigns.delivery.claim import settle_expired
from campaigns.models import Message
from campaigns.tasks import send_queued_messages
from tests import processes
from tests.campaigns.delivery.faulty_server import FAULTS, FaultyServer
from tests.campaigns.delivery.people import queue_campaign
from tests.factories import make_organisation

pytestmark = pytest.mark.django_db(transaction=True)

LONG = os.environ.get("LOYAL_FAULTS") == "long"
MAILS, KILLS = (20_000, 24) if LONG else (2_400, 3)


@pytest.fixture
def server(transactional_db, settings):
    make_organisation()
    with FaultyServer(seconds_per_mail=0.001 if LONG else 0.005) as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server


def children(pid):
    """The processes that a Celery worker sends with."""
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [int(child) for child in found.stdout.split()]


def unsettled():
    return Message.objects.filter(status="queued").exists()


def kill_now_and_then(worker, server, chance):
    """Kill a sending process each time the server has taken one more random number of mails, until all is sent."""
    moments = sorted(chance.sample(range(1, MAILS // 3), KILLS))
    killed = 0
    deadline = time.monotonic() + 900
    send_queued_messages.delay()
    asked_at = time.monotonic()
    while moments or unsettled():
        assert time.monotonic() < deadline, "sending does not end"
        if moments and len(server.accepted) >= moments[0] and (pids := children(worker.pid)):
            os.kill(chance.choice(pids), signal.SIGKILL)
            killed += 1
            moments.pop(0)
        if time.monotonic() - asked_at > 0.5:
            send_queued_messages.delay()
            asked_at = time.monotonic()
        time.sleep(0.005)
    return killed


def settle():
    """Wait until the workers hold nothing, but for what the killed ones held, and let that expire."""
    before = None
    while (now := set(Message.objects.filter(status="sending").values_list("pk", flat=True))) != before:
        before = now
        time.sleep(1.5)
    settle_expired(at=timezone.now() + timedelta(days=1))


def assert_nothing_doubled_and_nothing_lost(server):
    accepted = Counter(server.recipients)
    assert max(accepted.values()) == 1
    counts = Counter(Message.objects.values_list("status", flat=True))
    assert sum(counts.values()) == MAILS
    assert set(counts) <= {"sent", "failed", "unknown", "withheld"}
    assert not Message.objects.exclude(status="sent").filter(reason="").exists()
    sent = set(Message.objects.filter(status="sent").values_list("detail__address", flat=True))
    unknown = set(Message.objects.filter(status="unknown").values_list("detail__address", flat=True))
    assert sent <= set(accepted)
    assert set(accepted) <= sent | unknown
    return counts


def test_killed_workers_double_nothing_and_leave_little_unknown(server):
    chance = random.Random(20)
    queue_campaign(MAILS)
    with processes.celery_worker("--prefetch-multiplier", "1", concurrency=2) as worker:
        killed = kill_now_and_then(worker, server, chance)
        settle()

    counts = assert_nothing_doubled_and_nothing_lost(server)
    assert killed == KILLS
    assert counts["unknown"] <= killed * 8 * django_settings.SENDING_UNKNOWN_PER_CONNECTION
    print(f"{killed} kills: {dict(counts)}")  # noqa: T201


@pytest.mark.skipif(not LONG, reason="make test-faults restarts the servers that other tests share")
def test_restarted_servers_change_nothing(server):
    chance = random.Random(21)
    server.misbehave = lambda _recipient: chance.choice(FAULTS) if chance.random() < 0.001 else ""
    queue_campaign(MAILS)
    with processes.celery_worker(concurrency=2):
        deadline, restarts = time.monotonic() + 900, 0
        while True:
            assert time.monotonic() < deadline, "sending does not end"
            time.sleep(chance.uniform(1, 3))
            try:
                if not unsettled():
                    break
                if restarts < 4:
                    restart("postgresql" if restarts % 2 else "valkey")
                    restarts += 1
                Message.objects.filter(status="queued").update(not_before=None)
                send_queued_messages.delay()
            except Exception as error:
                print(f"meanwhile: {type(error).__name__}")  # noqa: T201
                connection.close()
        settle()

    assert restarts == 4
    print(f"{restarts} restarts: {dict(assert_nothing_doubled_and_nothing_lost(server))}")  # noqa: T201


def restart(name):
    """Stop one embedded server; whoever connects next starts it again."""
    places = django_settings.EMBEDDED_SERVICES.places
    if name == "postgresql":
        pid = int((places.postgresql_data / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGINT)
    else:
        import redis

        redis.Redis(unix_socket_path=str(places.valkey_socket)).shutdown(nosave=True)
