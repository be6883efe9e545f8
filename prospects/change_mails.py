"""The two mails of a change of address: one asks the old mailbox, one the new one."""

import enum

from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from prospects.links import absolute, change_token
from prospects.mail import compose
from prospects.mailing import send_each
from prospects.models import AddressChange

BATCH = 50


class Mailbox(enum.StrEnum):
    """Whose answer a link gives."""

    OLD = "old"
    NEW = "new"


def send_due_change_mails() -> int:
    """Send both mails of every change that waits for them; return how many left. What did not is due again."""
    sent, again = 0, set()
    while claimed := AddressChange.objects.claim_mails(BATCH, at=timezone.now()):
        mails = [(change, mailbox) for change in claimed for mailbox in Mailbox]
        composed = ((number, change_mail(*mail)) for number, mail in enumerate(mails))
        for number, left in send_each(composed, about="change of address"):
            sent += left is True
            if left is None:
                again.add(mails[number][0].pk)
    AddressChange.objects.filter(pk__in=again).update(mails_due=True)
    return sent


def change_mail(change: AddressChange, mailbox: Mailbox) -> EmailMultiAlternatives:
    """Return the mail for one of the two. The new mailbox is told nothing of the old one: it may be a stranger's."""
    to = change.detail.address if mailbox is Mailbox.OLD else change.new_address
    link = absolute("change_address", change_token(change.pk, mailbox))
    context = {"link": link, "new_address": change.new_address, "expires_at": change.expires_at}
    return compose(f"change_{mailbox}", to, change.language, context)
