"""On which days something comes again, and at which moment of each: pure, on the clocks of Paris."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from campaigns.paris_time import NoSuchTime, paris_moment
from consent.law.days import ONE_DAY

# A year and a day hold at least one day of every rule.
_LONGEST_GAP = 367
_LAST = -1


class Every(StrEnum):
    """How often."""

    DAY = "day"
    WEEK = "week"
    MONTH_DAY = "month_day"
    MONTH_WEEKDAY = "month_weekday"


@dataclass(frozen=True)
class Recurrence:
    """A rule: days of the week, a day of the month, or the nth or last such weekday of the month; and an hour."""

    every: Every
    clock: time
    first: date
    last: date | None = None
    weekdays: frozenset[int] = frozenset()
    month_day: int = 1
    nth: int = 1
    weekday: int = 0

    def falls_on(self, day: date) -> bool:
        """Say whether it comes on that day."""
        if day < self.first or (self.last is not None and day > self.last):
            return False
        match self.every:
            case Every.DAY:
                return True
            case Every.WEEK:
                return day.weekday() in self.weekdays
            case Every.MONTH_DAY:
                return day.day == min(self.month_day, _last_of_month(day).day)
            case Every.MONTH_WEEKDAY:
                return day.weekday() == self.weekday and self.nth in (_which(day), _LAST if _is_last(day) else 0)

    def next_day(self, since: date) -> date | None:
        """The first day on which it comes, from a day on; None where it has ended."""
        day = max(since, self.first)
        return next((found for found in _days(day, _LONGEST_GAP) if self.falls_on(found)), None)

    def moment_on(self, day: date) -> datetime:
        """The moment of its hour on that day; an hour that the clocks skip comes as much later, of two the first."""
        try:
            return paris_moment(day, self.clock).at
        except NoSuchTime as skipped:
            return skipped.later

    def next_after(self, at: datetime, *, since: date) -> date | None:
        """The first day from `since` on whose moment is still to come at `at`."""
        day = self.next_day(since)
        while day is not None and self.moment_on(day) <= at:
            day = self.next_day(day + ONE_DAY)
        return day

    def between(self, begins: date, ends: date) -> list[date]:
        """The days on which it comes, the last one included."""
        return [day for day in _days(begins, (ends - begins).days + 1) if self.falls_on(day)]


def _days(day: date, count: int) -> Iterator[date]:
    for number in range(count):
        yield day + timedelta(days=number)


def _last_of_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - ONE_DAY


def _which(day: date) -> int:
    return (day.day - 1) // 7 + 1


def _is_last(day: date) -> bool:
    return (day + timedelta(days=7)).month != day.month
