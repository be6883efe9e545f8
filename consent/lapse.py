"""The end of every permission of an address whose person is erased: nothing of it revives, whoever comes back."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from consent.acts import lock
from consent.folding import fold
from consent.models import Act

# One act, naming no channel and no purpose, ends them all; an address without any act gains none by being erased. What
# a fold would write is known where each channel and purpose has one consent; the other addresses are returned for it.
_LAPSE = """
WITH word AS MATERIALIZED (
    SELECT address_key, key_id, kind, channel, purpose_id FROM consent_act WHERE address_key = ANY(%(keys)s::uuid[])
), said AS (
    INSERT INTO consent_act (kind, address_key, key_id, at, origin, needs_confirmation, mentions_complete, evidence)
    SELECT 'lapsed', address_key, max(key_id), %(at)s, %(origin)s, false, false, '{}' FROM word
    GROUP BY address_key ORDER BY address_key
), several AS (
    SELECT DISTINCT address_key FROM word WHERE kind IN ('given', 'renewed')
    GROUP BY address_key, channel, purpose_id HAVING count(*) > 1
), before AS (
    SELECT id, act_id IS NOT NULL AND lapsed_at IS NULL AS stood FROM consent_permission
    WHERE address_key = ANY(%(keys)s::uuid[])
), ended AS (
    UPDATE consent_permission AS permission SET lapsed_at = greatest(permission.lapsed_at, %(at)s)
    FROM before WHERE before.id = permission.id AND (given_at <= %(at)s OR given_at IS NULL)
)
SELECT (SELECT count(*) FROM before WHERE stood), ARRAY(SELECT address_key FROM several)
"""


@transaction.atomic
def lapse(keys: Sequence[UUID], *, at: datetime, origin: Act.Origin) -> int:
    """End every permission of these addresses and return how many there were."""
    lock(keys)
    with connection.cursor() as cursor:
        cursor.execute(_LAPSE, {"keys": list(keys), "at": at, "origin": str(origin)})
        standing, several = cursor.fetchone()
    if several:
        fold(several)
    return int(standing)
