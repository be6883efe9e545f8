"""What staff note about their dealings with a person, with what follows from it."""

from django.db import transaction

from consent.vocabulary import Channel
from prospects.intake import record_interaction
from prospects.models import CallAttempt, InformationRequest, Interaction, Purchase
from prospects.objections import Told, ToldBy, record_told_objection


@transaction.atomic
def record_call(call: CallAttempt, *, noted_by: str) -> None:
    """Keep a call. A refusal said on the phone is an objection to calls (R223-3: withdrawing may be oral)."""
    call.save(force_insert=True)
    if call.outcome == CallAttempt.Outcome.REFUSED:
        told = Told(at=call.at, by=ToldBy.PHONE, noted_by=noted_by)
        record_told_objection(call.prospect, told, channel=Channel.PHONE, purpose=None)


@transaction.atomic
def record_request(request: InformationRequest) -> None:
    """Keep a request for information: the person asked, so it is a sign of life."""
    request.save(force_insert=True)
    record_interaction(request.prospect, Interaction.Kind.ASKED, request.at)


@transaction.atomic
def record_purchase(purchase: Purchase) -> None:
    """Keep a transaction: the person ordered, so it is a sign of life."""
    purchase.save(force_insert=True)
    record_interaction(purchase.prospect, Interaction.Kind.ORDERED, purchase.at)


@transaction.atomic
def take_back_purchase(purchase: Purchase) -> None:
    """Remove a purchase noted by mistake, and the sign of life that it was taken for."""
    ordered = Interaction.objects.filter(prospect=purchase.prospect, kind=Interaction.Kind.ORDERED, at=purchase.at)
    Interaction.objects.filter(pk__in=ordered.order_by("pk").values("pk")[:1]).delete()
    purchase.delete()


@transaction.atomic
def take_back_request(request: InformationRequest) -> None:
    """Remove a request noted by mistake, and the sign of life that it was taken for."""
    asked = Interaction.objects.filter(prospect=request.prospect, kind=Interaction.Kind.ASKED, at=request.at)
    Interaction.objects.filter(pk__in=asked.order_by("pk").values("pk")[:1]).delete()
    request.delete()
