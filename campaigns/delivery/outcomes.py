"""What the wire's answer makes of a message: sent, failed, unknown, or back in the queue until later."""

from datetime import datetime, timedelta
from typing import NamedTuple

from campaigns.delivery.claim import Claimed
from campaigns.delivery.judge import Allowed
from campaigns.delivery.wire import End, Ended, Step
from campaigns.models import Message

Status = Message.Status

# After each "not now" of a server, until two days have passed.
PAUSES = [timedelta(minutes=minutes) for minutes in (5, 15, 30, 60, 120, 240, 480, 720, 1210)]


class Outcome(NamedTuple):
    """How one message ended, or that it goes back to the queue, perhaps for later."""

    claimed: Claimed
    status: Message.Status
    ground: str = ""
    reason: str = ""
    not_before: datetime | None = None
    bounce: str = ""  # "hard" where the address does not exist, "soft" where the server refuses this mail for good
    mail_status: str = ""


def outcome_of(ended: Ended[Allowed], *, at: datetime) -> Outcome:
    """Say what one end on the wire makes of its message."""
    claimed = ended.mail.key.claimed
    match ended.end:
        case End.SENT:
            return Outcome(claimed, Status.SENT, ground=ended.mail.key.ground)
        case End.UNKNOWN:
            return Outcome(claimed, Status.UNKNOWN, reason=ended.reason)
        case End.BACK:
            return Outcome(claimed, Status.QUEUED, reason=ended.reason)
        case End.LATER if claimed.attempts < len(PAUSES):
            return Outcome(claimed, Status.QUEUED, reason=ended.reason, not_before=at + PAUSES[claimed.attempts])
        case End.REFUSED if ended.step is Step.MAIL and ended.status.startswith("5.7"):
            # The server refuses us, not this reader: nobody's message is to fail for that.
            return Outcome(claimed, Status.QUEUED, reason=ended.reason)
        case _:
            bounce = "hard" if _address_is_wrong(ended) else "" if ended.step is Step.MAIL else "soft"
            return Outcome(claimed, Status.FAILED, reason=ended.reason, bounce=bounce, mail_status=ended.status)


def _address_is_wrong(ended: Ended[Allowed]) -> bool:
    """Whether the refusal is about the address itself: it does not exist, or not any more."""
    if ended.step is not Step.RCPT or ended.end is not End.REFUSED:
        return False
    if ended.status:
        return ended.status.startswith("5.1.") or ended.status == "5.2.1"
    return ended.reason.startswith(("550", "551", "553"))
