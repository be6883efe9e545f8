"""When a campaign should end: from how many wait, how fast they leave, and the hours at which they may."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings

from campaigns import channels
from campaigns.delivery.servers import Server
from campaigns.delivery.windows import Window
from campaigns.models import Campaign
from consent.law.days import PARIS, is_public_holiday, paris_day
from consent.law.hours import Hours

HOUR = timedelta(hours=1).total_seconds()
# Nothing is foretold beyond two years.
_DAYS_AHEAD = 731


@dataclass(frozen=True)
class Forecast:
    """How fast a campaign is expected to leave, in messages an hour, and when its last should."""

    per_hour: int
    ends_at: datetime | None


def expected_end(
    count: int, *, since: datetime, per_second: float, window: Window, hours: Hours | None = None
) -> datetime | None:
    """Say when the last of so many messages should have left; None where that is beyond two years.

    The law's hours, where it sets some, are those in Paris: most recipients live by them.
    """
    seconds = count / per_second
    ends_at = since
    spans = window.open_spans(since, _DAYS_AHEAD)
    for begins, ends in spans if hours is None else _within(hours, spans):
        room = (ends - begins).total_seconds()
        if seconds <= room:
            return begins + timedelta(seconds=seconds) if count else ends_at
        seconds -= room
    return None


def expected_speed(per_hour: int | None, servers: Sequence[Server]) -> float:
    """Mails a second: the campaign's own speed or the servers' limits, whichever is lower, else what is usual here."""
    limits = [server.per_second for server in servers]
    speeds = [float(settings.SENDING_EXPECTED_PER_SECOND)]
    if limits and all(limits):
        speeds = [sum(limits)]
    if per_hour:
        speeds.append(per_hour / HOUR)
    return min(speeds)


def _within(hours: Hours, spans: Iterable[tuple[datetime, datetime]]) -> Iterator[tuple[datetime, datetime]]:
    """What of these spans of time, each within one day in Paris, lies within the law's hours."""
    for begins, ends in spans:
        day = paris_day(begins)
        if day.weekday() not in hours.weekdays or is_public_holiday(day):
            continue
        for opens, closes in hours.spans:
            first, last = (datetime.combine(day, clock, PARIS).astimezone(UTC) for clock in (opens, closes))
            if max(begins, first) < min(ends, last):
                yield max(begins, first), min(ends, last)


def forecast(campaign: Campaign, count: int, *, since: datetime, measured: float = 0) -> Forecast | None:
    """Foretell the end of a campaign of which so many messages wait, at the speed measured, where one was.

    None where people carry them: nobody knows when they do.
    """
    channel = channels.of(campaign)
    if not isinstance(channel, channels.SentByWorker):
        return None
    per_second = measured or channel.per_second(campaign)
    ends_at = expected_end(count, since=since, per_second=per_second, window=Window.of(campaign), hours=channel.hours)
    return Forecast(max(1, round(per_second * HOUR)), ends_at)
