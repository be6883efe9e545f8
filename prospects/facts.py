"""What is known of one contact detail at a moment, past or present, with the rows that prove it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from consent import law
from consent.folding import Folded, folded
from consent.law import Message
from consent.models import Act, Purpose
from prospects.law_rows import calls_counted_since
from prospects.models import (
    CallAttempt,
    ContactDetail,
    Contract,
    InformationRequest,
    Interaction,
    LegalHold,
    Prospect,
    Purchase,
    Source,
)
from prospects.reach import Withholding
from prospects.terms import within_a_month


@dataclass(frozen=True, slots=True)
class Known:
    """The facts as the law takes them, and the rows behind them."""

    facts: law.Facts
    withheld: Withholding | None
    detail: ContactDetail
    source: Source
    informed_by: Source | None
    permission: Folded | None
    stops: Sequence[Act]
    interaction: Interaction | None
    purchases: Sequence[Purchase]
    contracts: Sequence[Contract]
    requests: Sequence[InformationRequest]


def facts_of(detail: ContactDetail, message: Message, at: datetime) -> Known:
    """Gather what was known of this contact detail at that moment, as far as it matters to this message.

    Consents come from the acts, so that the answer for a past moment is the one that was given then.
    """
    prospect, source = detail.prospect, detail.source
    channel = str(message.channel)
    purpose_id = Purpose.objects.filter(slug=message.purpose).values_list("pk", flat=True).first()
    permission = next(
        (
            permission
            for permission in folded(detail.address_key, until=at)
            if (permission.channel, permission.purpose_id) == (channel, purpose_id)
        ),
        None,
    )
    stops = list(
        Act.objects.filter(
            Q(channel=channel) | Q(channel=None),
            Q(purpose_id=purpose_id) | Q(purpose_id=None),
            address_key=detail.address_key,
            kind=Act.Kind.OBJECTED,
            at__lte=at,
        ).order_by("-at")
    )
    informed_by = _informed_by(detail, source, at)
    interaction = Interaction.objects.filter(prospect=prospect, at__lte=at).order_by("-at").first()
    purchases = list(Purchase.objects.filter(prospect=prospect, at__lte=at).order_by("-at"))
    contracts = list(Contract.objects.filter(prospect=prospect).order_by("-starts_on"))
    calls = list(CallAttempt.objects.filter(prospect=prospect, at__lte=at))
    requests = [
        asked
        for asked in InformationRequest.objects.filter(prospect=prospect, at__lte=at).order_by("-at")
        if not any(call.at >= asked.at and call.outcome != CallAttempt.Outcome.NO_ANSWER for call in calls)
    ]
    return Known(
        facts=law.Facts(
            recipient=law.Recipient(
                kind=law.RecipientKind(prospect.kind),
                activity=prospect.activity.slug if prospect.activity else None,
                generic_address=detail.is_generic,
                born_on=prospect.born_on,
                time_zone=prospect.time_zone,
            ),
            source=law.Source(
                kind=law.SourceKind(source.kind), collected_at=source.collected_at, informed=informed_by is not None
            ),
            consents=(_consent(permission, message),) if permission else (),
            objections=tuple(law.Objection(at=act.at) for act in stops),
            last_interaction_at=interaction.at if interaction else None,
            purchases=tuple(law.Purchase(purchase.family, purchase.at) for purchase in purchases),
            contracts=tuple(
                law.Contract(contract.starts_on, contract.ends_on, frozenset(contract.families))
                for contract in contracts
            ),
            requests=tuple(law.InformationRequest(asked.at, frozenset(asked.families)) for asked in requests),
            agreed_slots=tuple(
                law.Slot(call.agreed_from, call.agreed_until)
                for call in calls
                if call.agreed_from is not None and call.agreed_until is not None
            ),
            calls_last_30_days=sum(call.at >= calls_counted_since(at) for call in calls),
        ),
        withheld=_withheld(detail, prospect, at),
        detail=detail,
        source=source,
        informed_by=informed_by,
        permission=permission,
        stops=stops,
        interaction=interaction,
        purchases=purchases,
        contracts=contracts,
        requests=requests,
    )


def _consent(permission: Folded, message: Message) -> law.Consent:
    return law.Consent(
        purpose=message.purpose,
        channel=message.channel,
        given_at=permission.given_at,
        confirmed_at=permission.confirmed_at,
        withdrawn_at=permission.withdrawn_at,
        lapsed_at=permission.lapsed_at,
        needs_confirmation=permission.needs_confirmation,
        mentions_complete=permission.mentions_complete,
    )


def _informed_by(detail: ContactDetail, source: Source, at: datetime) -> Source | None:
    """The provenance at which the person met the notice, or to which our own notice answered within a month."""
    told_in_time = (
        source.told_at is not None and source.told_at <= at and within_a_month(source.told_at, source.obtained_at)
    )
    if source.informed or told_in_time:
        return source
    return Source.objects.filter(also_of=detail, informed=True, collected_at__lte=at).order_by("collected_at").first()


def _withheld(detail: ContactDetail, prospect: Prospect, at: datetime) -> Withholding | None:
    if LegalHold.objects.filter(prospect=prospect, starts_at__lte=at, ends_at__gt=at).exists():
        return Withholding.HELD
    if prospect.restricted_at is not None and prospect.restricted_at <= at:
        return Withholding.RESTRICTED
    return None if detail.state == ContactDetail.State.USABLE else Withholding(detail.state)
