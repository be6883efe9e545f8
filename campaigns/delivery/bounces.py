"""Bounces: what they make of an address, and when there are so many that a campaign must stop."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count, Q
from django.db.models.functions import Coalesce

from campaigns.delivery.outcomes import Outcome
from campaigns.models import Bounce, Campaign, Message
from campaigns.troubles import COMPLAINTS, FAILURES, stopped
from config.logs import mask

SOFT_IN_A_ROW = 5
SOFT_FOR_AT_LEAST = timedelta(days=7)
# A share says nothing about a handful.
_ENOUGH_MESSAGES = 100
_ENOUGH_COMPLAINTS = 3

# Undeliverable: a hard bounce, or the last five mails all came back softly, over a week or more.
_UNDELIVERABLE = """
UPDATE prospects_contactdetail AS detail SET state = 'undeliverable'
FROM campaigns_message AS message
WHERE message.id = ANY(%(messages)s) AND detail.id = message.detail_id AND detail.state = 'usable' AND (
    EXISTS (SELECT FROM campaigns_bounce AS bounce WHERE bounce.message_id = message.id AND bounce.kind = 'hard')
    OR (SELECT count(soft.at) = %(in_a_row)s AND max(soft.at) - min(soft.at) >= %(at_least)s FROM (
        SELECT last.id FROM campaigns_message AS last
        WHERE last.detail_id = detail.id AND last.status IN ('sent', 'failed')
        ORDER BY last.id DESC LIMIT %(in_a_row)s
    ) AS last LEFT JOIN campaigns_bounce AS soft ON soft.message_id = last.id AND soft.kind = 'soft')
)
"""


def note_refusals(outcomes: Sequence[Outcome], *, at: datetime) -> None:
    """Keep what servers refused for good as bounces, and draw what follows for the addresses."""
    refused = [outcome for outcome in outcomes if outcome.bounce]
    if not refused:
        return
    Bounce.objects.bulk_create(
        [
            Bounce(
                message_id=outcome.claimed.pk,
                kind=outcome.bounce,
                status=outcome.mail_status,
                reason=mask(outcome.reason)[:200],
                at=at,
            )
            for outcome in refused
        ],
        ignore_conflicts=True,
    )
    mark_undeliverable([outcome.claimed.pk for outcome in refused])


def mark_undeliverable(messages: Sequence[int]) -> int:
    """Call undeliverable the addresses of these messages, where bounces add up to it. That is no objection."""
    with connection.cursor() as cursor:
        parameters: dict[str, Any] = {"messages": list(messages)}
        cursor.execute(_UNDELIVERABLE, parameters | {"in_a_row": SOFT_IN_A_ROW, "at_least": SOFT_FOR_AT_LEAST})
        return int(cursor.rowcount)


def stop_if_too_many(campaign: Campaign) -> bool:
    """Pause a campaign of which too many mails fail, or about which too many readers complain, since it last began."""
    since = Campaign.objects.values_list(Coalesce("resumed_at", "launched_at", "send_at"), flat=True).get(
        pk=campaign.pk
    )
    counts = Message.objects.filter(campaign=campaign, ended_at__gte=since, status__in=["sent", "failed"]).aggregate(
        all=Count("pk"), failed=Count("pk", filter=Q(status="failed"))
    )
    complaints = Bounce.objects.filter(message__campaign=campaign, kind=Bounce.Kind.COMPLAINT, at__gte=since).count()
    if counts["all"] < _ENOUGH_MESSAGES:
        return False
    failing, complaining = counts["failed"] / counts["all"], complaints / counts["all"]
    if failing > settings.SENDING_FAILURES_STOP:
        return _stop(campaign, stopped(FAILURES, failing))
    if complaints >= _ENOUGH_COMPLAINTS and complaining > settings.SENDING_COMPLAINTS_STOP:
        return _stop(campaign, stopped(COMPLAINTS, complaining))
    return False


def _stop(campaign: Campaign, trouble: str) -> bool:
    running = Campaign.objects.filter(pk=campaign.pk, status=Campaign.Status.RUNNING)
    return bool(running.update(status=Campaign.Status.PAUSED, trouble=trouble))
