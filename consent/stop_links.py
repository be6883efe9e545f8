"""The token in every message that stops messages: it names no address, never expires, and can do nothing but stop."""

import base64
import binascii
import hmac
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from consent.address_keys import signing_key_id
from consent.vocabulary import Channel

# One byte each, forever: tokens already mailed carry them.
_CODES: Mapping[str, int] = {
    Channel.EMAIL: 1,
    Channel.SMS: 2,
    Channel.MMS: 3,
    Channel.BLUETOOTH: 4,
    Channel.FAX: 5,
    Channel.AUTOMATED_CALL: 6,
    Channel.PHONE: 7,
    Channel.POST: 8,
}
_CHANNELS = {code: Channel(channel) for channel, code in _CODES.items()}
_BODY = struct.Struct(">BB16sBI")  # version, key id, address key, channel, purpose
_VERSION = 1
_URL_SAFE = bytes.maketrans(b"+/", b"-_")
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
    return token_maker(channel, purpose_id)(address_key, signing_key_id() if key_id is None else key_id)


def token_maker(channel: str, purpose_id: int) -> Callable[[UUID, int], str]:
    """Give what makes the tokens of many addresses, from each one's key and the id of that key's secret."""
    code, secret = _CODES[channel], settings.STOP_LINK_SECRET.encode()

    def token(address_key: UUID, key_id: int) -> str:
        body = _BODY.pack(_VERSION, key_id, address_key.bytes, code, purpose_id)
        # 39 bytes are 52 characters: nothing is left over to be filled.
        return binascii.b2a_base64(body + _seal(body, secret), newline=False).translate(_URL_SAFE).decode()

    return token


def read_stop_token(token: str) -> Stop:
    """Return what a token stops. Raises BadStopToken unless it was made here, unchanged."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadStopToken from error
    body, seal = raw[: _BODY.size], raw[_BODY.size :]
    if len(body) != _BODY.size or not hmac.compare_digest(seal, _seal(body, settings.STOP_LINK_SECRET.encode())):
        raise BadStopToken
    _version, key_id, key, code, purpose_id = _BODY.unpack(body)
    return Stop(UUID(bytes=key), key_id, _CHANNELS[code], purpose_id)


def _seal(body: bytes, secret: bytes) -> bytes:
    return hmac.digest(secret, body, "sha256")[:_SEAL_BYTES]
