"""The end of every permission of an address whose person is erased: nothing of it revives, whoever comes back."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from consent.acts import lock
from consent.folding import fold
from consent.models import Act

_STANDING = """
SELECT count(*) FROM consent_permission
WHERE address_key = ANY(%s::uuid[]) AND act_id IS NOT NULL AND lapsed_at IS NULL
"""

# One act, naming no channel and no purpose, ends them all. An address without any act gains none by being erased.
_LAPSE = """
INSERT INTO consent_act (kind, address_key, key_id, at, origin, needs_confirmation, mentions_complete, evidence)
SELECT 'lapsed', address_key, max(key_id), %s, %s, false, false, '{}'
FROM consent_act WHERE address_key = ANY(%s::uuid[])
GROUP BY address_key ORDER BY address_key
"""


@transaction.atomic
def lapse(keys: Sequence[UUID], *, at: datetime, origin: Act.Origin) -> int:
    """End every permission of these addresses and return how many there were."""
    lock(keys)
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, [list(keys)])
        standing: int = cursor.fetchone()[0]
        cursor.execute(_LAPSE, [at, str(origin), list(keys)])
    fold(keys)
    return standing
