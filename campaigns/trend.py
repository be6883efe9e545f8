"""The home page's figures of whom may be reached: today's, and how they came to be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from campaigns.audience import Line, lines
from campaigns.models import DailyReach
from consent.models import Purpose
from consent.vocabulary import Channel

DAYS = 90
_LATER_TODAY = "outside_hours"  # a matter of when, not of whether: no dip every Sunday


@dataclass(frozen=True, slots=True)
class ChannelReach:
    """One channel of one purpose: how many may be reached and how many not, and why."""

    channel: str
    allowed: int
    total: int
    grounds: Sequence[Line]
    reasons: Sequence[Line]
    later: int

    @property
    def percent(self) -> int:
        return 100 * self.allowed // self.total if self.total else 0


@dataclass(frozen=True, slots=True)
class Point:
    """One day of the trend: how many may be reached on each channel; None where nobody counted."""

    day: date
    counts: Sequence[int | None]


@dataclass(frozen=True, slots=True)
class Trend:
    """What the page shows of one purpose."""

    day: date
    counted_at: datetime
    channels: Sequence[ChannelReach]
    names: Sequence[str]
    points: Sequence[Point]


def trend_of(purpose: Purpose, *, until: date) -> Trend | None:
    """Read what is kept of a purpose, up to a day; None where nothing is."""
    kept = list(
        DailyReach.objects.filter(purpose=purpose, day__lte=until, day__gt=until - timedelta(days=DAYS)).order_by("day")
    )
    if not kept:
        return None
    latest = [reach for reach in kept if reach.day == kept[-1].day]
    order = {channel.value: place for place, channel in enumerate(Channel)}
    # A channel on which nobody was ever reachable says nothing; the others stay, so that a fall to none is seen.
    seen = sorted({reach.channel for reach in kept if _reachable(reach)}, key=order.__getitem__)
    by_day: dict[date, dict[str, int]] = {}
    for reach in kept:
        by_day.setdefault(reach.day, {})[reach.channel] = _reachable(reach)
    return Trend(
        day=kept[-1].day,
        counted_at=max(reach.counted_at for reach in latest),
        channels=[_channel(reach) for reach in sorted(latest, key=lambda reach: order[reach.channel])],
        names=[str(Channel(channel).label) for channel in seen],
        points=[Point(day, [counts.get(channel) for channel in seen]) for day, counts in by_day.items()],
    )


def _reachable(reach: DailyReach) -> int:
    count: int = sum(reach.allowed.values()) + reach.refused.get(_LATER_TODAY, 0)
    return count


def _channel(reach: DailyReach) -> ChannelReach:
    allowed = sum(reach.allowed.values())
    return ChannelReach(
        channel=str(Channel(reach.channel).label),
        allowed=allowed,
        total=allowed + sum(reach.refused.values()),
        grounds=lines(reach.allowed),
        reasons=lines(reach.refused),
        later=int(reach.refused.get(_LATER_TODAY, 0)),
    )
