"""What became of each message, written once per batch."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from campaigns.delivery.claim import Claimed
from campaigns.delivery.outcomes import Outcome, Status
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
# What becomes of nearly all of them, with nothing to say but on what ground. Hundreds of names travel as one word:
# as a list, each would be quoted on its own.
_RECORD_SENT = """
UPDATE campaigns_message AS message
SET status = 'sent', ground = %(ground)s, reason = '', lease_until = NULL, not_before = NULL, ended_at = %(at)s
FROM unnest(%(ids)s::bigint[], string_to_array(%(names)s, ' ')::uuid[]) AS outcome (id, message_id)
WHERE message.id = outcome.id AND message.message_id = outcome.message_id AND message.status IN ('sending', 'unknown')
"""
_REASON_LENGTH = 200


def record(outcomes: Sequence[Outcome], *, at: datetime) -> int:
    """Write how messages ended, in one statement for each ground of those sent and one for the others.

    Returns how many it concerned: what was written before, by whoever had to try again, is not written twice.
    """
    sent: defaultdict[str, list[Claimed]] = defaultdict(list)
    others = []
    for outcome in outcomes:
        if outcome.status is Status.SENT:
            sent[outcome.ground].append(outcome.claimed)
        else:
            others.append(outcome)
    count = sum(_record_sent(ground, claimed, at) for ground, claimed in sent.items())
    return count + (_record(others, at) if others else 0)


def _record_sent(ground: str, messages: Sequence[Claimed], at: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            _RECORD_SENT,
            {
                "at": at,
                "ground": ground,
                "ids": [claimed.pk for claimed in messages],
                "names": " ".join([claimed.message_id.hex for claimed in messages]),
            },
        )
        return int(cursor.rowcount)


def _record(outcomes: Sequence[Outcome], at: datetime) -> int:
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
