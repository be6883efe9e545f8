"""The one way in for what people say about consent: acts are recorded, and permissions follow at once."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from consent.address_keys import signing_key_id
from consent.models import Act, Box, Objection, Permission

_LOCKS = 0x4C6F79  # the advisory lock class of acts

# Bulk acts lock 256 buckets at most, in order, so that they neither deadlock nor fill the server's lock table.
_LOCK_KEYS = """
SELECT pg_advisory_xact_lock(%s, bucket)
FROM (SELECT DISTINCT get_byte(uuid_send(key), 0) AS bucket FROM unnest(%s::uuid[]) AS key ORDER BY bucket) AS buckets
"""

# The consent that stands wins; where none does, the latest. An unconfirmed consent that needs confirmation is not the
# person's word: it hides no earlier withdrawal or lapse.
_FOLD = """
WITH word AS (
    SELECT act.* FROM consent_act AS act WHERE act.address_key = ANY(%(keys)s::uuid[])
), pair AS (
    SELECT DISTINCT address_key, channel, purpose_id FROM word
    WHERE kind IN ('given', 'renewed', 'withdrawn') AND channel IS NOT NULL AND purpose_id IS NOT NULL
), consent AS (
    SELECT given.*, confirmed.at AS confirmed_at,
        CASE WHEN given.needs_confirmation THEN coalesce(confirmed.at, '-infinity') ELSE given.at END AS effective_at
    FROM word AS given
    LEFT JOIN LATERAL (
        SELECT min(at) AS at FROM word WHERE about_id = given.id AND kind = 'confirmed'
    ) AS confirmed ON true
    WHERE given.kind IN ('given', 'renewed')
        AND NOT EXISTS (SELECT FROM word WHERE about_id = given.id AND kind = 'voided')
), judged AS (
    SELECT pair.address_key, pair.channel, pair.purpose_id, ended.withdrawn_at, ended.lapsed_at,
        ended.key_id AS ended_key_id,
        consent.id AS act_id, consent.key_id, consent.at AS given_at, consent.needs_confirmation,
        consent.mentions_complete, consent.confirmed_at,
        row_number() OVER (
            PARTITION BY pair.address_key, pair.channel, pair.purpose_id
            ORDER BY (consent.effective_at > '-infinity' AND ended.withdrawn_at IS NULL AND ended.lapsed_at IS NULL)
                DESC NULLS LAST, consent.at DESC NULLS LAST, consent.id DESC
        ) AS place
    FROM pair
    LEFT JOIN consent USING (address_key, channel, purpose_id)
    CROSS JOIN LATERAL (
        SELECT max(at) FILTER (WHERE kind = 'withdrawn') AS withdrawn_at,
            max(at) FILTER (WHERE kind = 'lapsed') AS lapsed_at, max(key_id) AS key_id
        FROM word
        WHERE word.address_key = pair.address_key AND word.kind IN ('withdrawn', 'lapsed')
            AND (word.channel IS NULL OR word.channel = pair.channel)
            AND (word.purpose_id IS NULL OR word.purpose_id = pair.purpose_id)
            AND word.at >= coalesce(consent.effective_at, '-infinity')
    ) AS ended
), permission AS (
    INSERT INTO consent_permission AS current (address_key, key_id, channel, purpose_id, act_id, given_at,
        needs_confirmation, mentions_complete, confirmed_at, withdrawn_at, lapsed_at)
    SELECT address_key, coalesce(key_id, ended_key_id), channel, purpose_id, act_id, given_at,
        coalesce(needs_confirmation, true), coalesce(mentions_complete, false), confirmed_at, withdrawn_at, lapsed_at
    FROM judged WHERE place = 1 AND (act_id IS NOT NULL OR withdrawn_at IS NOT NULL)
    ON CONFLICT (address_key, channel, purpose_id) DO UPDATE SET
        key_id = excluded.key_id, act_id = excluded.act_id, given_at = excluded.given_at,
        needs_confirmation = excluded.needs_confirmation, mentions_complete = excluded.mentions_complete,
        confirmed_at = excluded.confirmed_at, withdrawn_at = excluded.withdrawn_at, lapsed_at = excluded.lapsed_at
), forgotten AS (
    DELETE FROM consent_permission AS current
    WHERE address_key = ANY(%(keys)s::uuid[]) AND NOT EXISTS (
        SELECT FROM judged
        WHERE (judged.address_key, judged.channel, judged.purpose_id)
            = (current.address_key, current.channel, current.purpose_id)
            AND place = 1 AND (judged.act_id IS NOT NULL OR judged.withdrawn_at IS NOT NULL))
)
INSERT INTO consent_objection AS current (address_key, key_id, channel, purpose_id, at)
SELECT address_key, max(key_id), channel, purpose_id, max(at) FROM word WHERE kind = 'objected'
GROUP BY address_key, channel, purpose_id
ON CONFLICT (address_key, channel, purpose_id) DO UPDATE SET at = excluded.at, key_id = excluded.key_id
WHERE current.at IS DISTINCT FROM excluded.at
"""


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


def lock(keys: Sequence[UUID]) -> None:
    """Let one transaction at a time record acts about these addresses, until it ends."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_KEYS, [_LOCKS, list(keys)])


def fold(keys: Sequence[UUID]) -> None:
    """Recompute the permissions and objections of these addresses from their acts. The caller holds their lock."""
    with connection.cursor() as cursor:
        cursor.execute(_FOLD, {"keys": list(keys)})


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
