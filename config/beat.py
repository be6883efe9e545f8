"""The schedule, and the pulse by which others see that beat is alive."""

import time

from django.core.cache import cache
from django_celery_beat.schedulers import DatabaseScheduler

PULSE = "beat:pulse"
SECONDS_BETWEEN_PULSES = 2.0


class PulsingScheduler(DatabaseScheduler):  # type: ignore[misc]
    """Django's own scheduler, editable in the admin, which leaves the time of its last tick in the cache."""

    _pulsed_at = 0.0

    def tick(self, *args: object, **options: object) -> float:
        """Send what is due, then say so; never sleeps longer than a pulse."""
        seconds: float = super().tick(*args, **options)
        if time.monotonic() - self._pulsed_at >= SECONDS_BETWEEN_PULSES:
            cache.set(PULSE, time.time(), timeout=None)
            self._pulsed_at = time.monotonic()
        return min(seconds, SECONDS_BETWEEN_PULSES)


def seconds_since_pulse() -> float | None:
    """Give the age of beat's last tick; None where none is known."""
    pulse: float | None = cache.get(PULSE)
    return None if pulse is None else max(0.0, time.time() - pulse)
