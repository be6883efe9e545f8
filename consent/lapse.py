"""The end of every permission of an address whose person is erased: nothing of it revives, whoever comes back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from consent.address_keys import as_array
from consent.folding import fold
from consent.models import Act

# One act for each address, naming no channel and no purpose, ends all that was ever said there, and tells an older file
# apart. What a fold would write is known where each channel and purpose has one consent and no later lapse stands; the
# other addresses are returned for it.
_LAPSE = """
WITH said AS (
    INSERT INTO consent_act (kind, address_key, key_id, at, origin, needs_confirmation, mentions_complete, evidence)
    SELECT 'lapsed', address_key, key_id, %(at)s, %(origin)s, false, false, '{}'
    FROM unnest(%(keys)s::uuid[], %(key_ids)s::smallint[]) AS erased (address_key, key_id)
), several AS (
    SELECT DISTINCT address_key FROM consent_act
    WHERE address_key = ANY(%(keys)s::uuid[]) AND (kind IN ('given', 'renewed') OR (kind = 'lapsed' AND at > %(at)s))
    GROUP BY address_key, channel, purpose_id HAVING count(*) > 1 OR bool_or(kind = 'lapsed')
), ended AS (
    UPDATE consent_permission SET lapsed_at = %(at)s
    WHERE address_key = ANY(%(keys)s::uuid[]) AND lapsed_at IS NULL AND (given_at <= %(at)s OR given_at IS NULL)
    RETURNING act_id
)
SELECT (SELECT count(act_id) FROM ended), ARRAY(SELECT address_key FROM several)
"""


def lapse(key_ids: Mapping[UUID, int], *, at: datetime, origin: Act.Origin) -> int:
    """End every permission of these addresses and return how many there were. The caller holds their lock."""
    arguments: dict[str, Any] = {
        "keys": as_array(key_ids),
        "key_ids": list(key_ids.values()),
        "at": at,
        "origin": str(origin),
    }
    with connection.cursor() as cursor:
        cursor.execute(_LAPSE, arguments)
        standing, several = cursor.fetchone()
    if several:
        fold(several)
    return int(standing)
