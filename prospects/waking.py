"""A task that finds its work in the database is woken once for all who ask before it begins."""

from collections.abc import Callable

import structlog
from django.core.cache import cache
from redis.exceptions import RedisError

from prospects.turnstile import Take, go_through, note

# A task that is lost is made up for by the next one woken after this, and by beat.
_LONGEST = 10

log = structlog.get_logger(__name__)


def wake(task: str, send: Callable[[], object], *, noting: Take | None = None) -> None:
    """Send the task to the queue, unless one is there that has not begun. Called once the work is committed.

    `noting` is what is to be written down at the same time, in the same step.

    Whoever finds the mark finds it before that task takes it off and looks for work: what was committed is seen.
    """
    mark = Take(_mark(task), "1", _LONGEST)
    if note(noting, mark) if noting else go_through(mark) == [""]:
        send()


def begins(task: str) -> None:
    """Note that the task is about to look for its work: who asks from now on wakes it anew."""
    try:
        cache.delete(_mark(task))
    except RedisError as error:
        # The mark ends by itself; the work is done in any case.
        log.warning("mark of a woken task not taken off", task=task, error=type(error).__name__)


def _mark(task: str) -> str:
    return f"woken:{task}"
