"""The mail with the button that confirms a signup: sent from the database, whoever asks for it to be sent."""

import smtplib
from collections.abc import Iterable
from datetime import datetime

import structlog
from django.core.mail import EmailMultiAlternatives, get_connection

from consent.vocabulary import Medium
from prospects.links import absolute, confirmation_token
from prospects.mail import compose
from prospects.models import PendingSignup
from prospects.sending import Sending

log = structlog.get_logger(__name__)

BATCH = 50
_PERMANENT = 500  # an SMTP reply from here on: asking again would change nothing


def send_due_confirmation_mails(*, at: datetime) -> int:
    """Send every confirmation mail that is due and return how many left.

    A mail that certainly did not leave is due again at the next call. One of which nobody knows, since the connection
    broke, counts as sent until tomorrow: an address gets at most one a day.
    """
    sent, unsent = 0, []
    while claimed := PendingSignup.objects.claim_mails(BATCH, at=at):
        failed = _send_batch(claimed)
        sent += len(claimed) - len(failed)
        unsent += failed
    for pending in unsent:
        PendingSignup.objects.unclaim_mail(pending)
    return sent


def confirmation_mail(pending: PendingSignup) -> EmailMultiAlternatives:
    """Return the mail that asks for the confirmation. It holds staff's words and ours, none of the visitor's."""
    sending = Sending.of(pending)
    return compose(
        "confirmation",
        sending.addresses[Medium.EMAIL],
        pending.language,
        {
            "form": pending.form,
            "agreed": sending.agreed,
            "is_request": sending.is_request,
            "asks": pending.asks_at_confirmation,
            "link": absolute("confirm", confirmation_token(pending.pk)),
            "expires_at": pending.expires_at,
        },
    )


def _send_batch(claimed: Iterable[PendingSignup]) -> list[PendingSignup]:
    """Send over one connection, and return those that certainly did not leave."""
    unsent = []
    connection = get_connection()
    for pending in claimed:
        try:
            connection.open()
        except (OSError, smtplib.SMTPException) as error:
            log.warning("no mail server to send a confirmation through", error=type(error).__name__)
            unsent.append(pending)
            continue
        try:
            connection.send_messages([confirmation_mail(pending)])
        except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as error:
            code = _reply_of(error)
            log.warning("confirmation mail refused", reply=code)
            if code < _PERMANENT:
                unsent.append(pending)
                continue  # else it is settled: another try would be refused again
        except (OSError, smtplib.SMTPException) as error:
            log.warning("connection broke while a confirmation mail was sent", error=type(error).__name__)
            connection.close()
            continue
        PendingSignup.objects.mailed(pending)
    connection.close()
    return unsent


def _reply_of(error: smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused) -> int:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return max(code for code, _text in error.recipients.values())
    return error.smtp_code
