"""Proofs of consent end too: without a permission in force for some years, their content is erased."""

from datetime import UTC, datetime

from django.db import connection, transaction

from consent.acts import lock
from consent.folding import fold
from consent.scans import forget_scans

# The addresses of which something ended before that day, the oldest end first.
_CANDIDATES = """
SELECT at, id, address_key FROM consent_act
WHERE kind IN ('lapsed', 'withdrawn') AND at < %(before)s AND (at, id) > (%(since)s, %(after)s)
ORDER BY at, id LIMIT %(limit)s
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

Place = tuple[datetime, int]
FIRST: Place = (datetime.min.replace(tzinfo=UTC), 0)


def erase_proofs(*, before: datetime, run: int, after: Place, limit: int) -> tuple[int, Place | None]:
    """Erase the content of acts older than `before` of addresses without a permission in force since.

    Looks at the next `limit` ends of permissions after that place. Returns how many acts were erased, and the place of
    the last end looked at, or None behind the last of all. The digests stay, and the objections.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CANDIDATES, {"before": before, "since": after[0], "after": after[1], "limit": limit})
        ends = cursor.fetchall()
        if not ends:
            return 0, None
        keys = sorted({key for _at, _id, key in ends})
        lock(keys)
        cursor.execute(_WITHOUT_PERMISSION, {"keys": keys, "before": before})
        ended = [key for (key,) in cursor.fetchall()]
        cursor.execute("SELECT set_config('loyal.retention_run', %s, true)", [str(run)])
        cursor.execute(_ERASE, {"keys": ended, "before": before, "run": run})
        erased = cursor.rowcount
        fold(ended)
        forget_scans(ended, before=before)
    return erased, ends[-1][:2]
