"""The days of a month or a week on the clocks of Paris, each with what leaves on it and its public holiday."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from holidays import country_holidays

from campaigns.models import Campaign, Series
from consent.law.days import FIRST_YEAR, LAST_YEAR, ONE_DAY, paris_day, start_of_day

_WEEK = timedelta(days=7)


class Span(StrEnum):
    """What a calendar shows at once."""

    MONTH = "month"
    WEEK = "week"


@dataclass(frozen=True)
class Entry:
    """One thing that leaves at a moment."""

    at: datetime
    campaign: Campaign
    is_planned: bool = False  # an occurrence of a series that is not made yet


@dataclass(frozen=True)
class Day:
    """One day, with what leaves on it in the order of the hours."""

    date: date
    is_beside: bool = False  # of the month before or after
    is_today: bool = False
    is_past: bool = False
    holiday: str = ""
    entries: Sequence[Entry] = field(default=())


@dataclass(frozen=True)
class Calendar:
    """A month or a week around a day."""

    span: Span
    day: date
    language: str

    @property
    def first(self) -> date:
        """The Monday with which it begins."""
        first = self.day.replace(day=1) if self.span is Span.MONTH else self.day
        return first - timedelta(days=first.weekday())

    @property
    def last(self) -> date:
        """The Sunday with which it ends."""
        last = _first_of_next_month(self.day) - ONE_DAY if self.span is Span.MONTH else self.day
        return last + timedelta(days=6 - last.weekday())

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """Its first moment, and the first one after it."""
        return start_of_day(self.first), start_of_day(self.last + ONE_DAY)

    @property
    def before(self) -> date:
        """A day of the month or week before."""
        return _within_the_years(self.day.replace(day=1) - ONE_DAY if self.span is Span.MONTH else self.day - _WEEK)

    @property
    def after(self) -> date:
        """A day of the month or week after."""
        return _within_the_years(_first_of_next_month(self.day) if self.span is Span.MONTH else self.day + _WEEK)

    def days(self, entries: Iterable[Entry], today: date) -> list[Day]:
        """Lay out what leaves, day by day."""
        by_day: defaultdict[date, list[Entry]] = defaultdict(list)
        for entry in entries:
            by_day[paris_day(entry.at)].append(entry)
        count = (self.last - self.first).days + 1
        return [self._day(self.first + timedelta(days=number), by_day, today) for number in range(count)]

    def _day(self, day: date, by_day: dict[date, list[Entry]], today: date) -> Day:
        return Day(
            day,
            is_beside=self.span is Span.MONTH and day.month != self.day.month,
            is_today=day == today,
            is_past=day < today,
            holiday=holiday_name(day, self.language),
            entries=sorted(by_day.get(day, ()), key=lambda entry: entry.at),
        )


def calendar_of(span: str, day: str, *, today: date, language: str) -> Calendar:
    """Read what was asked for; whatever makes no sense is this month."""
    try:
        asked = date.fromisoformat(day)
    except ValueError:
        asked = today
    return Calendar(Span.WEEK if span == Span.WEEK else Span.MONTH, _within_the_years(asked), language=language)


def leaving_between(begins: datetime, ends: datetime) -> list[Entry]:
    """Every campaign that left or is to leave from one moment until another, those still to be made included."""
    campaigns = Campaign.objects.filter(send_at__gte=begins, send_at__lt=ends).select_related("purpose")
    entries = [Entry(campaign.send_at, campaign) for campaign in campaigns if campaign.send_at]
    for series in Series.objects.coming_until(ends).select_related("original"):
        days = series.rule.between(
            max(series.next_on or paris_day(begins), paris_day(begins)), paris_day(ends) - ONE_DAY
        )
        entries += [Entry(series.rule.moment_on(day), series.original, is_planned=True) for day in days]
    return entries


def holiday_name(day: date, language: str) -> str:
    """Name the national public holiday of that day; empty where there is none."""
    return _holiday_names(day.year, "fr" if language.startswith("fr") else "en_US").get(day, "")


@lru_cache(maxsize=32)
def _holiday_names(year: int, language: str) -> dict[date, str]:
    names = country_holidays("FR", years=year, language=language)
    return {day: name.replace("'", "’") for day, name in names.items()}


def _first_of_next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def _within_the_years(day: date) -> date:
    """Public holidays are known for these years alone."""
    return min(max(day, date(FIRST_YEAR + 1, 1, 1)), date(LAST_YEAR - 1, 12, 31))
