"""Places at the senders' table: how many workers send at once, over all machines."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

_LOCKS = 0x53656E64  # the advisory lock class of senders


@contextmanager
def a_place() -> Iterator[bool]:
    """Hold one of the places, if one is free, until the block ends. A place whose holder is gone is free at once."""
    place = next(filter(_taken, range(settings.SENDING_WORKERS)), None)
    try:
        yield place is not None
    finally:
        if place is not None:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCKS, place])


def _taken(place: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCKS, place])
        return bool(cursor.fetchone()[0])
