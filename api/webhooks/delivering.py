"""Deliveries: claimed a few at a time, the oldest of each subject first, tried again for three days."""

import json
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from api.models import Delivery
from api.webhooks.posting import Unreachable, post
from api.webhooks.signing import headers
from prospects.models import ContactDetail

Status = Delivery.Status

# 5 s, then longer and longer; the last attempt is made about three days after the first.
PAUSES = [timedelta(seconds=seconds) for seconds in (5, 60, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 73_635)]
KEPT = timedelta(days=30)
_LEASE = timedelta(minutes=2)
# So few that their time limits together stay below the lease.
_AT_ONCE = 10

# Nothing is told of a subject while something earlier of it waits; two workers never take the same.
_CLAIM = """
UPDATE api_delivery SET next_at = %(until)s, attempts = attempts + 1
WHERE id IN (
    SELECT delivery.id FROM api_delivery AS delivery
    JOIN api_endpoint AS endpoint ON endpoint.id = delivery.endpoint_id AND endpoint.is_active
    WHERE delivery.status = 'waiting' AND delivery.next_at <= %(at)s AND NOT EXISTS (
        SELECT FROM api_delivery AS earlier
        WHERE earlier.endpoint_id = delivery.endpoint_id AND earlier.subject = delivery.subject
            AND earlier.status = 'waiting' AND earlier.id < delivery.id)
    ORDER BY delivery.next_at, delivery.id LIMIT %(most)s
    FOR UPDATE OF delivery SKIP LOCKED)
RETURNING id
"""


def deliver(*, at: datetime, most: int = _AT_ONCE) -> int:
    """Try what is due, once each, and return how many were tried.

    A worker that dies in between leaves its claims to be tried again: told twice rather than not at all.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"at": at, "until": at + _LEASE, "most": most})
        claimed = [pk for (pk,) in cursor.fetchall()]
    for delivery in Delivery.objects.select_related("endpoint").filter(pk__in=claimed).order_by("pk"):
        _try(delivery)
    return len(claimed)


def replay(deliveries: Any, *, at: datetime) -> int:
    """Tell these again, with the same ids; return how many."""
    count: int = deliveries.update(status=Status.WAITING, next_at=at, attempts=0, ended_at=None)
    return count


def forget_deliveries(at: datetime) -> int:
    """Erase what ended more than a month ago; return how many."""
    return Delivery.objects.filter(ended_at__lt=at - KEPT).delete()[0]


def body_of(delivery: Delivery) -> bytes:
    """Return what is sent: the kind, the moment, and the data, with the address where the program may have it."""
    data = dict(delivery.data)
    if key := data.get("address_key"):
        known = ContactDetail.objects.filter(address_key=key).order_by("pk").first()
        data["person"] = known.prospect_id if known else None
        if delivery.endpoint.tells_address:
            data["address"] = known.address if known else None
    told = {"type": delivery.event, "timestamp": delivery.happened_at.isoformat(), "data": data}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _try(delivery: Delivery) -> None:
    body, now = body_of(delivery), timezone.now()
    try:
        sent = {"Content-Type": "application/json", **headers(delivery, body, at=now)}
        status = post(delivery.endpoint.url, body, sent)
        told, delivery.answer = 200 <= status < 300, str(status)
    except Unreachable as error:
        told, delivery.answer = False, str(error)[:200]
    ended = timezone.now()
    if told:
        delivery.status, delivery.ended_at = Status.DELIVERED, ended
    elif delivery.attempts > len(PAUSES):
        delivery.status, delivery.ended_at = Status.GIVEN_UP, ended
    else:
        delivery.next_at = ended + PAUSES[delivery.attempts - 1]
    delivery.save(update_fields=["status", "answer", "ended_at", "next_at"])
