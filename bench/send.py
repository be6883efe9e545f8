"""How fast Loyal sends (claim, law, render, SMTP, record), beside smtp-source and Django's send_mass_mail.

The law is asked for every batch, limits are on, and a killed worker leaves at most 100 messages unknown per connection.
BENCH_CONTACTS, BENCH_MAILS and BENCH_ROUNDS change the size: 1,000,000, 50,000 and 3.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")

import django

django.setup()

from django.conf import settings
from django.core.mail import send_mass_mail
from django.core.management import call_command
from django.db import connection
from django.db.models import Max
from django.utils import timezone

from bench import world
from bench.measures import Measure, report
from bench.postfix import program, sink
from campaigns.delivery.compose import compose, sample_reader
from campaigns.delivery.skeleton import Skeleton
from campaigns.fields import EXAMPLES
from campaigns.models import Campaign, Message
from campaigns.tasks import send_queued_messages
from consent.models import Purpose

CONTACTS = int(os.environ.get("BENCH_CONTACTS", "1_000_000"))
MAILS = int(os.environ.get("BENCH_MAILS", "50_000"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
WORKERS = int(os.environ.get("BENCH_WORKERS", "2"))
DJANGO_MAILS = 3_000
BODY = "Bonjour {{ first_name }} {{ last_name }},\n\nVoici nos **nouveautés** : la ferme reprend ses ateliers.\n"


def main() -> None:
    call_command("migrate", verbosity=0)
    purpose = world.people(CONTACTS)
    size = mail_size(purpose)
    print(f"{MAILS:,} mails of {size:,} bytes to some of {CONTACTS:,} contacts, {WORKERS} Celery workers")
    chain = Measure("the whole chain", "mails/s", "smtp-source, 20 sessions", goal=0.8)
    django_like = Measure("the whole chain, beside Django", "mails/s", "send_mass_mail", goal=12)
    memory = Measure("memory of a worker process", "MB", goal=150, at_most=True)
    for number in range(ROUNDS):
        with sink() as port:
            source = smtp_source(port, size)
            mass = mass_mail(port)
            ours, megabytes = loyal(port, purpose)
        print(f"round {number + 1}: smtp-source {source:,.0f}, send_mass_mail {mass:,.0f}, Loyal {ours:,.0f} mails/s")
        chain.ours.append(ours)
        chain.reference.append(source)
        django_like.ours.append(ours)
        django_like.reference.append(mass)
        memory.ours.append(megabytes)
    report("send", [chain, django_like, memory])


def smtp_source(port: int, size: int) -> float:
    """Postfix's own load program, in C, with 20 sessions that stay open."""
    began = time.perf_counter()
    options = ["-d", "-s", "20", "-m", str(MAILS), "-l", str(size), "-f", "lettre@example.test", "-t", "a@example.test"]
    subprocess.run([*program("smtp-source"), *options, f"127.0.0.1:{port}"], check=True)
    return MAILS / (time.perf_counter() - began)


def mass_mail(port: int) -> float:
    """Django's way to many, on one connection, text alone."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    text = "Bonjour,\n\n" + "Voici nos nouveautés d'automne : la ferme reprend ses ateliers.\n" * 40
    began = time.perf_counter()
    send_mass_mail(
        ("Nos nouveautés", text, "lettre@example.test", [f"person-{number}@example.test"])
        for number in range(DJANGO_MAILS)
    )
    return DJANGO_MAILS / (time.perf_counter() - began)


def loyal(port: int, purpose: Purpose) -> tuple[float, float]:
    """Loyal's chain through Celery workers; also the memory of the largest worker process."""
    Campaign.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE campaigns_message CASCADE")
    with celery_workers(port) as processes:
        campaign = world.queue(purpose, MAILS, body=BODY)
        began_at, began = timezone.now(), time.perf_counter()
        for _ in range(WORKERS):
            send_queued_messages.delay()
        under_way = Message.objects.filter(campaign=campaign, status__in=["queued", "sending"])
        while under_way.exists():
            time.sleep(0.05)
            if time.perf_counter() - began > 600:
                sys.exit("sending does not end")
        megabytes = largest(processes)
    sent = Message.objects.filter(campaign=campaign, status="sent")
    if sent.count() != MAILS:
        sys.exit(f"only {sent.count()} of {MAILS} were sent")
    last = sent.aggregate(last=Max("ended_at"))["last"]
    seconds = (last - began_at).total_seconds()
    return MAILS / seconds, megabytes


@contextmanager
def celery_workers(port: int) -> Iterator[int]:
    """A Celery worker with as many processes as may send at once; gives its process id."""
    environment = os.environ | {"EMAIL_URL": f"smtp://127.0.0.1:{port}", "SENDING_WORKERS": str(WORKERS)}
    command = [sys.executable, "-m", "celery", "-A", "config", "worker", "-c", str(WORKERS), "-l", "warning"]
    command += ["--without-gossip", "--without-mingle", "-n", "bench@%h"]
    worker = subprocess.Popen(command, env=environment)
    try:
        wait_for_worker()
        yield worker.pid
    finally:
        worker.terminate()
        worker.wait()


def wait_for_worker() -> None:
    from config.celery import app

    for _attempt in range(100):
        if app.control.ping(timeout=0.3, destination=None):
            return
    sys.exit("the Celery worker does not start")


def largest(parent: int) -> float:
    """The most memory, in MB, that one of a worker's processes holds."""
    children = subprocess.run(["ps", "-o", "rss=", "--ppid", str(parent)], capture_output=True, text=True, check=True)
    return max(map(int, children.stdout.split())) / 1024


def mail_size(purpose: Purpose) -> int:
    campaign = Campaign(purpose=purpose, subject="{{ first_name }}, nos nouveautés d'automne", body=BODY)
    composition = compose(campaign)
    reader = sample_reader(campaign, composition, EXAMPLES, "person-123456@example.test")
    return len(Skeleton(composition).fill(reader, timezone.localtime()))


if __name__ == "__main__":
    main()
