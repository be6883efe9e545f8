"""The stamp of a public form: signed, dated and spent once, in the place of a session and its cookie."""

import enum
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core.cache import cache
from django.core.signing import BadSignature, Signer

# Nobody reads a form and fills it faster; nobody needs longer.
SHORTEST = timedelta(seconds=2)
LONGEST = timedelta(hours=12)

_signer = Signer(salt="prospects.stamps")


class BadStamp(ValueError):
    """No stamp of what the form shows now, or one too old."""


class HastyStamp(ValueError):
    """A stamp that came back faster than anybody fills a form."""


class Use(enum.StrEnum):
    """What became of a stamp when it was spent."""

    FIRST = "first"
    UNFINISHED = "unfinished"  # the same sending came before, and nobody knows whether it was recorded
    REPEATED = "repeated"  # the same sending came before, and was recorded
    SPENT = "spent"  # something else was sent with it


@dataclass(frozen=True, slots=True)
class Stamp:
    """A stamp that was read and found good."""

    number: str
    issued_at: datetime

    @property
    def _key(self) -> str:
        return f"stamp:{self.number}"

    def spend(self, sending: str) -> Use:
        """Spend the stamp on a sending, known by its digest. Of two that race, the first in Redis wins."""
        if cache.add(self._key, f"begun {sending}", timeout=2 * LONGEST.total_seconds()):
            return Use.FIRST
        return {f"begun {sending}": Use.UNFINISHED, f"done {sending}": Use.REPEATED}.get(
            cache.get(self._key), Use.SPENT
        )

    def finish(self, sending: str) -> None:
        """Note that the sending is recorded."""
        cache.set(self._key, f"done {sending}", timeout=2 * LONGEST.total_seconds())


def issue(shown: str, *, at: datetime) -> str:
    """Return a fresh stamp for what one form shows."""
    return _signer.sign(f"{secrets.token_urlsafe(12)}.{round(at.timestamp() * 1000)}.{shown}")


def read(text: str, shown: str, *, at: datetime) -> Stamp:
    """Return the stamp that came back. Raises BadStamp or HastyStamp where it buys nothing."""
    try:
        number, milliseconds, of = _signer.unsign(text).split(".", 2)
    except (BadSignature, ValueError) as error:
        raise BadStamp from error
    issued_at = datetime.fromtimestamp(int(milliseconds) / 1000, tz=UTC)
    if of != shown or at - issued_at > LONGEST:
        raise BadStamp
    if at - issued_at < SHORTEST:
        raise HastyStamp
    return Stamp(number, issued_at)
