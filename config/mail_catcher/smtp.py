"""The SMTP side: takes every mail, delivers none."""

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from config.mail_catcher.store import MailStore

LARGEST_MAIL = 10_000_000


class Catcher:
    """What the SMTP server does with a mail."""

    def __init__(self, store: MailStore) -> None:
        self._store = store

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep a mail under the envelope's own recipients, which its headers may not name."""
        content = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        recipients = ", ".join(envelope.rcpt_tos).encode()
        try:
            self._store.keep(b"X-Envelope-To: " + recipients + b"\r\n" + content)
        except OSError as error:
            return f"452 This mail cannot be kept: {error.strerror}"
        return "250 Kept"


def smtp_server(store: MailStore, port: int) -> Controller:
    """Give the server, for this machine only, not yet started."""
    return Controller(Catcher(store), hostname="127.0.0.1", port=port, data_size_limit=LARGEST_MAIL)
