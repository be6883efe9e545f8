"""What a mail server answers, and what it means for a mail."""

import re
from functools import lru_cache
from typing import NamedTuple

_ENHANCED = re.compile(r"([245]\.\d{1,3}\.\d{1,3})\b")
_LONGEST = 64 * 1024


class NotSmtp(Exception):
    """The other side does not speak SMTP."""


class Reply(NamedTuple):
    """One answer: its code, and its words."""

    code: int
    text: str

    @property
    def accepted(self) -> bool:
        return self.code < 300

    @property
    def final(self) -> bool:
        """Whether asking again is useless."""
        return self.code >= 500

    @property
    def status(self) -> str:
        """The enhanced status code (RFC 3463) such as 5.1.1, empty where the server gives none."""
        found = _ENHANCED.match(self.text)
        return found[1] if found else ""

    def __str__(self) -> str:
        return f"{self.code} {self.text}".strip()


class Replies:
    """Answers cut from the bytes as they come."""

    def __init__(self) -> None:
        self._rest = b""
        self._lines: list[bytes] = []

    @property
    def begun(self) -> bool:
        """Whether a part of an answer has come."""
        return bool(self._rest or self._lines)

    def feed(self, data: bytes) -> list[Reply]:
        """Return the answers that these bytes complete."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) + sum(map(len, self._lines)) > _LONGEST:
            raise NotSmtp("an endless answer")
        if not self._lines and not any(line[3:4] == b"-" for line in lines):
            return list(map(_reply, lines))
        found = []
        for line in lines:
            self._lines.append(line)
            if line[3:4] != b"-":
                words = b" ".join(each[4:].rstrip(b"\r") for each in self._lines)
                found.append(_reply(line[:4] + words))
                self._lines = []
        return found


@lru_cache(1024)  # most answers are always the same
def _reply(line: bytes) -> Reply:
    code = line[:3]
    if not (code.isdigit() and 200 <= int(code) < 600):
        raise NotSmtp(line[:100].decode(errors="replace"))
    return Reply(int(code), line[4:].decode(errors="replace").strip())
