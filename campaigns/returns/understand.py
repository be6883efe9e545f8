"""What one received mail is. Pure: bytes in, an understanding out; it knows no database and changes nothing."""

import logging
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import compat32
from email.utils import parseaddr
from enum import StrEnum
from uuid import UUID

from flufl.bounce import all_failures

from campaigns.returns.phrases import Stop, automatic_subject, wants_to_stop
from consent.stop_links import BadStopToken, read_stop_token

logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)  # it tells of all it tries, and where it fails


class Kind(StrEnum):
    """What a received mail comes to."""

    HARD = "hard"
    SOFT = "soft"
    COMPLAINT = "complaint"
    UNSUBSCRIBE = "unsubscribe"
    REPLY = "reply"
    AUTOREPLY = "autoreply"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Understood:
    """One received mail: what it is, about which address, and the names by which it tells the message it answers."""

    kind: Kind
    recipient: str = ""
    status: str = ""
    reason: str = ""
    names: tuple[UUID, ...] = ()
    token: str = ""
    text: str = ""

    def as_json(self) -> dict[str, str]:
        """What `receive_mail --json` prints."""
        told = asdict(self)
        return {"kind": str(self.kind)} | {name: told[name] for name in ("recipient", "status", "reason")}


# The names of our own messages: 32 hexadecimal digits before the @, in a Message-ID or after the + of a return path.
_OUR_MESSAGE_ID = re.compile(r"<([0-9a-f]{32})@[^\s<>]+>")
_OUR_RETURN_PATH = re.compile(r"\+([0-9a-f]{32})@")
_EMBEDDED_ID = re.compile(rb"^[ \t>]*message-id:\s*<([0-9a-f]{32})@", re.IGNORECASE | re.MULTILINE)
_TOKEN = re.compile(r"(?:^|[\s:+])([A-Za-z0-9_-]{52,60})(?=$|[\s@])")
STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_CODE = re.compile(r"\b([45])\d\d\b")
# A full mailbox, a size, a policy: refused for good this time, yet the address exists.
_SOFT_THOUGH_FINAL = re.compile(r"5\.(2\.[234]|3\.|4\.|5\.|6\.|7\.)")
_NOBODY_THERE = re.compile(
    r"(no such|unknown|invalid|non-?existent) (user|address|mailbox|recipient)|addressee unknown", re.IGNORECASE
)
_PLAIN_ADDRESS = re.compile(r"[^\s/@]+@[^\s@]+\.[^\s@]+")
_MACHINES = ("mailer-daemon@", "postmaster@", "no-reply@", "noreply@")
_LONGEST_TEXT = 20_000


def understand(data: bytes) -> Understood:
    """Say what a received mail is."""
    mail = message_from_bytes(data, policy=compat32)
    names = tuple(dict.fromkeys(_names(mail, data)))
    found = (
        _complaint(mail, names)
        or _report(mail, names)
        or _unsubscribe(mail, names)
        or _automatic(mail, names)
        or _odd_bounce(mail, names)
        or _reply(mail, names)
        or Understood(Kind.UNKNOWN, names=names)
    )
    return replace(
        found,
        recipient=_storable(found.recipient),
        status=_storable(found.status),
        reason=_storable(found.reason),
        text=_storable(found.text),
    )


def _storable(text: str) -> str:
    """Without what no database keeps, NUL characters and halves of others: one such mail must not hold up the rest."""
    return text.replace("\0", "").encode(errors="replace").decode()


def _complaint(mail: Message, names: tuple[UUID, ...]) -> Understood | None:
    """A complaint in the Abuse Reporting Format (RFC 5965)."""
    report = _part(mail, "message/feedback-report")
    if report is None:
        return None
    fields = _fields(report)
    feedback = fields.get("feedback-type", "").lower()
    if feedback not in ("abuse", "fraud", "opt-out", "other"):
        return Understood(Kind.UNKNOWN, reason=feedback, names=names)
    recipient = _address(fields.get("original-rcpt-to", "") or fields.get("removal-recipient", ""))
    return Understood(Kind.COMPLAINT, recipient, reason=feedback, names=names)


def _report(mail: Message, names: tuple[UUID, ...]) -> Understood | None:
    """A delivery report (RFC 3464): of its recipients, the one worst off."""
    report = _part(mail, "message/delivery-status")
    if report is None:
        return None
    found = [understood for group in _groups(report) if (understood := _of_recipient(group, names))]
    order = [Kind.HARD, Kind.SOFT, Kind.AUTOREPLY]
    worst = min(found, key=lambda understood: order.index(understood.kind), default=None)
    if worst is not None and not worst.recipient and (other := _odd_bounce(mail, names)):
        return replace(worst, recipient=other.recipient)  # an address in another form, such as X.400
    return worst


def _of_recipient(group: Message, names: tuple[UUID, ...]) -> Understood | None:
    action = str(group.get("Action", "")).strip().lower().split(" ")[0]
    if not action:
        return None
    recipients = (_address(str(group.get(header, ""))) for header in ("Original-Recipient", "Final-Recipient"))
    recipient = next(filter(_PLAIN_ADDRESS.fullmatch, recipients), "")
    diagnosis = _one_line(str(group.get("Diagnostic-Code", "")).partition(";")[2])
    status = _first(STATUS, str(group.get("Status", ""))) or _first(STATUS, diagnosis)
    if action in ("delivered", "relayed", "expanded"):
        return Understood(Kind.AUTOREPLY, recipient, status, action, names)
    hard = action != "delayed" and is_hard(status, diagnosis)
    return Understood(Kind.HARD if hard else Kind.SOFT, recipient, status, diagnosis or action, names)


def is_hard(status: str, words: str) -> bool:
    """Whether a failure says that the address does not exist, and not only that it took no mail this time."""
    if _NOBODY_THERE.search(words):
        return True
    return not status.startswith("4") and not _SOFT_THOUGH_FINAL.match(status)


def _unsubscribe(mail: Message, names: tuple[UUID, ...]) -> Understood | None:
    """The mailto of List-Unsubscribe: a token of ours as the whole subject, or after the + of the address."""
    addresses = [*mail.get_all("To", []), *mail.get_all("Delivered-To", [])]
    for header in (str(mail.get("Subject", "")).strip(), *map(str, addresses)):
        for found in _TOKEN.finditer(header):
            try:
                read_stop_token(found[1])
            except BadStopToken:
                continue
            return Understood(Kind.UNSUBSCRIBE, _address(str(mail.get("From", ""))), names=names, token=found[1])
    return None


def _automatic(mail: Message, names: tuple[UUID, ...]) -> Understood | None:
    """An answer that nobody wrote: absence, ticket, acknowledgement (RFC 3834)."""
    sender = _address(str(mail.get("From", "")))
    said = str(mail.get("Auto-Submitted", "no")).split(";")[0].strip().lower()
    marks = ("X-Autoreply", "X-Autorespond", "X-Auto-Response", "X-Auto-Reply-From")
    precedence = str(mail.get("Precedence", "")).strip().lower()
    automatic = (
        said == "auto-replied"
        or any(mark in mail for mark in marks)
        or precedence == "auto_reply"
        or automatic_subject(_subject(mail))
    )
    if not automatic or sender.startswith(_MACHINES[:2]):
        return None
    return Understood(Kind.AUTOREPLY, sender, reason=_subject(mail)[:200], names=names)


def _odd_bounce(mail: Message, names: tuple[UUID, ...]) -> Understood | None:
    """A bounce in none of the standard forms."""
    try:
        temporary, permanent = all_failures(mail)
    except (LookupError, ValueError, AttributeError, TypeError):  # its detectors meet mails that are no mails
        return None
    for kind, addresses in ((Kind.HARD, permanent), (Kind.SOFT, temporary)):
        if addresses:
            recipient = min(addresses).decode(errors="replace").lower()
            words = _one_line(_line_about(_text(mail), recipient))
            status = _first(STATUS, words)
            hard = kind is Kind.HARD and is_hard(status, words)
            return Understood(Kind.HARD if hard else Kind.SOFT, recipient, status, words, names)
    return None


def _reply(mail: Message, names: tuple[UUID, ...]) -> Understood | None:
    """What a person wrote in answer to a mail."""
    sender = _address(str(mail.get("From", "")))
    by_machine = not sender or sender.startswith(_MACHINES)
    if by_machine or str(mail.get("Return-Path", "")).strip() == "<>" or not (mail.get("In-Reply-To") or names):
        return None
    text = _text(mail)
    stop = wants_to_stop(f"{_subject(mail)}\n{text}")
    reason = {Stop.YES: "asks_to_stop", Stop.PERHAPS: "doubtful", Stop.NO: ""}[stop]
    return Understood(Kind.REPLY, sender, reason=reason, names=names, text=text)


# ---- Reading ----


def _names(mail: Message, data: bytes) -> Iterator[UUID]:
    for header in ("To", "Delivered-To", "X-Original-To", "Original-Recipient"):
        for value in mail.get_all(header, []):
            yield from (UUID(name) for name in _OUR_RETURN_PATH.findall(str(value)))
    for header in ("In-Reply-To", "References"):
        yield from (UUID(name) for name in _OUR_MESSAGE_ID.findall(str(mail.get(header, ""))))
    own = str(mail.get("Message-ID", ""))
    for name in _EMBEDDED_ID.findall(data):
        if name.decode() not in own:
            yield UUID(name.decode())


def _part(mail: Message, kind: str) -> Message | None:
    return next((part for part in mail.walk() if part.get_content_type() == kind), None)


def _groups(report: Message) -> list[Message]:
    """The groups of fields of a delivery report, which the parser gives as parts."""
    payload = report.get_payload()
    if isinstance(payload, list):
        return [group for group in payload if isinstance(group, Message)]
    return [message_from_bytes(group.encode()) for group in str(payload).split("\n\n")]


def _fields(report: Message) -> dict[str, str]:
    payload = report.get_payload()
    groups = payload if isinstance(payload, list) else [message_from_bytes(str(payload).encode())]
    return {name.lower(): str(value) for group in groups if isinstance(group, Message) for name, value in group.items()}


def _text(mail: Message) -> str:
    for part in mail.walk():
        if part.get_content_type() == "text/plain":
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                return _decoded(payload, part.get_content_charset() or "utf-8")[:_LONGEST_TEXT]
    return ""


def _decoded(payload: bytes, charset: str) -> str:
    try:
        return payload.decode(charset, errors="replace")
    except LookupError:  # a character set that nobody knows
        return payload.decode("latin-1")


def _subject(mail: Message) -> str:
    """The subject, read as UTF-8 where it was sent unencoded."""
    raw = next((str(value) for name, value in mail.raw_items() if name.lower() == "subject"), "")
    header = EmailMessage()
    header["Subject"] = " ".join(raw.encode(errors="surrogateescape").decode(errors="replace").split())
    return str(header["Subject"])


def _address(value: str) -> str:
    """The bare address of `rfc822; <a@b>` or `Name <a@b>`."""
    return parseaddr(value.rpartition(";")[2].strip())[1].lower()


def _line_about(text: str, recipient: str) -> str:
    """The line that says why, near the one that names the recipient."""
    lines = [line for line in text.lower().splitlines() if line.strip()]
    near = [line for line in lines if STATUS.search(line) or _CODE.search(line)]
    return next(iter(near), next((line for line in lines if recipient in line), ""))


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1] if found else ""


def _one_line(text: str) -> str:
    return " ".join(text.split())[:200]
