"""What became of each message, written once per batch."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from campaigns.delivery.outcomes import Outcome
from config.logs import mask
from consent.law import Reason

# A worker that was slower than its lease still knows better than the clock: its word replaces "unknown".
_RECORD = """
UPDATE campaigns_message AS message
SET status = outcome.status, reason = outcome.reason, lease_until = NULL,
    ground = CASE WHEN outcome.status IN ('queued', 'unknown') THEN message.ground ELSE outcome.ground END,
    not_before = outcome.not_before,
    attempts = message.attempts + (outcome.not_before IS NOT NULL AND outcome.reason <> %(not_yet)s)::int,
    ended_at = CASE WHEN outcome.status = 'queued' THEN NULL ELSE %(at)s END,
    message_id = CASE WHEN outcome.status IN ('queued', 'withheld') THEN NULL ELSE message.message_id END
FROM unnest(%(ids)s::bigint[], %(names)s::uuid[], %(statuses)s::text[], %(grounds)s::text[], %(reasons)s::text[],
    %(not_before)s::timestamptz[]) AS outcome (id, message_id, status, ground, reason, not_before)
WHERE message.id = outcome.id AND message.message_id = outcome.message_id AND message.status IN ('sending', 'unknown')
"""
_REASON_LENGTH = 200


def record(outcomes: Sequence[Outcome], *, at: datetime) -> int:
    """Write how messages ended, in one statement. Returns how many it concerned."""
    if not outcomes:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            _RECORD,
            {
                "at": at,
                "not_yet": Reason.OUTSIDE_HOURS,  # nobody was tried
                "ids": [outcome.claimed.pk for outcome in outcomes],
                "names": [outcome.claimed.message_id for outcome in outcomes],
                "statuses": [str(outcome.status) for outcome in outcomes],
                "grounds": [outcome.ground for outcome in outcomes],
                # A server's words may quote the address, and a message outlives its reader.
                "reasons": [mask(outcome.reason)[:_REASON_LENGTH] for outcome in outcomes],
                "not_before": [outcome.not_before for outcome in outcomes],
            },
        )
        return int(cursor.rowcount)
