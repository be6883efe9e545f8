"""What staff do with requests: enter one that came by letter, take more time, refuse, grant."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from consent.address_keys import key_in_use
from consent.law.days import paris_day
from consent.vocabulary import Medium
from prospects.models import ContactDetail, RightsRequest
from prospects.retention import Held
from prospects.rights.asking import details_at
from prospects.rights.granting import grant
from prospects.terms import answer_due_on

Right, Status, News = RightsRequest.Right, RightsRequest.Status, RightsRequest.News

# What the law wants without delay is done as it is noted: nothing is gained by looking at it first.
AT_ONCE = {Right.OBJECTION, Right.RESTRICTION}
MOST_MONTHS = 3  # the month, and two further ones (GDPR art. 12(3))


@dataclass(frozen=True, slots=True)
class Noted:
    """A request that did not come by the site: of whom, for what, how and when it came, how identity was shown."""

    right: str
    medium: Medium
    address: str  # normalised
    door: str
    came_at: datetime
    identity: str
    language: str
    words: str = ""
    person: int | None = None  # the number of the person, where several share the address


@transaction.atomic
def enter(noted: Noted, *, by: User | None, at: datetime) -> RightsRequest:
    """Put a request into the queue; an objection or a restriction is carried out at once.

    Raises ValidationError where it is not clear which of the people at this address asks.
    """
    key, key_id = key_in_use(noted.medium, noted.address)
    detail = _asking(noted)
    request = RightsRequest.objects.create(
        right=noted.right,
        door=noted.door,
        status=Status.OPEN,
        medium=noted.medium,
        address=noted.address,
        address_key=key,
        key_id=key_id,
        prospect=detail.prospect if detail else None,
        language=noted.language,
        words=noted.words,
        identity=noted.identity,
        asked_at=noted.came_at,
        due_on=answer_due_on(paris_day(noted.came_at)),
        handled_by=by,
    )
    if request.right in AT_ONCE:
        grant(request, at=at)
    return request


def _asking(noted: Noted) -> ContactDetail | None:
    """Who asks: a telephone or a house may be shared, and nobody is to be erased for another."""
    details = list(details_at(noted.medium, noted.address))
    if noted.person is not None:
        details = [detail for detail in details if detail.prospect_id == noted.person]
        if not details:
            raise ValidationError(_("The person of this number has another address."))
    if len(details) > 1:
        raise ValidationError(_("Several people share this address: give the number of the one who asks."))
    return details[0] if details else None


@transaction.atomic
def extend(pk: int, why: str, *, by: User, at: datetime) -> None:
    """Take two further months, and tell the person within the first one (GDPR art. 12(3)). Raises ValidationError."""
    request = _open(pk)
    if request.extended_why:
        raise ValidationError(_("More time was taken already: the law gives no more."))
    if paris_day(at) > request.due_on:
        raise ValidationError(_("The first month is over: it can be prolonged no more."))
    request.extended_why, request.handled_by = why, by
    request.due_on, request.reminders = answer_due_on(paris_day(request.asked_at), months=MOST_MONTHS), 0
    _tell(request, News.EXTENDED)
    request.save(update_fields=["extended_why", "handled_by", "due_on", "reminders", "news", "mail_due"])


@transaction.atomic
def refuse(pk: int, why: str, *, by: User, at: datetime) -> None:
    """Refuse, with the reason, the complaint to the CNIL and the remedy in court (GDPR art. 12(4)).

    Raises ValidationError for an objection, which nobody may refuse (art. 21(3)).
    """
    request = _open(pk)
    if request.right == Right.OBJECTION:
        raise ValidationError(_("An objection to prospecting cannot be refused (GDPR art. 21(3))."))
    request.status, request.answer, request.answered_at, request.handled_by = Status.REFUSED, why, at, by
    _tell(request, News.REFUSED)
    request.save(update_fields=["status", "answer", "answered_at", "handled_by", "news", "mail_due"])


@transaction.atomic
def accept(pk: int, answer: str, *, without_notes: bool = False, by: User, at: datetime) -> RightsRequest:
    """Grant what was asked. Raises ValidationError where a legal hold forbids it."""
    request = _open(pk)
    request.handled_by, request.notes_withheld = by, without_notes
    request.save(update_fields=["handled_by", "notes_withheld"])
    try:
        grant(request, at=at, answer=answer)
    except Held as held:
        raise ValidationError(_("A legal hold freezes this person: nothing may be erased before it ends.")) from held
    return request


@transaction.atomic
def recipients_told(pk: int, *, by: User, at: datetime) -> None:
    """Note that whoever had received the data was told what became of them, and forget which these were."""
    request = RightsRequest.objects.select_for_update().untold().filter(pk=pk).first()
    if request is None:
        raise ValidationError(_("Nobody has to be told."))
    request.to_tell, request.recipients_told_at, request.handled_by = [], at, by
    request.save(update_fields=["to_tell", "recipients_told_at", "handled_by"])


def _open(pk: int) -> RightsRequest:
    request = RightsRequest.objects.select_for_update().filter(pk=pk, status=Status.OPEN).first()
    if request is None:
        raise ValidationError(_("This request is answered already."))
    return request


def _tell(request: RightsRequest, news: str) -> None:
    request.news, request.mail_due = news, request.medium == Medium.EMAIL and bool(request.address)
