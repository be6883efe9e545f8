"""Forgetting a hundred thousand of a million people, beside the bare DELETE of the same people.

Both are taken in turn on copies of the same database. The bare DELETE is one statement that the database cascades; the
purge also asks the law about everybody, locks out whoever wants to stop or sign up, writes an act and folds the
permissions of each address, and keeps its register.
"""

import resource
import time
from datetime import timedelta
from itertools import pairwise

from bench import mixed

mixed.start()

from django.db import connection

from bench import mixed_world
from bench.measures import Measure, report
from prospects.models import Prospect
from prospects.retention import erase_silent_prospects

ROUNDS = 3
AT = mixed_world.NOW
GONE = mixed_world.PEOPLE // mixed_world.SILENT_EVERY


def main() -> None:
    mixed_world.make()
    purge = Measure(f"purge {GONE:,} of {mixed_world.PEOPLE:,} people", "s", "bare cascading DELETE", 2, at_most=True)
    longest = Measure("longest that anybody waits for a batch", "s", goal=2, at_most=True)
    idle = Measure(f"purge with nothing due, {mixed_world.PEOPLE - GONE:,} people kept", "s", goal=1, at_most=True)
    memory = Measure("growth of the Python process", "MB", goal=16, at_most=True)
    for _round in range(ROUNDS):
        with mixed.a_copy():
            purge.reference.append(_bare_delete())
        with mixed.a_copy():
            before, times = _peak_memory(), Times()
            assert erase_silent_prospects(AT, progress=times.note).erased_prospects == GONE
            purge.ours.append(time.perf_counter() - times.all[0])
            longest.ours.append(max(later - earlier for earlier, later in pairwise(times.all)))
            memory.ours.append(_peak_memory() - before)
            start = time.perf_counter()
            assert erase_silent_prospects(AT + timedelta(seconds=1)).erased_prospects == 0
            idle.ours.append(time.perf_counter() - start)
    report("purge", [purge, longest, idle, memory])


class Times:
    """When a run started, and when each of its batches was committed."""

    def __init__(self) -> None:
        self.all = [time.perf_counter()]

    def note(self, _rows: int) -> None:
        self.all.append(time.perf_counter())


def _bare_delete() -> float:
    """Delete the same people in one statement; the search for them is not measured."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE silent AS SELECT id FROM prospects_prospect WHERE id %% %s = 0",
            [mixed_world.SILENT_EVERY],
        )
        cursor.execute("ANALYZE silent")
        start = time.perf_counter()
        cursor.execute("DELETE FROM prospects_prospect WHERE id IN (SELECT id FROM silent)")
        seconds = time.perf_counter() - start
    assert Prospect.objects.count() == mixed_world.PEOPLE - GONE
    return seconds


def _peak_memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
