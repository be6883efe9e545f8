"""The mail that welcomes whoever confirmed, where the form has one: sent once, and to nobody who stopped since."""

from django.core.mail import EmailMultiAlternatives

from consent.models import Box, Objection, Permission
from consent.stop_links import stop_token
from consent.vocabulary import Channel
from prospects.links import absolute
from prospects.mail import compose
from prospects.mailing import send_each
from prospects.models import ContactDetail, PendingSignup

BATCH = 50
NO_PURPOSE = 0


def send_due_welcome_mails() -> int:
    """Send every welcome mail that is due and return how many left. One that certainly did not leave is due again."""
    sent, again = 0, []
    while claimed := PendingSignup.objects.claim_welcomes(BATCH):
        welcomed = [pending for pending in claimed if pending.detail is not None and not _left(pending)]
        mails = ((number, welcome_mail(pending)) for number, pending in enumerate(welcomed))
        for number, left in send_each(mails, about="welcome"):
            sent += left is True
            if left is None:
                again.append(welcomed[number].pk)
    PendingSignup.objects.filter(pk__in=again).update(welcome_due=True)
    return sent


def welcome_mail(pending: PendingSignup) -> EmailMultiAlternatives:
    """Return the mail, in staff's words, with the link that stops what was agreed to with this form."""
    detail = pending.detail
    assert detail is not None  # noqa: S101 - the caller saw to it
    token = stop_token(detail.address_key, Channel.EMAIL, _purpose(pending, detail), key_id=detail.key_id)
    stop_url = absolute("stop", token)
    context = {"form": pending.form, "stop_link": stop_url, "preferences_link": absolute("preferences", token)}
    return compose("welcome", detail.address, pending.language, context, stop_url=stop_url)


def _left(pending: PendingSignup) -> bool:
    """Whether the person has said stop since."""
    assert pending.detail is not None  # noqa: S101 - the caller saw to it
    since = Objection.objects.filter(address_key=pending.detail.address_key, at__gt=pending.signed_up_at)
    return any(objection.channel in (None, Channel.EMAIL) for objection in since)


def _purpose(pending: PendingSignup, detail: ContactDetail) -> int:
    """The purpose that a stop is about: the one agreed to, or none in particular where there is none, or several."""
    asked = Box.objects.filter(notice=pending.notice_id, channel=Channel.EMAIL).values("purpose")
    agreed = Permission.objects.filter(
        address_key=detail.address_key, channel=Channel.EMAIL, purpose__in=asked, withdrawn_at=None, lapsed_at=None
    )
    purposes = list(agreed.values_list("purpose", flat=True)[:2])
    return purposes[0] if len(purposes) == 1 else NO_PURPOSE
