"""When calls and text messages may go out, in the recipient's own time. Starts are included, ends are not."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from consent.law.days import ONE_DAY, PARIS_NAME, is_public_holiday
from consent.law.expressions import Expression, Writer
from consent.law.row import Row
from consent.law.words import Channel


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of some days of the week, Monday being 0; never on a national public holiday."""

    weekdays: frozenset[int]
    spans: tuple[tuple[time, time], ...]


CALL_HOURS = Hours(frozenset(range(5)), ((time(10), time(13)), (time(14), time(20))))
TEXT_HOURS = Hours(frozenset(range(6)), ((time(8), time(20)),))
HOURS = {
    Channel.PHONE: CALL_HOURS,
    Channel.AUTOMATED_CALL: CALL_HOURS,
    Channel.SMS: TEXT_HOURS,
    Channel.MMS: TEXT_HOURS,
}


def is_open(hours: Hours, at: datetime, time_zone: str | None) -> bool:
    """Say whether that moment lies within the hours where the recipient is."""
    local = at.astimezone(ZoneInfo(time_zone or PARIS_NAME))
    return (
        local.weekday() in hours.weekdays
        and not is_public_holiday(local.date())
        and any(start <= local.time() < end for start, end in hours.spans)
    )


def is_holiday_there(at: datetime, time_zone: str | None) -> bool:
    """Say whether it is a public holiday where the recipient is."""
    return is_public_holiday(at.astimezone(ZoneInfo(time_zone or PARIS_NAME)).date())


def next_opening(hours: Hours, at: datetime, time_zone: str | None) -> datetime:
    """Return the next moment at which the hours begin, in the recipient's own time."""
    zone = ZoneInfo(time_zone or PARIS_NAME)
    day = at.astimezone(zone).date()
    while True:
        if day.weekday() in hours.weekdays and not is_public_holiday(day):
            for start, _ in hours.spans:
                # Compared in universal time: two local times of one zone would be compared by their wall clocks.
                opening = datetime.combine(day, start, zone)
                if opening.astimezone(UTC) > at:
                    return opening
        day += ONE_DAY


@lru_cache(maxsize=64)
def _zones_where_open(hours: Hours, at: datetime) -> tuple[str, ...]:
    return tuple(sorted(zone for zone in available_timezones() if is_open(hours, at, zone)))


@lru_cache(maxsize=64)
def _zones_on_holiday(at: datetime) -> tuple[str, ...]:
    return tuple(sorted(zone for zone in available_timezones() if is_holiday_there(at, zone)))


@dataclass(frozen=True, slots=True)
class WithinHours(Expression):
    """The moment asked lies within these hours in the recipient's time zone."""

    hours: Hours

    def holds(self, row: Row) -> bool:
        return is_open(self.hours, row.at, row.time_zone)

    def write(self, writer: Writer) -> str:
        return _in_zones(writer, _zones_where_open(self.hours, writer.at))

    def reads(self) -> Iterator[str]:
        yield "time_zone"


@dataclass(frozen=True, slots=True)
class OnHoliday(Expression):
    """It is a public holiday in the recipient's time zone."""

    def holds(self, row: Row) -> bool:
        return is_holiday_there(row.at, row.time_zone)

    def write(self, writer: Writer) -> str:
        return _in_zones(writer, _zones_on_holiday(writer.at))

    def reads(self) -> Iterator[str]:
        yield "time_zone"


def _in_zones(writer: Writer, zones: tuple[str, ...]) -> str:
    """Write that the recipient's zone is one of these: which ones is known before any row is read.

    The usual zone is compared first, so that the long list is searched for few.
    """
    column, usual = writer.column("time_zone"), writer.bind(PARIS_NAME, "text")
    others = writer.bind([zone for zone in zones if zone != PARIS_NAME], "text[]")
    if PARIS_NAME in zones:
        return f"{column} IS NULL OR {column} = {usual} OR {column} = ANY({others})"
    return f"{column} <> {usual} AND {column} = ANY({others})"
