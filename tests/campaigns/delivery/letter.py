"""One reader's mail as the standard library makes it: the measure of what the skeleton must say."""

import html
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime

from campaigns.delivery.compose import Composition, Reader, fill


def letter(composition: Composition, reader: Reader, at: datetime) -> EmailMessage:
    """Fill every slot and let the standard library encode the whole."""
    mail = EmailMessage(policy=(SMTP if reader.address.isascii() else SMTPUTF8).clone(max_line_length=998))
    local, _, domain = reader.address.rpartition("@")
    mail["From"] = composition.sender
    mail["To"] = Address(username=local, domain=domain)
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{reader.message_id}@{composition.sender.domain}>"
    mail["Subject"] = fill(composition.subject, reader)
    mail["List-Id"] = f"<{composition.list_id}>"
    mail["List-Unsubscribe"] = f"<https://loyal.example.test/u/{reader.token}/>"
    mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail["Reply-To"] = composition.reply_to
    mail.set_content(fill(composition.text, reader), cte="quoted-printable")
    mail.add_alternative(fill(composition.html, reader, html.escape), subtype="html", cte="quoted-printable")
    mail["Content-Language"] = composition.language
    return mail
