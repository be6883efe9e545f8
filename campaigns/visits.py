"""The word in a personal link that names its message: made here, and of no use but to say whose click it was."""

import base64
import binascii
import hashlib
import hmac
import struct

from django.conf import settings

_BODY = struct.Struct(">Q")
_SEAL_BYTES = 16


def visit_word(message_id: int) -> str:
    """Return what stands at the end of a reader's personal links: a full stop and 32 URL-safe characters."""
    body = _BODY.pack(message_id)
    return "." + base64.urlsafe_b64encode(body + _seal(body)).decode()


def message_of_visit(word: str) -> int | None:
    """Return the number of the message that a word names; None unless it was made here, unchanged."""
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
    return hmac.digest(settings.STOP_LINK_SECRET.encode(), b"visit" + body, hashlib.sha256)[:_SEAL_BYTES]
