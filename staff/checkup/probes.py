"""The probes of the check page, by name; each is run within a time limit and never breaks the others."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from dataclasses import dataclass

import structlog
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consent.models import Sender
from staff.checkup import machine, names, servers
from staff.checkup.line import Line, red

log = structlog.get_logger(__name__)

SECONDS = 10.0


@dataclass(frozen=True)
class Probe:
    """One group of lines. `reads_database` keeps it on the connection of whoever asks; the others wait in threads."""

    name: str
    title: str | Promise
    look: Callable[[], Iterable[Line]]
    reads_database: bool = False


PROBES = {
    probe.name: probe
    for probe in (
        Probe("database", "PostgreSQL", machine.database, reads_database=True),
        Probe("redis", "Redis", machine.redis),
        Probe("beat", gettext_lazy("Beat (the clock)"), machine.beat),
        Probe("workers", gettext_lazy("Workers"), machine.workers),
        Probe("mail", gettext_lazy("Outgoing mail"), servers.look),
        Probe(
            "names", gettext_lazy("The senders' domains"), lambda: names.look_at_all(_domains()), reads_database=True
        ),
        Probe("address", gettext_lazy("Site address"), machine.address),
        Probe("secrets", gettext_lazy("Secrets"), machine.secrets),
        Probe("disk", gettext_lazy("Disk"), machine.disk),
    )
}


def run(probe: Probe) -> list[Line]:
    """Run one probe and return its lines, a red one where it failed or took too long."""
    return dict(run_all([probe]))[probe.name]


def run_all(probes: Iterable[Probe]) -> Iterator[tuple[str, list[Line]]]:
    """Run several beside one another and give their lines in their order."""
    language = translation.get_language()
    pool = ThreadPoolExecutor(max_workers=len(PROBES), thread_name_prefix="checkup")
    try:
        asked: list[tuple[Probe, Future[list[Line]] | None]] = [
            (probe, None if probe.reads_database else pool.submit(_look, probe, language)) for probe in probes
        ]
        for probe, future in asked:
            yield probe.name, _look(probe, language) if future is None else _within_time(probe, future)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _look(probe: Probe, language: str | None) -> list[Line]:
    with translation.override(language):
        try:
            return list(probe.look())
        except Exception as error:
            log.exception("a check failed", check=probe.name)
            return [red(probe.title, type(error).__name__, _("This check itself failed: the logs say more."))]


def _within_time(probe: Probe, future: Future[list[Line]]) -> list[Line]:
    try:
        return future.result(timeout=SECONDS)
    except TookTooLong:
        seen = _("no answer within %(seconds)s seconds") % {"seconds": round(SECONDS)}
        return [red(probe.title, seen, _("Look whether a firewall drops what this machine sends."))]


def _domains() -> list[str]:
    return sorted({sender.domain for sender in Sender.objects.active()})
