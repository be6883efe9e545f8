"""A campaign's mail as bytes, made once, with slots: a reader's mail is one substitution away.

Each slot stands between quoted-printable soft line breaks, so that what fills it is encoded without a look at its
surroundings, and the rest never again.
"""

import binascii
import html
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import lru_cache

from django.conf import settings

from campaigns.delivery.compose import Composition, Reader, fill, stop_address
from campaigns.delivery.slots import Part, Slot, one_line

_SOFT_BREAK = b"=\r\n"
_LINE_LENGTH = 76  # the soft break's "=" included
_ENCODED_WORD_BYTES = 39  # the first one shares its line of 76 characters with the name of the header
_PLAIN_SUBJECT = re.compile(r"(?!.*=\?)[ -~]{0,60}")
_KEPT_ENCODINGS = 10_000

Encoder = Callable[[str, str], bytes]


class Skeleton:
    """One campaign's mail, ready but for what is the reader's own."""

    def __init__(self, composition: Composition) -> None:
        self._slots: dict[tuple[Slot, Encoder], bytes] = {}
        self.extras = composition.extras
        self._subject = composition.subject
        self._subject_varies = any(isinstance(part, Slot) for part in composition.subject)
        self._whole = b"".join(self._pattern(composition))
        self._encoders = [(key, slot.name, slot.default, encoder) for (slot, encoder), key in self._slots.items()]

    def fill(self, reader: Reader, at: datetime) -> bytes:
        """Return one reader's mail, lines ended by CRLF, not yet dot-stuffed."""
        words: Mapping[str, str] = reader.words
        values = {key: encoder(words.get(name, ""), default) for key, name, default, encoder in self._encoders}
        values[b"to"] = reader.address.encode()
        values[b"id"] = reader.message_id.encode()
        values[b"token"] = reader.token.encode()
        values[b"date"] = _date(at)
        if self._subject_varies:
            values[b"subject"] = _subject(fill(self._subject, reader))
        return self._whole % values

    def _pattern(self, composition: Composition) -> Iterator[bytes]:
        boundary = f"={secrets.token_hex(12)}="  # "=" before such digits cannot stand in quoted-printable
        yield _header("From", composition.sender)
        yield b"To: %(to)b\r\nDate: %(date)b\r\n"
        yield _literal(f"Message-ID: <\0id\0@{composition.sender.domain}>\r\n")
        yield b"Subject:"
        yield b"%(subject)b" if self._subject_varies else _escape(_subject("".join(map(str, composition.subject))))
        yield b"\r\n"
        yield _literal(f"List-Id: <{composition.list_id}>\r\n")
        by_mail = f",\r\n <mailto:{settings.STOP_ADDRESS}?subject=\0token\0>" if settings.STOP_ADDRESS else ""
        yield _literal(f"List-Unsubscribe: <{stop_address(chr(0) + 'token' + chr(0))}>{by_mail}\r\n")
        if settings.SITE_URL.startswith("https://"):
            yield b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
        if composition.reply_to:
            yield _header("Reply-To", composition.reply_to)
        yield _literal(f"Content-Language: {composition.language}\r\nMIME-Version: 1.0\r\n")
        yield _literal(f'Content-Type: multipart/alternative; boundary="{boundary}"\r\n\r\n')
        for subtype, parts, encoder in (("plain", composition.text, in_text), ("html", composition.html, in_html)):
            yield _literal(f'--{boundary}\r\nContent-Type: text/{subtype}; charset="utf-8"\r\n')
            yield b"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
            yield from self._body(parts, encoder)
            yield b"\r\n"
        yield _literal(f"--{boundary}--\r\n")

    def _body(self, parts: tuple[Part, ...], encoder: Encoder) -> Iterator[bytes]:
        at_line_start = True
        for part in parts:
            if isinstance(part, str):
                encoded = _lines(part)
                if not (at_line_start or encoded.startswith(b"\r\n")):
                    yield _SOFT_BREAK
                yield _escape(encoded)
                at_line_start = encoded.endswith(b"\r\n")
            else:
                if not at_line_start:
                    yield _SOFT_BREAK
                yield b"%(token)b" if part.name == "token" else self._slot(part, encoder)
                at_line_start = False
        if not at_line_start:
            yield b"\r\n"

    def _slot(self, slot: Slot, encoder: Encoder) -> bytes:
        key = self._slots.setdefault((slot, encoder), str(len(self._slots)).encode())
        return b"%(" + key + b")b"


@lru_cache(_KEPT_ENCODINGS)
def in_text(value: str, default: str) -> bytes:
    """A reader's word for the text part."""
    return _quoted_printable(one_line(value) or default)


@lru_cache(_KEPT_ENCODINGS)
def in_html(value: str, default: str) -> bytes:
    """A reader's word for the HTML part."""
    return _quoted_printable(html.escape(one_line(value) or default))


@lru_cache(_KEPT_ENCODINGS)
def _subject(text: str) -> bytes:
    """A subject, in encoded words where it is not plain."""
    if _PLAIN_SUBJECT.fullmatch(text):
        return b" " + text.encode()
    words = (b" =?utf-8?b?" + binascii.b2a_base64(chunk, newline=False) + b"?=" for chunk in _chunks(text))
    return b"\r\n".join(words)


def _chunks(text: str) -> Iterator[bytes]:
    """Cut a text into few bytes at a time, never inside a character."""
    encoded, start = text.encode(), 0
    while len(encoded) - start > _ENCODED_WORD_BYTES:
        end = start + _ENCODED_WORD_BYTES
        while encoded[end] & 0xC0 == 0x80:  # inside a character
            end -= 1
        yield encoded[start:end]
        start = end
    yield encoded[start:]


def _lines(text: str) -> bytes:
    return b"\r\n".join(_quoted_printable(line) for line in text.replace("\r\n", "\n").split("\n"))


def _quoted_printable(line: str) -> bytes:
    """Encode one line, leaving room for a soft break at the end of its last one."""
    encoded = binascii.b2a_qp(line.encode(), istext=False)
    if len(encoded) - encoded.rfind(b"\n") > _LINE_LENGTH:
        last = -3 if encoded[-3:-2] == b"=" else -1
        encoded = encoded[:last] + b"=\n" + encoded[last:]
    return encoded.replace(b"=\n", _SOFT_BREAK)


def _header(name: str, value: Address) -> bytes:
    """A header as the standard library writes it."""
    mail = EmailMessage(policy=SMTP)
    mail[name] = value
    return _escape(mail.as_bytes().removesuffix(b"\r\n"))


def _literal(text: str) -> bytes:
    """Text as it stands in a pattern, with slots for whole values between NULs."""
    literal, *rest = text.split("\0")
    pattern = _escape(literal.encode())
    for name, following in zip(rest[::2], rest[1::2], strict=True):
        pattern += b"%(" + name.encode() + b")b" + _escape(following.encode())
    return pattern


def _escape(literal: bytes) -> bytes:
    return literal.replace(b"%", b"%%")


@lru_cache(16)
def _date(at: datetime) -> bytes:
    return format_datetime(at).encode()
