"""What the home page says of a day, counted once beside it and kept: whom we may reach, what we are about to lose.

Counted for a message about everything we sell, to every activity: at noon, an hour at which the law lets us call, or
later where it is asked later, so that nothing of the day is overlooked.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from django.db import connection
from django.utils import timezone

from campaigns.models import Bounce, Campaign, DailyFigures, DailyReach
from consent import law
from consent.law.days import anniversary, paris_day, start_of_day
from consent.models import Purpose
from consent.vocabulary import MEDIUM_OF, Channel, Medium
from prospects.models import Activity, ContactDetail, Family
from prospects.reach import count_reach
from prospects.telling import untold
from prospects.terms import months_later

RETENTION_YEARS = 3
MONTHS_AHEAD = 12
WEEK = timedelta(days=7)
_NOON = timedelta(hours=12)
# A mail that leaves belongs to a campaign launched not much earlier.
_LONGEST_SENDING = timedelta(days=60)
_LOCK = 20_230_811  # any number that nothing else locks

# A contract in progress stops the clock; its last day is a sign like any other.
_LOSSES = """
SELECT to_char(sign + interval '3 years', 'YYYY-MM') AS month, count(*) FROM (
    SELECT greatest((detail.active_at AT TIME ZONE 'Europe/Paris')::date, contract.until) AS sign
    FROM prospects_contactdetail AS detail
    LEFT JOIN (
        SELECT prospect_id, max(coalesce(ends_on, 'infinity')) AS until FROM prospects_contract
        WHERE starts_on <= %(today)s GROUP BY prospect_id
    ) AS contract ON contract.prospect_id = detail.prospect_id
    WHERE detail.active_at < %(until)s
) AS latest
WHERE sign > %(after)s AND sign < %(before)s GROUP BY month ORDER BY month
"""
_SENT = """
SELECT count(*) FILTER (WHERE ended_at >= %(week)s), count(*) FILTER (WHERE ended_at < %(week)s)
FROM campaigns_message
WHERE campaign_id = ANY(%(campaigns)s) AND status = 'sent' AND ended_at >= %(fortnight)s
"""


def take_stock(*, at: datetime, afresh: bool = False) -> None:
    """Count what is not counted yet of that day, or all of it afresh. Whoever comes while somebody counts goes away."""
    with _alone() as is_alone:
        if not is_alone:
            return
        day = paris_day(at)
        counted = set() if afresh else set(DailyReach.objects.filter(day=day).values_list("purpose", "channel"))
        for purpose, channel in _questions():
            if (purpose.pk, channel.value) not in counted:
                _count_reach(purpose, channel, day, at=max(at, start_of_day(day) + _NOON))
        DailyFigures.objects.update_or_create(
            day=day,
            defaults={
                "losses": losses(at),
                "returns": returns(at),
                "untold": untold(at).count(),
                "counted_at": timezone.now(),
            },
        )


def losses(at: datetime) -> dict[str, int]:
    """Count, month by month, the contact details whose three years will be over unless the person gives a sign."""
    today = paris_day(at)
    before = months_later(today.replace(day=1), MONTHS_AHEAD - 12 * RETENTION_YEARS)
    with connection.cursor() as cursor:
        cursor.execute(
            _LOSSES,
            {
                "today": today,
                "after": anniversary(today, -RETENTION_YEARS),
                "before": before,
                "until": start_of_day(before),
            },
        )
        found = dict(cursor.fetchall())
    return {month: found.get(month, 0) for month in _months(today)}


def returns(at: datetime) -> dict[str, dict[str, int]]:
    """Count what left in the last week and in the one before, and what came back."""
    week, fortnight = at - WEEK, at - 2 * WEEK
    campaigns = list(Campaign.objects.filter(launched_at__gte=at - _LONGEST_SENDING).values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(_SENT, {"week": week, "fortnight": fortnight, "campaigns": campaigns})
        sent = cursor.fetchone()
    found = {}
    for name, since, until, left in (("this_week", week, at, sent[0]), ("week_before", fortnight, week, sent[1])):
        came = Bounce.objects.filter(at__gte=since, at__lt=until)
        complaints = came.filter(kind=Bounce.Kind.COMPLAINT).count()
        found[name] = {"sent": left, "bounces": came.count() - complaints, "complaints": complaints}
    return found


def _questions() -> Iterator[tuple[Purpose, Channel]]:
    """Every purpose on every channel on which anybody is known."""
    media = {medium for medium in Medium if ContactDetail.objects.filter(medium=medium).exists()}
    for purpose in Purpose.objects.all():
        for channel in Channel:
            if MEDIUM_OF[channel] in media:
                yield purpose, channel


def _count_reach(purpose: Purpose, channel: Channel, day: date, *, at: datetime) -> None:
    message = law.Message(
        channel=law.Channel(channel.value),
        purpose=purpose.slug,
        families=frozenset(Family.objects.values_list("path", flat=True)),
        activities=frozenset(Activity.objects.values_list("slug", flat=True)),
        sector=None,
    )
    reach = count_reach(message, at)
    DailyReach.objects.update_or_create(
        day=day,
        purpose=purpose,
        channel=channel.value,
        defaults={
            "allowed": {str(ground): count for ground, count in reach.allowed.items()},
            "refused": {str(reason): count for reason, count in reach.refused.items()},
            "counted_at": timezone.now(),
        },
    )


def _months(today: date) -> list[str]:
    first = today.replace(day=1)
    return [f"{months_later(first, number):%Y-%m}" for number in range(MONTHS_AHEAD)]


@contextmanager
def _alone() -> Iterator[bool]:
    """Keep others from counting the same at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        is_alone = cursor.fetchone()[0]
        try:
            yield is_alone
        finally:
            if is_alone:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
