"""How fast Loyal sends (claim, law, render, SMTP, record), beside smtp-source and Django's send_mass_mail.

The law is asked for every batch, limits are shared, and a killed worker leaves at most 100 messages unknown for each
connection. Reported beside: signing by DKIM, and each of these safeties switched off, which no setting of Loyal can do;
in mails a second, and in what workers and PostgreSQL take of the processors for a mail, which other load hardly moves.
BENCH_CONTACTS, BENCH_MAILS and BENCH_ROUNDS change the size: 1,000,000, 50,000 and 3.
"""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import sending  # sets Django up

# isort: split
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings
from django.core.mail import send_mass_mail

from bench.measures import Measure, report
from bench.postfix import program, sink

MAILS = int(os.environ.get("BENCH_MAILS", "50_000"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
DJANGO_MAILS = 3_000


def main() -> None:
    purpose = sending.make_world()
    size = sending.mail_size(purpose)
    print(
        f"{MAILS:,} mails of {size:,} bytes to some of {sending.CONTACTS:,} contacts, {sending.WORKERS} Celery workers"
    )
    chain = Measure(f"the whole chain, {MAILS:,} mails", "mails/s", "smtp-source, 20 sessions", goal=0.8)
    django_like = Measure(f"{chain.name}, beside Django", "mails/s", "send_mass_mail", goal=12)
    memory = Measure("memory of a worker process", "MB", goal=150, at_most=True)
    with dkim_keys() as (ed25519, rsa):
        others = {
            beside(chain, "signed by DKIM, Ed25519"): partial(sending.chain, DKIM_KEYS=f"bench={ed25519}"),
            beside(chain, "signed by DKIM, RSA of 2048 bits"): partial(sending.chain, DKIM_KEYS=f"bench={rsa}"),
            beside(chain, "without the law per batch"): partial(sending.chain, BENCH_WITHOUT="law"),
            beside(chain, "without shared limits"): partial(sending.chain, limit=0),
            beside(chain, "without the bound of a crash"): partial(
                sending.chain, BENCH_WITHOUT="bound", SENDING_UNKNOWN_PER_CONNECTION="10000"
            ),
        }
        costs = {measure: Measure(f"processors, {measure.name}", "µs a mail", chain.name) for measure in others}
        for number in range(ROUNDS):
            with sink() as port:
                source = smtp_source(port, size)
                mass = mass_mail(port)
                ours = sending.chain(port, purpose, MAILS)
                told = f"smtp-source {source:,.0f}, send_mass_mail {mass:,.0f}, Loyal {ours.mails_per_second:,.0f}"
                for measure, send in others.items():
                    other = send(port, purpose, MAILS)
                    compare(measure, other.mails_per_second, ours.mails_per_second)
                    compare(costs[measure], other.microseconds, ours.microseconds)
                    told += f", {measure.name} {other.mails_per_second:,.0f}"
            print(f"round {number + 1}, mails/s: {told}", flush=True)
            compare(chain, ours.mails_per_second, source)
            compare(django_like, ours.mails_per_second, mass)
            memory.ours.append(ours.megabytes)
    report("send", [chain, django_like, memory, *others, *costs.values()])


def compare(measure: Measure, ours: float, reference: float) -> None:
    measure.ours.append(ours)
    measure.reference.append(reference)


def beside(chain: Measure, name: str) -> Measure:
    """A variant of the chain, reported beside it."""
    return Measure(name, chain.unit, chain.name)


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


@contextmanager
def dkim_keys() -> Iterator[list[Path]]:
    """Private keys of both kinds, in files."""
    with TemporaryDirectory() as folder:
        paths: list[Path] = []
        for key in (Ed25519PrivateKey.generate(), generate_private_key(65537, 2048)):
            paths.append(Path(folder) / f"{len(paths)}.pem")
            paths[-1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        yield paths


if __name__ == "__main__":
    main()
