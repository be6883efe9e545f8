"""Terms that run from a day, in Paris: a month is over on the day of the next month that has the same number."""

from calendar import monthrange
from datetime import date, datetime, timedelta

from consent.law.days import is_working_day, paris_day, start_of_day


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


def answer_due_on(asked_on: date, *, months: int = 1) -> date:
    """Return the last day on which a request that came that day is answered in time: one month, three if prolonged.

    GDPR art. 12(3), counted as Regulation (EEC, Euratom) 1182/71 says: the day it came does not count, art. 3(1);
    the period ends with the day of the same number, or the month's last where there is none, art. 3(2)(c); where that
    is a Saturday, a Sunday or a public holiday, with the next working day, art. 3(4).
    """
    day = months_later(asked_on, months)
    while not is_working_day(day):
        day += timedelta(days=1)
    return day
