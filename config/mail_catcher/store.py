"""Caught mails, each a file that any mail program opens."""

import os
import re
import secrets
import time
from collections.abc import Collection
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

KEPT = 1000
NAME = re.compile(r"\d{20}-[0-9a-f]{8}")


class MailStore:
    """The last thousand mails caught, as .eml files in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def keep(self, content: bytes) -> str:
        """Keep a mail, whole or not at all, and forget the oldest beyond those kept; give its name."""
        name = f"{time.time_ns():020d}-{secrets.token_hex(4)}"
        unfinished = self.folder / f"{name}.part"
        unfinished.write_bytes(content)
        os.replace(unfinished, self._path(name))
        for old in self.names()[:-KEPT]:
            self._path(old).unlink(missing_ok=True)
        return name

    def names(self) -> list[str]:
        """Give the names of all mails kept, oldest first."""
        return sorted(path.stem for path in self.folder.glob("*.eml"))

    def read(self, name: str) -> EmailMessage | None:
        """Give a mail; None where none has that name."""
        if not NAME.fullmatch(name):
            return None
        try:
            content = self._path(name).read_bytes()
        except FileNotFoundError:
            return None
        return message_from_bytes(content, policy=policy.default)

    def forget(self, addresses: Collection[str]) -> None:
        """Remove every mail to one of these addresses, or that names one in its words."""
        for name in self.names():
            if (mail := self.read(name)) and _names(mail, addresses):
                self._path(name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.eml"


def _names(mail: EmailMessage, addresses: Collection[str]) -> bool:
    words = [mail["X-Envelope-To"] or "", mail["To"] or ""]
    words += [str(part.get_content()) for part in mail.walk() if part.get_content_maintype() == "text"]
    text = "\n".join(words).lower()
    return any(address.lower() in text for address in addresses)
