"""The end of every permission of an address whose person is erased: nothing of it revives, whoever comes back."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

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
), ended AS (
    UPDATE consent_permission SET lapsed_at = %(at)s
    WHERE address_key = ANY(%(keys)s::uuid[]) AND lapsed_at IS NULL AND (given_at <= %(at)s OR given_at IS NULL)
    RETURNING act_id
)
SELECT (SELECT count(act_id) FROM ended), ARRAY(SELECT address_key FROM several)
"""


def lapse(keys: Sequence[UUID], *, at: datetime, origin: Act.Origin) -> int:
    """End every permission of these addresses and return how many there were. The caller holds their lock."""
    with connection.cursor() as cursor:
        cursor.execute(_LAPSE, {"keys": list(keys), "at": at, "origin": str(origin)})
        standing, several = cursor.fetchone()
    if several:
        fold(several)
    return int(standing)
