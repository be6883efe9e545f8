"""Sends the few mails that we owe to people we know, over one connection, and says which certainly did not leave."""

import smtplib
from collections.abc import Iterable, Iterator

import structlog
from django.core.mail import EmailMultiAlternatives, get_connection

log = structlog.get_logger(__name__)

_PERMANENT = 500  # an SMTP reply from here on: asking again would change nothing


def send_each(mails: Iterable[tuple[int, EmailMultiAlternatives]], *, about: str) -> Iterator[tuple[int, bool | None]]:
    """Yield, of each mail, its number and whether it left: None where another try may succeed."""
    connection = get_connection()
    try:
        for number, mail in mails:
            try:
                connection.open()
                connection.send_messages([mail])
            except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as error:
                reply = _reply_of(error)
                log.warning("a mail was refused", about=about, reply=reply)
                yield number, False if reply >= _PERMANENT else None
            except (OSError, smtplib.SMTPException) as error:
                log.warning("no connection to the mail server", about=about, error=type(error).__name__)
                connection.close()
                yield number, None
            else:
                yield number, True
    finally:
        connection.close()


def _reply_of(error: smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused) -> int:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return max(code for code, _text in error.recipients.values())
    return error.smtp_code
