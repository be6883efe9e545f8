"""Loyal's whole chain (claim, law, render, SMTP, record), run by real Celery workers to be measured."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")

import django

django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.models import Max
from django.utils import timezone
from psutil import Process

from bench import world
from bench.processors import seconds_taken
from campaigns.delivery.compose import compose, sample_reader
from campaigns.delivery.skeleton import Skeleton
from campaigns.fields import EXAMPLES
from campaigns.models import Campaign, Message
from campaigns.tasks import send_queued_messages
from config.celery import app
from consent.models import Purpose

CONTACTS = int(os.environ.get("BENCH_CONTACTS", "1_000_000"))
WORKERS = int(os.environ.get("BENCH_WORKERS", "2"))
BODY = "Bonjour {{ first_name }} {{ last_name }},\n\nVoici nos **nouveautés** : la ferme reprend ses ateliers.\n"
# Asked for and shared as any limit, and never reached.
LIMIT = 100_000


def make_world() -> Purpose:
    """Return a purpose that so many people agreed to."""
    call_command("migrate", verbosity=0)
    return world.people(CONTACTS)


class Run(NamedTuple):
    """How one campaign went."""

    mails_per_second: float
    megabytes: float  # that one worker process held at most
    microseconds: float  # of the processors, for one mail, that the workers and PostgreSQL took


def chain(port: int, purpose: Purpose, mails: int, *, limit: int = LIMIT, **environment: str) -> Run:
    """Send so many mails through Celery workers."""
    environment |= {
        "OUTGOING_SERVERS": f"smtp://127.0.0.1:{port}?per_second={limit}",
        "SENDING_PER_DOMAIN": f"*={limit}",
        "SENDING_WORKERS": str(WORKERS),
    }
    Campaign.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE campaigns_message CASCADE")
    megabytes = 0.0
    with celery_workers(environment) as worker:
        campaign = world.queue(purpose, mails, body=BODY)
        began_at, give_up_at = timezone.now(), time.monotonic() + 1800
        postgresql, senders = _postgresql(), Process(worker).children()
        taken = seconds_taken(worker, postgresql)
        for _ in range(WORKERS):
            send_queued_messages.delay()
        under_way = Message.objects.filter(campaign=campaign, status__in=["queued", "sending"])
        while under_way.exists():
            time.sleep(0.2)  # looking costs the processors that are measured
            megabytes = max(megabytes, largest(senders))
            if time.monotonic() > give_up_at:
                sys.exit("sending does not end")
        megabytes = max(megabytes, largest(senders))
        taken = seconds_taken(worker, postgresql) - taken
    sent = Message.objects.filter(campaign=campaign, status="sent")
    if sent.count() != mails:
        sys.exit(f"only {sent.count()} of {mails} were sent")
    last = sent.aggregate(last=Max("ended_at"))["last"]
    return Run(mails / (last - began_at).total_seconds(), megabytes, taken / mails * 1_000_000)


def _postgresql() -> int:
    """The process whose children are PostgreSQL's, one for each connection."""
    services = settings.EMBEDDED_SERVICES
    if services is None:
        sys.exit("the bench runs on the embedded PostgreSQL alone")
    return int((services.places.postgresql_data / "postmaster.pid").read_text().split()[0])


@contextmanager
def celery_workers(environment: Mapping[str, str]) -> Iterator[int]:
    """A Celery worker with as many processes as may send at once; gives its process id."""
    command = [
        sys.executable,
        "-m",
        "celery",
        "-q",
        "-A",
        "bench.worker",
        "worker",
        "-c",
        str(WORKERS),
        "-l",
        "warning",
    ]
    command += ["--without-gossip", "--without-mingle", "-n", "bench@%h"]
    worker = subprocess.Popen(command, env=os.environ | environment)
    try:
        _wait_for_worker()
        yield worker.pid
    finally:
        worker.terminate()
        worker.wait()


def _wait_for_worker() -> None:
    for _attempt in range(100):
        if app.control.ping(timeout=0.3, destination=None):
            return
    sys.exit("the Celery worker does not start")


def largest(processes: Sequence[Process]) -> float:
    """The most memory, in MB, that one of these processes holds now."""
    return max(float(process.memory_info().rss) for process in processes) / 2**20


def mail_size(purpose: Purpose) -> int:
    """How many bytes one of these mails has."""
    campaign = Campaign(purpose=purpose, subject="{{ first_name }}, nos nouveautés d'automne", body=BODY)
    composition = compose(campaign)
    reader = sample_reader(campaign, composition, EXAMPLES, "person-123456@example.test")
    return len(Skeleton(composition).fill(reader, timezone.localtime()))
