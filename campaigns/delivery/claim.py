"""Claims: queued messages are given to one worker only, under a lease, with their Message-ID fixed before SMTP."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import connection

from campaigns import channels
from campaigns.models import Campaign, Message
from consent.vocabulary import Channel

# Campaigns take turns by chance, so that a long one does not hold up a short one. The order is that of the index of
# queued messages, and of no other: a claim then costs the same at the queue's end as at its beginning.
_CLAIM = """
WITH campaign AS MATERIALIZED (
    SELECT id FROM campaigns_campaign AS campaign
    WHERE status = 'running' AND channel = %(channel)s AND id <> ALL(%(closed)s::bigint[])
        AND (%(only)s::bigint IS NULL OR id = %(only)s) AND (
        SELECT coalesce(message.not_before, '-infinity') <= %(at)s FROM campaigns_message AS message
        WHERE message.campaign_id = campaign.id AND message.status = 'queued'
        ORDER BY message.not_before NULLS FIRST, message.id LIMIT 1)
    ORDER BY random() LIMIT 1
), free AS MATERIALIZED (
    SELECT message.id FROM campaigns_message AS message
    WHERE message.campaign_id = (SELECT id FROM campaign) AND message.status = 'queued'
        AND (message.not_before IS NULL OR message.not_before <= %(at)s)
    ORDER BY message.not_before NULLS FIRST, message.id LIMIT %(limit)s FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE campaigns_message AS message
SET status = 'sending', lease_until = %(until)s,
    message_id = (lpad(to_hex(message.id), 16, '0') || right(replace(gen_random_uuid()::text, '-', ''), 16))::uuid
FROM free WHERE message.id = free.id
RETURNING message.campaign_id, message.id, message.detail_id, message.message_id, message.attempts
"""


class Claimed(NamedTuple):
    """One message that this worker, and no other, may send until its lease ends."""

    pk: int
    detail_id: int | None
    message_id: UUID
    attempts: int = 0


def number_in(name: UUID) -> int:
    """The number of the message that a Message-ID names: no index is needed to find it."""
    return name.int >> 64


@dataclass(frozen=True)
class Batch:
    """Messages of one campaign, claimed together."""

    campaign: Campaign
    messages: list[Claimed]


def claim(
    limit: int,
    *,
    at: datetime,
    channel: str = Channel.EMAIL,
    closed: Sequence[int] = (),
    only: int | None = None,
    lease: timedelta | None = None,
) -> Batch | None:
    """Claim up to `limit` queued messages of one running campaign of a channel, in one statement; None for nothing.

    Those whose sending window is closed are left alone; `only` names the one campaign to claim from.
    """
    until = at + (lease or timedelta(seconds=settings.SENDING_LEASE_SECONDS))
    asked: dict[str, Any] = {
        "limit": limit,
        "until": until,
        "at": at,
        "channel": channel,
        "closed": list(closed),
        "only": only,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, asked | {"closed": list(closed), "only": only})
        rows = cursor.fetchall()
    if not rows:
        return None
    campaign = Campaign.objects.select_related("purpose").get(pk=rows[0][0])
    return Batch(campaign, [Claimed(*row[1:]) for row in sorted(rows, key=lambda row: row[1])])


def settle_expired(*, at: datetime) -> int:
    """Give an end to every message of whose holder nothing was heard until its lease ended.

    What a worker held is unknown: nobody can tell whether it left. What people held goes back to the queue.
    """
    expired = Message.objects.filter(status=Message.Status.SENDING, lease_until__lt=at)
    by_people = [channel.name for channel in channels.carried_by_people()]
    settled = expired.filter(campaign__channel__in=by_people).update(
        status=Message.Status.QUEUED, message_id=None, lease_until=None
    )
    return settled + expired.update(
        status=Message.Status.UNKNOWN, reason="lease_expired", lease_until=None, ended_at=at
    )
