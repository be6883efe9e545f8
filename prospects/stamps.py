"""The stamp of a public form: signed, dated and spent once, in the place of a session and its cookie."""

import enum
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core.signing import BadSignature, Signer

from prospects.turnstile import Take

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

    def spend(self, sending: str) -> Take:
        """Spend the stamp on a sending, known by its digest. Of two that race, the first in Redis wins."""
        return self._hold(f"begun {sending}")

    def finish(self, sending: str) -> Take:
        """Note that the sending is recorded."""
        return self._hold(f"done {sending}")

    def use(self, sending: str, holder: str) -> Use:
        """What became of the stamp, by who was found to hold it when this sending began."""
        if not holder:
            return Use.FIRST
        return {f"begun {sending}": Use.UNFINISHED, f"done {sending}": Use.REPEATED}.get(holder, Use.SPENT)

    def _hold(self, holder: str) -> Take:
        return Take(f"stamp:{self.number}", holder, 2 * int(LONGEST.total_seconds()))


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
