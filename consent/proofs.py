"""Proofs of consent end too: without a permission in force for some years, their content is erased."""

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from consent.acts import lock
from consent.folding import fold

# The addresses of which something ended before that day, in the order of their keys.
_CANDIDATES = """
SELECT address_key FROM (
    SELECT address_key FROM consent_permission WHERE lapsed_at < %(before)s
    UNION SELECT address_key FROM consent_permission WHERE withdrawn_at < %(before)s
    UNION SELECT address_key FROM consent_act WHERE kind = 'lapsed' AND at < %(before)s
) AS ended
WHERE address_key > %(after)s ORDER BY address_key LIMIT %(limit)s
"""

# A consent that was never confirmed was never in force.
_WITHOUT_PERMISSION = """
SELECT address_key FROM unnest(%(keys)s::uuid[]) AS address_key
WHERE NOT EXISTS (
    SELECT FROM consent_permission AS permission
    WHERE permission.address_key = address_key.address_key AND permission.act_id IS NOT NULL
        AND (permission.confirmed_at IS NOT NULL OR NOT permission.needs_confirmation)
        AND (permission.withdrawn_at >= %(before)s OR permission.lapsed_at >= %(before)s
            OR (permission.withdrawn_at IS NULL AND permission.lapsed_at IS NULL)))
"""

# Objections stay: they stop messages for as long as the address exists.
_ERASE = """
UPDATE consent_act SET erased_by = %(run)s, kind = NULL, address_key = NULL, key_id = NULL, channel = NULL,
    purpose_id = NULL, at = NULL, origin = NULL, notice_id = NULL, box_id = NULL, language = NULL, about_id = NULL,
    evidence = NULL, salt = NULL
WHERE address_key = ANY(%(keys)s::uuid[]) AND kind <> 'objected' AND at < %(before)s
"""

FIRST = UUID(int=0)


def erase_proofs(*, before: datetime, run: int, after: UUID, limit: int) -> tuple[int, UUID | None]:
    """Erase the content of acts older than `before` of addresses without a permission in force since.

    Looks at `limit` addresses whose key comes after that one. Returns how many acts were erased, and the last address
    looked at, or None at the end. The digests stay, and the objections.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CANDIDATES, {"before": before, "after": after, "limit": limit})
        keys = [key for (key,) in cursor.fetchall()]
        if not keys:
            return 0, None
        lock(keys)
        cursor.execute(_WITHOUT_PERMISSION, {"keys": keys, "before": before})
        ended = [key for (key,) in cursor.fetchall()]
        cursor.execute("SELECT set_config('loyal.retention_run', %s, true)", [str(run)])
        cursor.execute(_ERASE, {"keys": ended, "before": before, "run": run})
        erased = cursor.rowcount
        fold(ended)
    return erased, keys[-1]
