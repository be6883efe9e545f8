"""Moments typed on a command line."""

from datetime import datetime

from django.core.management.base import CommandError
from django.utils import timezone


def moment(text: str) -> datetime:
    """Read a moment; without an offset it is a time in Paris, and a day alone its first instant."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{text!r} is no date and time, such as 2026-11-24T10:00+01:00") from error
    return read if timezone.is_aware(read) else timezone.make_aware(read)
