"""Places at the senders' tables, one for each channel: how many workers send at once, over all machines."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from campaigns.channels import SentByWorker

_LOCKS = 0x53656E64  # the advisory lock class of senders
_PLACES = 1000  # of one channel, at most


@contextmanager
def a_place(channel: SentByWorker) -> Iterator[bool]:
    """Hold one of the places, if one is free, until the block ends. A place whose holder is gone is free at once."""
    first = channel.rank * _PLACES
    place = next(filter(_taken, range(first, first + channel.workers)), None)
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
