"""Terms that run from a day, in Paris: a month is over on the day of the next month that has the same number."""

from calendar import monthrange
from datetime import date, datetime, timedelta

from consent.law.days import paris_day, start_of_day


def months_later(day: date, months: int) -> date:
    """Return the day with the same number so many months later, or that month's last where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def within_a_month(moment: datetime, start: datetime) -> bool:
    """Whether a month from `start` is not over yet at that moment."""
    return paris_day(moment) < months_later(paris_day(start), 1)


def month_is_over_for(at: datetime) -> datetime:
    """Return the first instant from which on a month, begun then, is not over yet at `at`."""
    today = paris_day(at)
    start = months_later(today, -1)
    while months_later(start, 1) <= today:
        start += timedelta(days=1)
    return start_of_day(start)
