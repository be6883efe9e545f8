"""A real SMTP server for the tests, and what it received."""

from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.processes import free_port


class Mailbox(list[EmailMessage]):
    """The mails received, oldest first; the addresses of the envelope are their X-Sender and X-Recipients."""

    def to(self, address: str) -> list[EmailMessage]:
        """Give the mails that one address received."""
        return [mail for mail in self if address in mail["X-Recipients"].split(", ")]

    # What aiosmtpd calls.
    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        mail = message_from_bytes(content, policy=policy.default)
        mail["X-Sender"] = envelope.mail_from
        mail["X-Recipients"] = ", ".join(envelope.rcpt_tos)
        self.append(mail)
        return "250 Kept"


def text_of(mail: EmailMessage, kind: str = "plain") -> str:
    """Give the text of a mail, or with "html" its HTML."""
    part = mail.get_body(preferencelist=(kind,))
    assert part is not None, f"the mail has no {kind} part"
    content: str = part.get_content()
    return content


class MailServer:
    """An SMTP server on a free port, for as long as a block lasts."""

    def __init__(self) -> None:
        self.mailbox = Mailbox()
        self.port = free_port()
        self._controller = Controller(self.mailbox, hostname="127.0.0.1", port=self.port)

    def __enter__(self) -> "MailServer":
        self._controller.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._controller.stop()
