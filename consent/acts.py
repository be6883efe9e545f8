"""The one way in for what people say about consent: acts are recorded, and permissions follow at once."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from consent.address_keys import as_array, signing_key_id
from consent.folding import fold
from consent.models import Act, Box, Objection, Permission

_LOCKS = 0x4C6F79  # the advisory lock class of acts

# Bulk acts lock 256 buckets at most, in order, so that they neither deadlock nor fill the server's lock table.
_LOCK_KEYS = """
SELECT pg_advisory_xact_lock{shared}(%s, bucket)
FROM (SELECT bucket FROM unnest(%s::integer[]) AS bucket ORDER BY bucket) AS buckets
"""

_RECORD_SELECTED = """
WITH said AS ({select})
INSERT INTO consent_act (kind, address_key, key_id, channel, purpose_id, at, origin, notice_id, box_id,
    needs_confirmation, mentions_complete, about_id, evidence)
SELECT kind, address_key, key_id, channel, purpose_id, at, %(origin)s, notice_id, box_id, needs_confirmation, false,
    about_id, evidence
FROM said RETURNING id, kind, address_key, evidence
"""

_LAPSES = """
SELECT address_key, max(at) FROM consent_act
WHERE address_key = ANY(%s::uuid[]) AND kind = 'lapsed' AND channel IS NULL AND purpose_id IS NULL
GROUP BY address_key
"""


class Recorded(NamedTuple):
    """An act as it was recorded."""

    id: int
    kind: str
    address_key: UUID
    evidence: dict[str, Any]


@transaction.atomic
def record_acts(acts: Iterable[Act]) -> list[Act]:
    """Record acts for good and bring the permissions and objections of their addresses up to date.

    Acts that are `about` another are given with it saved already, or after it in the same call.
    """
    acts = list(acts)
    keys = [act.address_key for act in acts if act.address_key is not None]
    lock(keys)
    for act in acts:
        act.about_id = act.about.pk if act.about else None
        act.save(force_insert=True)
    fold(keys)
    return acts


@transaction.atomic
def record_selected(select: str, params: Mapping[str, Any], *, origin: str) -> list[Recorded]:
    """Record the acts that a SELECT gives, for good, and bring the state of their addresses up to date.

    It names kind, address_key, key_id, channel, purpose_id, at, notice_id, box_id, needs_confirmation, about_id and
    evidence; `select` is a constant of the caller's. The caller holds the lock of the addresses.
    """
    with connection.cursor() as cursor:
        cursor.execute(_RECORD_SELECTED.format(select=select), {**params, "origin": origin})
        recorded = [
            Recorded(act_id, kind, key, json.loads(evidence)) for act_id, kind, key, evidence in cursor.fetchall()
        ]
    fold(list({act.address_key for act in recorded}))
    return recorded


def lapses(keys: Sequence[UUID]) -> dict[UUID, datetime]:
    """Return when everything said at these addresses last lapsed, where it ever did: an erasure or a purge."""
    with connection.cursor() as cursor:
        cursor.execute(_LAPSES, [as_array(keys)])
        return dict(cursor.fetchall())


def lock(keys: Sequence[UUID], *, shared: bool = False) -> None:
    """Let one transaction at a time record acts about these addresses, until it ends; several where all share."""
    buckets = {key.int >> 120 for key in keys}  # the first byte
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_KEYS.format(shared="_shared" if shared else ""), [_LOCKS, sorted(buckets)])


def informed(key: UUID, *, at: datetime, **shown: Any) -> Act:
    """The act: this person met the notice and a free way to refuse."""
    return Act(kind=Act.Kind.INFORMED, address_key=key, key_id=signing_key_id(), at=at, **shown)


def given(key: UUID, box: Box, *, at: datetime, needs_confirmation: bool, **shown: Any) -> Act:
    """The act: this person ticked this box; on the web it needs confirmation before it counts."""
    return Act(
        kind=Act.Kind.GIVEN,
        address_key=key,
        key_id=signing_key_id(),
        channel=box.channel,
        purpose=box.purpose,
        box=box,
        notice=box.notice,
        at=at,
        needs_confirmation=needs_confirmation,
        **shown,
    )


def confirmed(consent: Act, *, at: datetime, **shown: Any) -> Act:
    """The act: the person confirmed that consent."""
    return Act(
        kind=Act.Kind.CONFIRMED,
        address_key=consent.address_key,
        key_id=consent.key_id,
        channel=consent.channel,
        purpose=consent.purpose,
        notice=consent.notice,
        box=consent.box,
        language=consent.language,
        about=consent,
        at=at,
        **shown,
    )


@transaction.atomic
def record_stop(
    key: UUID,
    *,
    channel: str | None,
    purpose_id: int | None,
    at: datetime,
    origin: str,
    evidence: dict[str, Any] | None = None,
    key_id: int | None = None,
) -> bool:
    """Record that the person said stop: for one channel and purpose, or with None for all of them.

    Every stop is a withdrawal and an objection (GDPR art. 7(3) and 21(2)): no other ground counts afterwards.
    Returns False where the same stop already stands, so that pressing twice, or a robot, adds nothing.
    """
    lock([key])
    if _stands(key, channel, purpose_id):
        return False
    record_acts(
        Act(
            kind=kind,
            address_key=key,
            key_id=signing_key_id() if key_id is None else key_id,
            channel=channel,
            purpose_id=purpose_id,
            at=at,
            origin=origin,
            evidence=evidence or {},
        )
        for kind in (Act.Kind.WITHDRAWN, Act.Kind.OBJECTED)
    )
    return True


def _stands(key: UUID, channel: str | None, purpose_id: int | None) -> bool:
    """Whether this very objection was made already, with no consent said or confirmed since."""
    objections = Objection.objects.filter(address_key=key, channel=channel)
    wanted = Q(purpose__isnull=True) if purpose_id is None else Q(purpose_id=purpose_id)
    if not objections.filter(wanted).exists():
        return False
    later = Permission.objects.filter(address_key=key, withdrawn_at__isnull=True)
    if channel is not None:
        later = later.filter(channel=channel)
    if purpose_id is not None:
        later = later.filter(purpose_id=purpose_id)
    return not later.exists()
