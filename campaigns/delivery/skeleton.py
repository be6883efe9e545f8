"""A campaign's mail as bytes, made once, with slots: a reader's mail is one substitution away.

Each slot stands between quoted-printable soft line breaks, so that what fills it is encoded without a look at its
surroundings, and the rest never again.
"""

import binascii
import html
import re
import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import lru_cache
from itertools import groupby

from django.conf import settings

from campaigns.delivery.compose import Composition, Reader, fill, stop_address
from campaigns.delivery.slots import Part, Slot, one_line

_SOFT_BREAK = b"=\r\n"
_LINE_LENGTH = 76  # the soft break's "=" included
_ENCODED_WORD_BYTES = 39  # the first one shares its line of 76 characters with the name of the header
_PLAIN_SUBJECT = re.compile(r"(?!.*=\?)[ -~]{0,60}")
_KEPT_ENCODINGS = 10_000

Encoder = Callable[[str, str], bytes]
Piece = bytes | str  # what is alike for everybody, or the name of what is a reader's own


class Skeleton:
    """One campaign's mail, ready but for what is the reader's own."""

    def __init__(self, composition: Composition) -> None:
        self._slots: dict[tuple[Slot, Encoder], str] = {}
        self.extras = composition.extras
        self._subject = composition.subject
        self._subject_slots = [part for part in composition.subject if isinstance(part, Slot)]
        self._pieces: list[bytes] = []
        self._places: defaultdict[str, list[int]] = defaultdict(list)
        self._lay(self._pattern(composition))
        self._encoders = [
            (self._places[name], slot.name, slot.default, encoder) for (slot, encoder), name in self._slots.items()
        ]
        self._subjects: dict[tuple[str, ...], bytes] = {}

    def fill(self, reader: Reader, at: datetime) -> bytes:
        """Return one reader's mail, lines ended by CRLF, not yet dot-stuffed."""
        words: Mapping[str, str] = reader.words
        pieces = self._pieces.copy()
        for places, name, default, encoder in self._encoders:
            value = encoder(words.get(name, ""), default)
            for place in places:
                pieces[place] = value
        for name, value in (
            ("to", reader.address.encode()),
            ("id", reader.message_id.encode()),
            ("token", reader.token.encode()),
            ("date", _date(at)),
        ):
            for place in self._places[name]:
                pieces[place] = value
        if self._subject_slots:
            pieces[self._places["subject"][0]] = self._subject_of(reader)
        return b"".join(pieces)

    def _subject_of(self, reader: Reader) -> bytes:
        words = tuple(reader.words.get(slot.name, "") for slot in self._subject_slots)
        encoded = self._subjects.get(words)
        if encoded is None:
            encoded = _subject(fill(self._subject, reader))
            if len(self._subjects) < _KEPT_ENCODINGS:
                self._subjects[words] = encoded
        return encoded

    def _lay(self, pattern: Iterable[Piece]) -> None:
        """Put what is alike for everybody into as few pieces as can be, and note where each reader's own stands."""
        for named, run in groupby(pattern, key=lambda piece: isinstance(piece, str)):
            if not named:
                self._pieces.append(b"".join(piece for piece in run if isinstance(piece, bytes)))
                continue
            for name in run:
                self._places[str(name)].append(len(self._pieces))
                self._pieces.append(b"")

    def _pattern(self, composition: Composition) -> Iterator[Piece]:
        boundary = f"={secrets.token_hex(12)}="  # "=" before such digits cannot stand in quoted-printable
        yield _header("From", composition.sender)
        yield from _named("To: \0to\0\r\nDate: \0date\0\r\n")
        yield from _named(f"Message-ID: <\0id\0@{composition.sender.domain}>\r\n")
        yield b"Subject:"
        yield "subject" if self._subject_slots else _subject("".join(map(str, composition.subject)))
        yield b"\r\n"
        yield f"List-Id: <{composition.list_id}>\r\n".encode()
        by_mail = f",\r\n <mailto:{settings.STOP_ADDRESS}?subject=\0token\0>" if settings.STOP_ADDRESS else ""
        yield from _named(f"List-Unsubscribe: <{stop_address(chr(0) + 'token' + chr(0))}>{by_mail}\r\n")
        if settings.SITE_URL.startswith("https://"):
            yield b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
        if composition.reply_to:
            yield _header("Reply-To", composition.reply_to)
        yield f"Content-Language: {composition.language}\r\nMIME-Version: 1.0\r\n".encode()
        yield f'Content-Type: multipart/alternative; boundary="{boundary}"\r\n\r\n'.encode()
        for subtype, parts, encoder in (("plain", composition.text, in_text), ("html", composition.html, in_html)):
            yield f'--{boundary}\r\nContent-Type: text/{subtype}; charset="utf-8"\r\n'.encode()
            yield b"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
            yield from self._body(parts, encoder)
            yield b"\r\n"
        yield f"--{boundary}--\r\n".encode()

    def _body(self, parts: tuple[Part, ...], encoder: Encoder) -> Iterator[Piece]:
        at_line_start = True
        for part in parts:
            if isinstance(part, str):
                encoded = _lines(part)
                if not (at_line_start or encoded.startswith(b"\r\n")):
                    yield _SOFT_BREAK
                yield encoded
                at_line_start = encoded.endswith(b"\r\n")
            else:
                if not at_line_start:
                    yield _SOFT_BREAK
                yield "token" if part.name == "token" else self._slot(part, encoder)
                at_line_start = False
        if not at_line_start:
            yield b"\r\n"

    def _slot(self, slot: Slot, encoder: Encoder) -> str:
        return self._slots.setdefault((slot, encoder), str(len(self._slots)))


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
    return mail.as_bytes().removesuffix(b"\r\n")


def _named(text: str) -> Iterator[Piece]:
    """Text with the names of a reader's values between NULs."""
    for place, piece in enumerate(text.split("\0")):
        yield piece if place % 2 else piece.encode()


@lru_cache(16)
def _date(at: datetime) -> bytes:
    return format_datetime(at).encode()
