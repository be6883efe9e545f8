"""What staff note about their dealings with a person, with what follows from it."""

from django.db import transaction

from consent.vocabulary import Channel
from prospects.intake import record_interaction
from prospects.models import CallAttempt, InformationRequest, Interaction
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
