"""Scans of papers: read by what they hold, kept with the consents that they prove, and erased with them."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _

from consent.models import Scan
from consent.pictures import Readable, draw_anew

MAX_BYTES = 10 * 1024 * 1024
# A sheet of A4 at 300 points an inch.
_MAX_WIDTH = 2480

# Somebody else's consent may rest on the same paper.
_FORGET = """
WITH shrunk AS (
    UPDATE consent_scan SET address_keys = ARRAY(
        SELECT key FROM unnest(address_keys) AS key WHERE key <> ALL(%(keys)s::uuid[]))
    WHERE address_keys && %(keys)s::uuid[] AND given_at < %(before)s
        AND NOT address_keys <@ %(keys)s::uuid[]
)
DELETE FROM consent_scan WHERE address_keys <@ %(keys)s::uuid[] AND given_at < %(before)s
"""


def read_scan(upload: Readable) -> Scan:
    """Read a paper that staff scanned, without keeping it yet. Raises ValidationError, in words, where it is none.

    Pictures are drawn anew; a PDF is known by how it begins and ends, and nobody's browser opens it in our pages.
    """
    content = upload.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise ValidationError(_("This file is heavier than 10 MB. Scan in grey, or with fewer points."), code="scan")
    if content.startswith(b"%PDF-"):
        if b"%%EOF" not in content[-1024:]:
            raise ValidationError(_("This PDF cannot be read: the file is damaged."), code="scan")
        content_type: str = Scan.ContentType.PDF
    elif content.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
        drawing = draw_anew(content, max_width=_MAX_WIDTH)
        content, content_type = drawing.content, str(drawing.content_type)
    else:
        raise ValidationError(_("This is no scan in PDF, PNG or JPEG."), code="scan")
    return Scan(digest=hashlib.sha256(content).hexdigest(), content_type=content_type, content=content)


def keep_scan(scan: Scan, keys: Sequence[UUID], *, given_at: datetime) -> None:
    """Keep a scan beside the acts of these addresses, which name its digest. The same paper is kept once."""
    kept, created = Scan.objects.select_for_update().get_or_create(
        digest=scan.digest,
        defaults={
            "content_type": scan.content_type,
            "content": scan.content,
            "address_keys": list(keys),
            "given_at": given_at,
        },
    )
    if not created:
        kept.address_keys = sorted({*kept.address_keys, *keys})
        kept.given_at = max(kept.given_at, given_at)
        kept.save(update_fields=["address_keys", "given_at"])


def forget_scans(keys: Sequence[UUID], *, before: datetime) -> None:
    """Erase the scans of consents given before that moment at these addresses alone; others name them no more."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, {"keys": list(keys), "before": before})
