"""DKIM signatures (RFC 6376, RFC 8463): what a mail says, and its one-click stop, vouched for by the sender's domain.

The canonical forms are those of "relaxed/relaxed". The signing itself is done by `cryptography`, in C.
"""

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

# RFC 8058 demands a signature over both one-click headers. Naming From twice lets nobody add a second one.
SIGNED = (
    *(b"from", b"from", b"to", b"reply-to", b"subject", b"date", b"message-id", b"mime-version", b"content-type"),
    *(b"list-id", b"list-unsubscribe", b"list-unsubscribe-post"),
)

_SPACES = re.compile(rb"[ \t]+")
_SPACES_AT_END = re.compile(rb"[ \t]+(?=\r\n)")
_FOLD = re.compile(rb"\r\n(?=[ \t])")
_SMALLEST_RSA = 1024


@dataclass(frozen=True)
class Key:
    """One private key, published under a selector of the sender's domain."""

    selector: str
    private: RSAPrivateKey | Ed25519PrivateKey

    @property
    def algorithm(self) -> str:
        return "rsa-sha256" if isinstance(self.private, RSAPrivateKey) else "ed25519-sha256"

    def sign(self, data: bytes) -> bytes:
        if isinstance(self.private, RSAPrivateKey):
            return self.private.sign(data, PKCS1v15(), SHA256())
        return self.private.sign(hashlib.sha256(data).digest())


def keys() -> tuple[Key, ...]:
    """The keys of DKIM_KEYS, by selector; none where a relay signs."""
    return tuple(_key(selector, path) for selector, path in settings.DKIM_KEYS.items())


@lru_cache
def _key(selector: str, path: str) -> Key:
    try:
        private = load_pem_private_key(Path(path).read_bytes(), password=None)
    except (OSError, ValueError) as error:
        raise ImproperlyConfigured(f"DKIM_KEYS: no private key can be read from {path}: {error}") from error
    if isinstance(private, RSAPrivateKey) and private.key_size >= _SMALLEST_RSA:
        return Key(selector, private)
    if isinstance(private, Ed25519PrivateKey):
        return Key(selector, private)
    raise ImproperlyConfigured(f"DKIM_KEYS: {path} is neither an Ed25519 key nor an RSA key of 1024 bits or more.")


def signed(mail: bytes, domain: str, signing: Sequence[Key]) -> bytes:
    """Return a mail, lines ended by CRLF, with one signature per key in front."""
    if not signing:
        return mail
    head, _, body = mail.partition(b"\r\n\r\n")
    body_hash = base64.b64encode(hashlib.sha256(_relaxed_body(body)).digest())
    fields = _relaxed_fields(head)
    names = [name for name in SIGNED if name in fields]
    covered = b"".join(
        fields[name].pop() if fields[name] else b"" for name in names
    )  # from the last upwards, as RFC 6376 counts them
    return b"".join(_signature(key, domain, names, body_hash, covered) for key in signing) + mail


def _signature(key: Key, domain: str, names: Sequence[bytes], body_hash: bytes, covered: bytes) -> bytes:
    tags = b"v=1; a=%b; c=relaxed/relaxed; d=%b; s=%b;\r\n h=%b;\r\n bh=%b;\r\n b=" % (
        key.algorithm.encode(),
        domain.encode(),
        key.selector.encode(),
        b":\r\n ".join(_in_lines(names)),
        body_hash,
    )
    own = b"dkim-signature:" + _SPACES.sub(b" ", _FOLD.sub(b"", tags)).strip()
    value = base64.b64encode(key.sign(covered + own))
    lines = (value[start : start + 70] for start in range(0, len(value), 70))
    return b"DKIM-Signature: " + tags + b"\r\n ".join(lines) + b"\r\n"


def _in_lines(names: Sequence[bytes]) -> list[bytes]:
    return [b":".join(names[start : start + 6]) for start in range(0, len(names), 6)]


def _relaxed_fields(head: bytes) -> dict[bytes, list[bytes]]:
    fields: dict[bytes, list[bytes]] = {}
    for field in _FOLD.sub(b"", head).split(b"\r\n"):
        name, _, value = field.partition(b":")
        name = name.strip().lower()
        fields.setdefault(name, []).append(name + b":" + _SPACES.sub(b" ", value).strip() + b"\r\n")
    return fields


def _relaxed_body(body: bytes) -> bytes:
    if b"  " in body or b"\t" in body:
        body = _SPACES.sub(b" ", body)
    if b" \r\n" in body:
        body = _SPACES_AT_END.sub(b"", body)
    body = body.rstrip(b"\r\n")
    return body + b"\r\n" if body else b""
