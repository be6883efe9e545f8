"""What acts add up to: one statement folds those of some addresses into permissions and objections."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

# Of several consents, one that stands wins; of those, one that no objection overrides, then one that carries the
# mentions that calls need, then the latest. Where none stands, the latest. An unconfirmed consent that needs
# confirmation is not the person's word: it hides no earlier withdrawal. A lapse ends whatever was given before it,
# confirmed since or not.
_JUDGED = """
WITH word AS (
    SELECT act.* FROM consent_act AS act
    WHERE act.address_key = ANY(%(keys)s::uuid[]) AND (act.at <= %(until)s::timestamptz OR %(until)s IS NULL)
), pair AS (
    SELECT DISTINCT address_key, channel, purpose_id FROM word
    WHERE kind IN ('given', 'renewed', 'withdrawn') AND channel IS NOT NULL AND purpose_id IS NOT NULL
), confirmation AS (
    SELECT about_id, min(at) AS at FROM word WHERE kind = 'confirmed' GROUP BY about_id
), consent AS (
    SELECT given.address_key, given.channel, given.purpose_id, given.id AS act_id, given.key_id, given.at AS given_at,
        given.needs_confirmation, given.mentions_complete, confirmation.at AS confirmed_at,
        CASE WHEN given.needs_confirmation THEN coalesce(confirmation.at, '-infinity') ELSE given.at END AS effective_at
    FROM word AS given LEFT JOIN confirmation ON confirmation.about_id = given.id
    WHERE given.kind IN ('given', 'renewed')
        AND given.id NOT IN (SELECT about_id FROM word WHERE kind = 'voided')
), ended AS (
    SELECT pair.address_key, pair.channel, pair.purpose_id, consent.act_id,
        max(at) FILTER (WHERE kind = 'withdrawn' AND at >= coalesce(effective_at, '-infinity')) AS withdrawn_at,
        min(at) FILTER (WHERE kind = 'lapsed' AND at >= coalesce(given_at, '-infinity')) AS lapsed_at,
        max(at) FILTER (WHERE kind = 'objected') AS objected_at, max(stop.key_id) AS ended_key_id
    FROM pair
    LEFT JOIN consent USING (address_key, channel, purpose_id)
    JOIN word AS stop ON stop.address_key = pair.address_key AND stop.kind IN ('withdrawn', 'lapsed', 'objected')
        AND (stop.channel IS NULL OR stop.channel = pair.channel)
        AND (stop.purpose_id IS NULL OR stop.purpose_id = pair.purpose_id)
    GROUP BY pair.address_key, pair.channel, pair.purpose_id, consent.act_id
), outcome AS (
    SELECT pair.address_key, pair.channel, pair.purpose_id, consent.act_id, consent.key_id, consent.given_at,
        consent.needs_confirmation, consent.mentions_complete, consent.confirmed_at,
        ended.withdrawn_at, ended.lapsed_at, ended.ended_key_id,
        consent.effective_at > '-infinity' AND ended.withdrawn_at IS NULL AND ended.lapsed_at IS NULL AS stands,
        ended.objected_at IS NULL OR (consent.needs_confirmation AND consent.confirmed_at > ended.objected_at)
            AS unopposed
    FROM pair
    LEFT JOIN consent USING (address_key, channel, purpose_id)
    LEFT JOIN ended ON (ended.address_key, ended.channel, ended.purpose_id)
            = (pair.address_key, pair.channel, pair.purpose_id)
        AND coalesce(ended.act_id, 0) = coalesce(consent.act_id, 0)
), judged AS (
    SELECT *, row_number() OVER (
        PARTITION BY address_key, channel, purpose_id
        ORDER BY stands DESC NULLS LAST, (stands AND unopposed) DESC NULLS LAST,
            (stands AND mentions_complete) DESC NULLS LAST, given_at DESC NULLS LAST, act_id DESC
    ) AS place
    FROM outcome
)
"""

_FOLD = f"""{_JUDGED}
, permission AS (
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
"""  # noqa: S608 - two constants

_FOLDED = f"""{_JUDGED}
SELECT channel, purpose_id, act_id, given_at, coalesce(needs_confirmation, true), coalesce(mentions_complete, false),
    confirmed_at, withdrawn_at, lapsed_at
FROM judged WHERE place = 1 AND (act_id IS NOT NULL OR withdrawn_at IS NOT NULL)
ORDER BY channel, purpose_id
"""  # noqa: S608 - two constants


@dataclass(frozen=True, slots=True)
class Folded:
    """A permission as it was at some moment."""

    channel: str
    purpose_id: int
    act_id: int | None
    given_at: datetime | None
    needs_confirmation: bool
    mentions_complete: bool
    confirmed_at: datetime | None
    withdrawn_at: datetime | None
    lapsed_at: datetime | None


def fold(keys: Sequence[UUID]) -> None:
    """Recompute the permissions and objections of these addresses from their acts. The caller holds their lock."""
    with connection.cursor() as cursor:
        cursor.execute(_FOLD, {"keys": list(keys), "until": None})


def folded(key: UUID, *, until: datetime) -> list[Folded]:
    """Return what the acts of one address had added up to by then, without writing anything."""
    with connection.cursor() as cursor:
        cursor.execute(_FOLDED, {"keys": [key], "until": until})
        return [Folded(*row) for row in cursor.fetchall()]
