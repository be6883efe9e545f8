"""When a campaign may leave, by its writer's own choice: days, hours, public holidays. The law has its own hours."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from django.db.models import Q

from campaigns.models import Campaign
from consent.law.days import ONE_DAY, PARIS_NAME, is_public_holiday, start_of_day

_PARIS = ZoneInfo(PARIS_NAME)


@dataclass(frozen=True)
class Window:
    """Days and hours on the clocks of Paris; no days are all days."""

    days: frozenset[int] = frozenset()
    opens: time | None = None
    closes: time | None = None
    holidays: bool = True

    @classmethod
    def of(cls, campaign: Campaign) -> "Window":
        days = frozenset(campaign.window_days)
        return cls(days, campaign.window_from, campaign.window_until, campaign.window_holidays)

    def is_open(self, at: datetime) -> bool:
        """Say whether mails may leave at that moment."""
        moment = at.astimezone(_PARIS)
        day, hour = moment.date(), moment.time()
        if self.days and day.weekday() not in self.days:
            return False
        if not self.holidays and is_public_holiday(day):
            return False
        if self.opens is not None and hour < self.opens:
            return False
        return self.closes is None or hour < self.closes

    def open_spans(self, since: datetime, days: int) -> Iterator[tuple[datetime, datetime]]:
        """Give the times at which it is open, in order, from a moment on and for so many days."""
        day = since.astimezone(_PARIS).date()
        for _number in range(days):
            edges = self._edges(day)
            for begins, ends in pairwise(edges):
                if ends > since and self.is_open(begins):
                    yield max(begins, since), ends
            day += ONE_DAY

    def _edges(self, day: date) -> list[datetime]:
        """The moments of a day at which it may open or close, the day's own bounds among them."""
        first, last = start_of_day(day), start_of_day(day + ONE_DAY)
        edges = {first, last}
        for clock in (self.opens, self.closes):
            if clock is not None:
                edges.update(datetime.combine(day, clock.replace(fold=fold), _PARIS).astimezone(UTC) for fold in (0, 1))
        if last - first != ONE_DAY:  # the clocks change, on a full hour
            edges.update(first + timedelta(hours=hour) for hour in range(25))
        return sorted(edge for edge in edges if first <= edge <= last)


def is_open(campaign: Campaign, at: datetime) -> bool:
    """Say whether mails of this campaign may leave at that moment, counted in Paris."""
    return Window.of(campaign).is_open(at)


def closed_campaigns(at: datetime) -> list[int]:
    """The running campaigns whose window is closed at that moment."""
    anytime = Q(window_days=[], window_from=None, window_until=None, window_holidays=True)
    with_windows = Campaign.objects.filter(~anytime, status=Campaign.Status.RUNNING)
    return [campaign.pk for campaign in with_windows if not is_open(campaign, at)]
