"""What became of a campaign, counted beside its pages and kept: by domain, over time, what came back, who stopped.

Nobody is named, and no domain with so few recipients that it would point at one of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from campaigns.disclosure import went_to_few
from campaigns.models import Campaign
from consent.models import Act

# Domains with fewer recipients are counted together.
FEWEST = 10
DOMAINS_SHOWN = 10
# A stop belongs to a campaign for so long after its mail was sent.
STOPS_WITHIN = timedelta(days=7)

_STEPS = [
    *(timedelta(minutes=minutes) for minutes in (1, 5, 15)),
    *(timedelta(hours=hours) for hours in (1, 6, 24)),
    timedelta(days=7),
    timedelta(days=30),
]
_MOST_POINTS = 48
_ORIGIN = datetime(2000, 1, 3, tzinfo=UTC)  # a Monday

_SPAN = "SELECT min(ended_at), max(ended_at) FROM campaigns_message WHERE campaign_id = %(campaign)s"
_OVER_TIME = """
SELECT date_bin(%(step)s, ended_at, %(origin)s) AS at, count(*) FILTER (WHERE status = 'sent'),
    count(*) FILTER (WHERE status = 'failed'), count(*) FILTER (WHERE status = 'withheld')
FROM campaigns_message WHERE campaign_id = %(campaign)s AND ended_at IS NOT NULL GROUP BY at ORDER BY at
"""
_BY_DOMAIN = """
SELECT split_part(detail.address, '@', 2) AS domain, count(*) FILTER (WHERE message.status = 'sent'),
    count(*) FILTER (WHERE message.status = 'failed'), count(*) FILTER (WHERE message.status = 'withheld')
FROM campaigns_message AS message JOIN prospects_contactdetail AS detail ON detail.id = message.detail_id
WHERE message.campaign_id = %(campaign)s AND detail.medium = 'email' AND message.ended_at IS NOT NULL
GROUP BY domain ORDER BY count(*) DESC, domain
"""
_CAME_BACK = """
SELECT bounce.kind, count(*) FROM campaigns_bounce AS bounce
JOIN campaigns_message AS message ON message.id = bounce.message_id
WHERE message.campaign_id = %(campaign)s GROUP BY bounce.kind
"""
_STOPS = """
SELECT count(DISTINCT message.id) FROM campaigns_message AS message
JOIN prospects_contactdetail AS detail ON detail.id = message.detail_id
JOIN consent_act AS act ON act.address_key = detail.address_key
WHERE message.campaign_id = %(campaign)s AND message.status = 'sent' AND act.kind IN ('withdrawn', 'objected')
    AND act.at >= message.ended_at AND act.at < message.ended_at + %(within)s AND act.origin = ANY(%(origins)s)
    AND (act.channel IS NULL OR act.channel = %(channel)s) AND (act.purpose_id IS NULL OR act.purpose_id = %(purpose)s)
"""
# Doors by which a mail leads to a stop; what staff are told by phone belongs to no mail.
_ORIGINS = [
    str(origin)
    for origin in (
        *(Act.Origin.STOP_LINK, Act.Origin.ONE_CLICK, Act.Origin.PREFERENCES),
        *(Act.Origin.REPLY, Act.Origin.COMPLAINT),
    )
]


@dataclass(frozen=True)
class Tally:
    """How messages ended, for one domain or one span of time; an empty name stands for all others."""

    name: str
    sent: int
    failed: int
    withheld: int

    @property
    def total(self) -> int:
        return self.sent + self.failed + self.withheld


@dataclass(frozen=True)
class Results:
    """What became of a campaign, besides how many messages stand where."""

    over_time: Sequence[Tally] = ()
    by_domain: Sequence[Tally] = ()
    step_seconds: float = 0
    hard: int = 0
    soft: int = 0
    complaints: int = 0
    stops: int = 0

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Results | None":
        """Read what a campaign keeps; None where nothing was counted yet."""
        if not kept:
            return None
        tallies = {name: [Tally(**row) for row in kept[name]] for name in ("over_time", "by_domain")}
        return cls(**{**kept, **tallies})

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def shown_of(cls, campaign: Campaign) -> "Results | None":
        """What may be told of a campaign: nothing where it went to so few that it would be told of one of them."""
        return None if went_to_few(campaign) else cls.from_json(campaign.results)

    @property
    def times(self) -> list[tuple[datetime, Tally]]:
        """What ended in each span of time, those in which nothing did included."""
        found = {datetime.fromisoformat(tally.name): tally for tally in self.over_time}
        if not found:
            return []
        step, moment, last = timedelta(seconds=self.step_seconds), min(found), max(found)
        times = []
        while moment <= last:
            times.append((moment, found.get(moment, Tally(moment.isoformat(), 0, 0, 0))))
            moment += step
        return times


def count_results(campaign: Campaign) -> Results:
    """Count everything anew: a few statements over the campaign's messages."""
    asked: dict[str, Any] = {
        "campaign": campaign.pk,
        "channel": campaign.channel,
        "purpose": campaign.purpose_id,
        "within": STOPS_WITHIN,
        "origins": _ORIGINS,
        "origin": _ORIGIN,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SPAN, asked)
        first, last = cursor.fetchone()
        step = step_for(last - first if first else timedelta())
        cursor.execute(_OVER_TIME, asked | {"step": step})
        over_time = [Tally(at.isoformat(), *counts) for at, *counts in cursor.fetchall()]
        cursor.execute(_BY_DOMAIN, asked)
        by_domain = without_small_ones([Tally(*row) for row in cursor.fetchall()])
        cursor.execute(_CAME_BACK, asked)
        came_back = dict(cursor.fetchall())
        cursor.execute(_STOPS, asked)
        (stops,) = cursor.fetchone()
    return Results(
        over_time=over_time,
        by_domain=by_domain,
        step_seconds=step.total_seconds(),
        hard=came_back.get("hard", 0),
        soft=came_back.get("soft", 0),
        complaints=came_back.get("complaint", 0),
        stops=stops,
    )


def step_for(span: timedelta) -> timedelta:
    """The shortest step that cuts a span of time into few enough pieces to be read."""
    return next((step for step in _STEPS if span / step < _MOST_POINTS), _STEPS[-1])


def without_small_ones(tallies: Sequence[Tally]) -> list[Tally]:
    """Name the largest domains; count the others together, and never so few that they would point at somebody."""
    largest_first = sorted(tallies, key=lambda tally: -tally.total)
    named = [tally for tally in largest_first[:DOMAINS_SHOWN] if tally.total >= FEWEST]
    others = largest_first[len(named) :]
    while others and named and sum(tally.total for tally in others) < FEWEST:
        others.insert(0, named.pop())
    if not others:
        return named
    together = Tally(
        "",
        sum(tally.sent for tally in others),
        sum(tally.failed for tally in others),
        sum(tally.withheld for tally in others),
    )
    return [*named, together]
