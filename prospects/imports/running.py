"""An import from its first batch to its last: read and normalised here, loaded in lanes, resumed where it stopped."""

import gc
from array import array
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import Lock
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from consent.vocabulary import Medium
from prospects.imports import uploads
from prospects.imports.arrivals import Arrival, Refusal
from prospects.imports.declaration import Declaration
from prospects.imports.files import FileFormat
from prospects.imports.lanes import Direct, Lane, Threaded
from prospects.imports.loading import Loader, Told
from prospects.imports.normalising import Normaliser
from prospects.imports.reading import open_table
from prospects.imports.vocabulary import Vocabulary
from prospects.models import Import, ImportLane

BATCH = 5_000
# People with an e-mail address come in by one of two lanes, by their address; the others after them all, so that they
# meet whoever has come with the same number.
_EMAIL_LANES, _OTHERS = (0, 1), 2
_RUNS = 0x4C6F7B  # the advisory lock class of imports at work

Progress = Callable[[int], None]


class AlreadyAtWork(Exception):
    """Another process is at work on this import."""


def check(run: Import, *, at: datetime, progress: Progress = lambda lines: None) -> dict[str, Any]:
    """Say what an import would come to, and change nothing.

    Each batch is taken in and taken back: somebody who appears in two batches is counted as new in both.
    """
    return _Run(run, at=at, dry=True).through(progress)


def start(run: Import, *, at: datetime) -> None:
    """Declare an import begun; from now on it goes to its end, whoever is killed meanwhile."""
    run.status, run.started_at = Import.Status.RUNNING, at
    run.save(update_fields=["status", "started_at"])


def finish(run: Import, *, progress: Progress = lambda lines: None) -> dict[str, Any]:
    """Take in what is left of a started import.

    Raises AlreadyAtWork where another process is at it; whatever else stops it leaves it to a later resumption.
    """
    if run.started_at is None:
        raise ValueError("the import has not been started")
    with at_work(run):
        run.refresh_from_db(fields=["status"])
        if run.status not in (Import.Status.RUNNING, Import.Status.STOPPED, Import.Status.FAILED):
            raise AlreadyAtWork
        Import.objects.filter(pk=run.pk).update(status=Import.Status.RUNNING, problem="")
        figures = run.figures = _Run(run, at=run.started_at).through(progress)
        run.status, run.finished_at, run.problem = Import.Status.DONE, timezone.now(), ""
        run.save(update_fields=["status", "figures", "finished_at", "problem"])
    return figures


@contextmanager
def at_work(run: Import) -> Iterator[None]:
    """Be the only process at work on this import; the database lets go of it if this process dies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_RUNS, run.pk])
        if cursor.fetchone() == (False,):
            raise AlreadyAtWork
        try:
            yield
        finally:
            if connection.is_usable():
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_RUNS, run.pk])


def lines_done(run: Import) -> int:
    """How many rows have come in or been refused so far."""
    return sum(sum(lane.counts.get("outcomes", {}).values()) for lane in run.lanes.all())


class _Run:
    def __init__(self, run: Import, *, at: datetime, dry: bool = False) -> None:
        self._run, self._at, self._dry = run, at, dry
        self._normaliser = Normaliser(run, at=at, vocabulary=Vocabulary.current())
        self._format = FileFormat(**run.file_format)
        self._reached: dict[int, int] = {}
        self._figures: dict[str, Counter[str]] = {"outcomes": Counter(), "reasons": Counter()}
        # Two lanes share phone numbers, and only one process at a time may say something about a number.
        says = bool(Declaration.from_json(run.declaration).consents) or "objected_on" in run.columns
        self._is_long = run.lines > 2 * BATCH and not dry
        self._in_two = self._is_long and run.kind == Import.Kind.CONTACTS and not says

    def through(self, progress: Progress) -> dict[str, Any]:
        """Go through the file: first those who have an e-mail address, then the others."""
        for lane in (*_EMAIL_LANES, _OTHERS):
            ImportLane.objects.get_or_create(run=self._run, lane=lane)
        with transaction.atomic():
            # A killed process may have left its last batch to the database: locking the lanes waits for it to end.
            for row in ImportLane.objects.select_for_update().filter(run=self._run).order_by("lane"):
                self._reached[row.lane] = 0 if self._dry else row.last_line
        resumed = any(self._reached.values())
        others = array("L")
        before = 0 if self._dry else lines_done(self._run)
        one_at_a_time = Lock()

        def loaded(told: Told) -> None:
            with one_at_a_time:
                self._figures["outcomes"] += told.outcomes
                self._figures["reasons"] += told.reasons
                progress(before + self._figures["outcomes"].total())

        with _no_search_for_cycles():
            self._load(_EMAIL_LANES if self._in_two else _EMAIL_LANES[:1], loaded, others=others)
            if others or resumed:
                self._load((_OTHERS,), loaded, only=None if resumed else frozenset(others))
        if self._dry:
            ImportLane.objects.filter(run=self._run, last_line=0).delete()
            return {name: dict(counter) for name, counter in self._figures.items()}
        return self._all_figures()

    def _load(
        self,
        lanes: tuple[int, ...],
        loaded: Callable[[Told], None],
        *,
        others: "array[int] | None" = None,
        only: frozenset[int] | None = None,
    ) -> None:
        kind = Threaded if self._is_long else Direct
        open_lanes: dict[int, Lane] = {}
        batches: dict[int, list[Arrival | Refusal]] = {lane: [] for lane in lanes}
        with kind.opened() as opener:
            for lane in lanes:
                loader = Loader(self._run, lane, at=self._at, shared=len(lanes) > 1, dry=self._dry)
                open_lanes[lane] = opener.lane(loader.load, loaded)
            for row in self._rows(min(self._reached[lane] for lane in lanes), only):
                lane = self._lane_of(row)
                if lane not in open_lanes:
                    if others is not None:
                        others.append(row.line)
                    continue
                if row.line <= self._reached[lane]:
                    continue
                batch = batches[lane]
                batch.append(row)
                if len(batch) >= BATCH:
                    open_lanes[lane].put(batch)
                    batches[lane] = []
            for lane, batch in batches.items():
                if batch:
                    open_lanes[lane].put(batch)

    def _rows(self, after: int, only: frozenset[int] | None) -> Iterator[Arrival | Refusal]:
        names, rows = open_table(uploads.path_of(self._run), self._format)
        width = len(names)
        for row in rows:
            width = width or len(row.cells)
            if row.line > after and (only is None or row.line in only):
                yield self._normaliser.read(row, width)

    def _lane_of(self, row: Arrival | Refusal) -> int:
        if isinstance(row, Refusal):
            return _EMAIL_LANES[0]
        first = row.addresses[0]
        if first.medium != Medium.EMAIL:
            return _OTHERS
        return first.keys[0].int >> 127 if self._in_two else _EMAIL_LANES[0]

    def _all_figures(self) -> dict[str, Any]:
        figures: dict[str, Counter[str]] = {"outcomes": Counter(), "reasons": Counter()}
        for lane in ImportLane.objects.filter(run=self._run):
            for name, counter in figures.items():
                counter.update(lane.counts.get(name, {}))
        return {name: dict(counter) for name, counter in figures.items()}


@contextmanager
def _no_search_for_cycles() -> Iterator[None]:
    """Let rows go as soon as nothing refers to them: none refers back, and the search took a third of the time."""
    searched = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searched:
            gc.enable()
