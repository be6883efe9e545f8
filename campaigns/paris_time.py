"""Dates and times as marketers write them, on the clocks of Paris: some do not exist, and some come twice."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


class NoSuchTime(ValueError):
    """The clocks go forward over this time; `earlier` and `later` are as far from the change, on either side."""

    def __init__(self, earlier: datetime, later: datetime) -> None:
        super().__init__(f"between {earlier} and {later}")
        self.earlier, self.later = earlier, later


@dataclass(frozen=True)
class Moment:
    """One moment, and whether the clocks show its date and time twice."""

    at: datetime
    comes_twice: bool = False


def paris_moment(day: date, clock: time) -> Moment:
    """Return the moment of this date and time in Paris: of two, the first. Raises NoSuchTime where there is none."""
    shown = datetime.combine(day, clock.replace(tzinfo=None, fold=0))
    first, second = (shown.replace(tzinfo=PARIS, fold=fold).astimezone(UTC) for fold in (0, 1))
    # PEP 495: in the skipped hour the two readings are swapped, and neither leads back to what was written.
    if second < first:
        raise NoSuchTime(second.astimezone(PARIS), first.astimezone(PARIS))
    return Moment(first, comes_twice=first < second)
