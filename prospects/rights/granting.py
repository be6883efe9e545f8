"""What becomes of a request once identity is shown: granted at once wherever nothing needs a human's eye."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from consent.acts import record_stop
from consent.models import Act
from consent.vocabulary import Medium
from prospects.models import CallAttempt, HandedOver, InformationRequest, PendingSignup, Prospect, RightsRequest
from prospects.retention import Held, erase_person
from prospects.rights.asking import BY_LINK, detail_at
from prospects.traces import erase_traces

Right, Status, News = RightsRequest.Right, RightsRequest.Status, RightsRequest.News
TOLD_TO_RECIPIENTS = {Right.RECTIFICATION, Right.ERASURE, Right.RESTRICTION}


class LinkEnded(ValueError):
    """The link of this request was used, or its time is over."""


def waiting(pk: int, at: datetime) -> RightsRequest:
    """Return the request whose link may still be used. Raises LinkEnded."""
    found = RightsRequest.objects.filter(pk=pk, status=Status.UNPROVEN, link_expires_at__gt=at).first()
    if found is None:
        raise LinkEnded
    return found


@transaction.atomic
def prove(pk: int, *, words: str = "", changes: Mapping[str, Any] | None = None, at: datetime) -> RightsRequest:
    """The link that was mailed to the address was pressed: open the request, and grant it if that can be done now.

    A link opens one request, once. `changes` are the fields that the person corrects themselves. Raises LinkEnded.
    """
    asked = RightsRequest.objects.select_for_update().filter(pk=pk, status=Status.UNPROVEN, link_expires_at__gt=at)
    request = asked.first()
    if request is None:
        raise LinkEnded
    detail = detail_at(request.medium, request.address)
    request.prospect = detail.prospect if detail else None
    request.status, request.identity, request.words = Status.OPEN, BY_LINK, words
    request.save(update_fields=["prospect", "status", "identity", "words"])
    if request.right == Right.RECTIFICATION and request.prospect and changes:
        Prospect.objects.filter(pk=request.prospect.pk).update(**changes)
    if not needs_eyes(request, at):
        grant(request, at=at)
    return request


def needs_eyes(request: RightsRequest, at: datetime) -> bool:
    """Whether somebody of the staff has to look before it is granted.

    - A correction in words: only a reader knows what it asks for.
    - Erasure of somebody under a legal hold (GDPR art. 17(3)(e)).
    - Access where staff wrote notes, which may speak of others (art. 15(4)), or where a legal hold stands.
    """
    prospect = request.prospect
    if prospect is None:
        return False
    match request.right:
        case Right.RECTIFICATION:
            return bool(request.words)
        case Right.ERASURE:
            return prospect.holds.filter(forbids_erasure=True, starts_at__lte=at, ends_at__gt=at).exists()
        case Right.ACCESS:
            return (
                prospect.holds.exists()
                or CallAttempt.objects.filter(~Q(note=""), prospect=prospect).exists()
                or InformationRequest.objects.filter(~Q(evidence=""), prospect=prospect).exists()
            )
        case _right:
            return False


@transaction.atomic
def grant(request: RightsRequest, *, at: datetime, answer: str = "") -> None:
    """Do what is asked, and close the request. Raises Held where a legal hold forbids an erasure."""
    request.to_tell = _recipients(request)
    news = _DOERS[Right(request.right)](request, at)
    request.status, request.answered_at, request.answer = Status.DONE, at, answer
    request.news, request.mail_due = news, _is_told(request, news)
    request.save(
        update_fields=["prospect", "status", "answered_at", "answer", "file_until", "to_tell", "news", "mail_due"],
    )


def _recipients(request: RightsRequest) -> list[dict[str, str]]:
    """Who had received what is now corrected, erased or frozen, and must be told so (GDPR art. 19)."""
    if request.right not in TOLD_TO_RECIPIENTS or request.prospect is None:
        return []
    handed = HandedOver.objects.filter(detail__prospect=request.prospect).exclude(export__recipient="")
    rows = handed.values_list("export__recipient", "detail__address").distinct()
    return [{"recipient": recipient, "address": address} for recipient, address in rows.order_by("export__recipient")]


def _is_told(request: RightsRequest, news: str) -> bool:
    """Whoever pressed a link reads the file's page at once; all else is also said by mail, to an e-mail address."""
    seen = news == News.READY and request.identity == BY_LINK and not request.handled_by_id
    return request.medium == Medium.EMAIL and bool(request.address) and not seen


def _give_file(request: RightsRequest, at: datetime) -> str:
    request.file_until = at + timedelta(hours=settings.RIGHTS_FILE_HOURS)
    return News.READY


def _erase(request: RightsRequest, at: datetime) -> str:
    """Erase the person and, whether or not there is one, whatever was typed or brought with this address."""
    if request.prospect is not None:
        erase_person(request.prospect, at)
        request.prospect = None
    PendingSignup.objects.filter(address_key=request.address_key).delete()
    erase_traces({request.address})
    return News.ERASED


def _restrict(request: RightsRequest, at: datetime) -> str:
    if request.prospect is not None:
        Prospect.objects.filter(pk=request.prospect.pk, restricted_at=None).update(restricted_at=at)
    return News.GRANTED


def _stop(request: RightsRequest, at: datetime) -> str:
    """Stop everything at every address of the person, or at the one that is known of them."""
    keys = {request.address_key: request.key_id}
    if request.prospect is not None:
        keys |= dict(request.prospect.details.values_list("address_key", "key_id"))
    for key, key_id in keys.items():
        record_stop(
            key,
            channel=None,
            purpose_id=None,
            at=min(request.asked_at, at),
            origin=Act.Origin.STAFF if request.door != RightsRequest.Door.PAGE else Act.Origin.RIGHTS,
            evidence={"request": request.pk, "told": request.door},
            key_id=key_id,
        )
    return News.GRANTED


def _nothing_more(_request: RightsRequest, _at: datetime) -> str:
    """What was to be corrected is corrected already."""
    return News.GRANTED


_DOERS = {
    Right.ACCESS: _give_file,
    Right.PORTABILITY: _give_file,
    Right.RECTIFICATION: _nothing_more,
    Right.ERASURE: _erase,
    Right.RESTRICTION: _restrict,
    Right.OBJECTION: _stop,
}

__all__ = ["Held", "LinkEnded", "grant", "needs_eyes", "prove", "waiting"]
