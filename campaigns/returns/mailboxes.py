"""Where received mails lie: a Maildir, or an IMAP mailbox."""

import imaplib
import mailbox
import ssl
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

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
    """Give every unseen mail of `imaps://user:password@host/INBOX` to the reader and mark it seen."""
    parts = urlsplit(url)
    if parts.scheme not in ("imap", "imaps") or not parts.hostname:
        raise ValueError("RETURNS_IMAP_URL is written imaps://user:password@host/INBOX")
    trust = ssl.create_default_context()
    if parts.scheme == "imaps":
        server: imaplib.IMAP4 = imaplib.IMAP4_SSL(
            parts.hostname, parts.port or 993, ssl_context=trust, timeout=settings.SENDING_CONNECT_SECONDS
        )
    else:
        server = imaplib.IMAP4(parts.hostname, parts.port or 143, timeout=settings.SENDING_CONNECT_SECONDS)
        server.starttls(ssl_context=trust)
    with server:
        server.login(unquote(parts.username or ""), unquote(parts.password or ""))
        server.select(parts.path.strip("/") or "INBOX")
        _, [found] = server.search(None, "UNSEEN")
        numbers = found.split()
        for number in numbers:
            _, data = server.fetch(number, "(BODY.PEEK[])")
            for part in data:
                if isinstance(part, tuple):
                    reader(part[1])
            server.store(number, "+FLAGS", "\\Seen")
    return len(numbers)
