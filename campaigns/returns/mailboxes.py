"""Where received mails lie: a Maildir, or an IMAP mailbox."""

import contextlib
import imaplib
import mailbox
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.conf import settings

# What a mailbox gives each mail to; only once it returns is the mail put aside.
Reader = Callable[[bytes], object]


def read_maildir(folder: Path, reader: Reader) -> int:
    """Give every new mail of a Maildir to the reader and move it to `cur`. Returns how many there were."""
    count = 0
    maildir = mailbox.Maildir(folder, factory=None, create=False)
    for key in list(maildir.keys()):
        mail = maildir.get_message(key)
        if mail.get_subdir() != "new":
            continue
        reader(maildir.get_bytes(key))
        mail.set_subdir("cur")
        mail.add_flag("S")
        maildir[key] = mail
        count += 1
    return count


def read_imap(url: str, reader: Reader) -> int:
    """Give every unseen mail of `imaps://user:password@host/INBOX` to the reader and mark it seen.

    One that cannot be read keeps no other from it: the rest is read first, then the failures are raised together.
    """
    parts = urlsplit(url)
    with _signed_in(parts) as server:
        _said(*server.select(f'"{unquote(parts.path).strip("/") or "INBOX"}"'))
        numbers = (_said(*server.uid("SEARCH", "UNSEEN"))[0] or b"").split()
        failures = []
        for number in map(bytes.decode, numbers):  # these do not move where another program deletes a mail meanwhile
            try:
                for part in _said(*server.uid("FETCH", number, "(BODY.PEEK[])")):
                    if isinstance(part, tuple):
                        reader(part[1])
            except imaplib.IMAP4.error:
                raise
            except Exception as failure:
                failures.append(failure)
            else:
                _said(*server.uid("STORE", number, "+FLAGS.SILENT", "(\\Seen)"))
    if failures:
        raise ExceptionGroup("mails that could not be read; they stay unseen and are tried again", failures)
    return len(numbers)


def _signed_in(parts: SplitResult) -> imaplib.IMAP4:
    """Connect, encrypted and checked against the certificate, and sign in."""
    if parts.scheme not in ("imap", "imaps") or not parts.hostname:
        raise ValueError("RETURNS_IMAP_URL is written imaps://user:password@host/INBOX")
    asked = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
    trust = ssl.create_default_context(cafile=asked.get("certificates"))
    if parts.scheme == "imaps":
        server: imaplib.IMAP4 = imaplib.IMAP4_SSL(
            parts.hostname, parts.port or 993, ssl_context=trust, timeout=settings.SENDING_CONNECT_SECONDS
        )
    else:
        server = imaplib.IMAP4(parts.hostname, parts.port or 143, timeout=settings.SENDING_CONNECT_SECONDS)
    try:
        if parts.scheme == "imap":
            server.starttls(ssl_context=trust)
        server.login(unquote(parts.username or ""), unquote(parts.password or ""))
    except BaseException:
        with contextlib.suppress(OSError):  # a handshake that failed has closed the socket itself
            server.shutdown()
        raise
    return server


def _said(answer: str, data: list[Any]) -> list[Any]:
    """What a server said, where it did not say no."""
    if answer != "OK":
        raise imaplib.IMAP4.error(f"{answer} {data}")
    return data
