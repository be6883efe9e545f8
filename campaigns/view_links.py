"""The word by which a campaign is read in the browser: it stands in its mails, beside the token that stops them."""

import base64
import binascii
import hashlib
import hmac
import struct

from django.conf import settings

_BODY = struct.Struct(">Q")
_SEAL_BYTES = 16


def view_address(campaign_id: int, token: str) -> str:
    """Where whoever has this stop token reads their message of a campaign: the same for all readers but the token."""
    return f"{settings.SITE_URL}/v/{token}/{view_word(campaign_id)}/"


def view_word(campaign_id: int) -> str:
    """Return the word, 32 URL-safe characters, that nobody knows who got no mail of this campaign."""
    body = _BODY.pack(campaign_id)
    return base64.urlsafe_b64encode(body + _seal(body)).decode()


def campaign_of_view(word: str) -> int | None:
    """Return the number of the campaign that a word names; None unless it was made here, unchanged."""
    try:
        raw = base64.b64decode(word, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    body, seal = raw[: _BODY.size], raw[_BODY.size :]
    if len(body) != _BODY.size or not hmac.compare_digest(seal, _seal(body)):
        return None
    number: int = _BODY.unpack(body)[0]
    return number


def _seal(body: bytes) -> bytes:
    return hmac.digest(settings.STOP_LINK_SECRET.encode(), b"view" + body, hashlib.sha256)[:_SEAL_BYTES]
