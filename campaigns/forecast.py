"""When a campaign should end: from how many wait, how fast they leave, and the hours at which they may."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from campaigns.delivery.servers import Server, outgoing_servers
from campaigns.delivery.windows import Window
from campaigns.models import Campaign

HOUR = timedelta(hours=1).total_seconds()
# Nothing is foretold beyond two years.
_DAYS_AHEAD = 731


@dataclass(frozen=True)
class Forecast:
    """How fast a campaign is expected to leave, in mails an hour, and when its last mail should."""

    per_hour: int
    ends_at: datetime | None


def expected_end(count: int, *, since: datetime, per_second: float, window: Window) -> datetime | None:
    """Say when the last of so many mails should have left; None where that is beyond two years."""
    seconds = count / per_second
    ends_at = since
    for begins, ends in window.open_spans(since, _DAYS_AHEAD):
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


def forecast(campaign: Campaign, count: int, *, since: datetime, measured: float = 0) -> Forecast:
    """Foretell the end of a campaign of which so many mails wait, at the speed measured, where one was."""
    per_second = measured or expected_speed(campaign.per_hour, outgoing_servers())
    ends_at = expected_end(count, since=since, per_second=per_second, window=Window.of(campaign))
    return Forecast(max(1, round(per_second * HOUR)), ends_at)
