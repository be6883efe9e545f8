"""The token in every message that stops messages: it names no address, never expires, and can do nothing but stop."""

import base64
import binascii
import hashlib
import hmac
import struct
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from consent.address_keys import signing_key_id
from consent.vocabulary import Channel

# One byte each, forever: tokens already mailed carry them.
_CODES = {
    Channel.EMAIL: 1,
    Channel.SMS: 2,
    Channel.MMS: 3,
    Channel.BLUETOOTH: 4,
    Channel.FAX: 5,
    Channel.AUTOMATED_CALL: 6,
    Channel.PHONE: 7,
    Channel.POST: 8,
}
_CHANNELS = {code: channel for channel, code in _CODES.items()}
_BODY = struct.Struct(">BB16sBI")  # version, key id, address key, channel, purpose
_VERSION = 1
_SEAL_BYTES = 16


class BadStopToken(ValueError):
    """This token was not made here."""


@dataclass(frozen=True)
class Stop:
    """Whom a stop token names, and what it stops by default."""

    address_key: UUID
    key_id: int
    channel: Channel
    purpose_id: int


def stop_token(address_key: UUID, channel: str, purpose_id: int, *, key_id: int | None = None) -> str:
    """Return the token, 52 URL-safe characters, with which messages to this address on this channel are stopped."""
    key_id = signing_key_id() if key_id is None else key_id
    body = _BODY.pack(_VERSION, key_id, address_key.bytes, _CODES[Channel(channel)], purpose_id)
    return base64.urlsafe_b64encode(body + _seal(body)).decode().rstrip("=")


def read_stop_token(token: str) -> Stop:
    """Return what a token stops. Raises BadStopToken unless it was made here, unchanged."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadStopToken from error
    body, seal = raw[: _BODY.size], raw[_BODY.size :]
    if len(body) != _BODY.size or not hmac.compare_digest(seal, _seal(body)):
        raise BadStopToken
    _version, key_id, key, code, purpose_id = _BODY.unpack(body)
    return Stop(UUID(bytes=key), key_id, _CHANNELS[code], purpose_id)


def _seal(body: bytes) -> bytes:
    return hmac.digest(settings.STOP_LINK_SECRET.encode(), body, hashlib.sha256)[:_SEAL_BYTES]
