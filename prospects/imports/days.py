"""Days and moments as people write them in spreadsheets."""

import re
from datetime import date, datetime
from functools import lru_cache

from consent.law.days import PARIS, start_of_day

_NUMBERS = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})(?:[ T]+(\d{1,2})[:h](\d{2})(?::(\d{2}))?)?")


@lru_cache(maxsize=50_000)
def moment(text: str, *, month_first: bool = False) -> datetime:
    """Read a day, or a day and time: 2026-11-24, 24/11/2026, 24.11.2026 10:30, with Paris where no zone is said.

    A day is its first instant in Paris. Raises ValueError.
    """
    written = _NUMBERS.fullmatch(text)
    if written:
        first, second, year, hour, minute, seconds = (int(number or 0) for number in written.groups())
        day, month = (second, first) if month_first else (first, second)
        read = datetime(year, month, day, hour, minute, seconds)  # noqa: DTZ001 - its zone comes below
        timed = written[4] is not None
    else:
        read = datetime.fromisoformat(text)
        timed = len(text) > len("2026-11-24")
    if not timed:
        return start_of_day(read.date())
    return read if read.tzinfo else read.replace(tzinfo=PARIS)


def day(text: str, *, month_first: bool = False) -> date:
    """Read a day. Raises ValueError."""
    return moment(text, month_first=month_first).astimezone(PARIS).date()
