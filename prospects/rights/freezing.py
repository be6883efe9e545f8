"""Restriction (GDPR art. 18): data are kept, and nothing else is done with them, until the person is told it ends."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from consent.vocabulary import Medium
from prospects.mailing import send_each
from prospects.models import ContactDetail, Prospect
from prospects.rights.mails import lifting_mail


def freeze(prospect: Prospect, *, at: datetime) -> None:
    """Let nothing be sent to this person, and nothing of theirs be erased by a purge. Raises ValidationError."""
    if not Prospect.objects.filter(pk=prospect.pk, restricted_at=None).update(restricted_at=at):
        raise ValidationError(_("The data of this person are frozen already."))


def lift(prospect: Prospect, why: str, *, told_by_staff: bool) -> None:
    """End it once the person was told, by our mail or by staff (art. 18(3)). Raises ValidationError if they are not."""
    if prospect.restricted_at is None:
        raise ValidationError(_("The data of this person are not frozen."))
    if not told_by_staff:
        details = prospect.details.filter(medium=Medium.EMAIL, state=ContactDetail.State.USABLE).order_by("pk")
        detail = details.first()
        if detail is None:
            raise ValidationError(_("No e-mail address of this person works: tell them first by letter or by phone."))
        mail = (detail.pk, lifting_mail(prospect, detail.address, why))
        if not all(left for _pk, left in send_each([mail], about="restriction")):
            raise ValidationError(_("The mail could not be sent, and so nothing has changed. Try again later."))
    Prospect.objects.filter(pk=prospect.pk).update(restricted_at=None)
