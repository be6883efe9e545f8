"""Purchases and interactions: what customers did elsewhere, told by the shop or the website where they did it."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Status

from api.describing import problems, told
from api.idempotency import idempotent
from api.keys import KeyFor, key_of
from api.models import Scope
from api.problems import Problem
from api.schemas import Addresses, NoticeShown, PastMoment, Recorded, Slug, Strict, Text, Who
from consent.address_keys import keys_of_normalised
from prospects.dealings import record_purchase
from prospects.intake import Provenance, record_interaction, take_in
from prospects.models import ContactDetail, Family, Interaction, Prospect, Purchase, Source

router = Router()

# Orders come with purchases; signups and confirmations are Loyal's own.
_KINDS = {Interaction.Kind.ASKED, Interaction.Kind.REPLIED, Interaction.Kind.CLICKED}


class PurchaseMade(Strict):
    """A sale. The details that the customer gave for it have the sale as their source."""

    customer: Who
    family: Slug = Field(description="The path of a product family that staff keep.")
    at: PastMoment
    reference: Text = Field("", max_length=100, description="Of the order: the same is recorded once.")
    notice: NoticeShown | None = Field(
        None, description="What the customer was shown, with a free way to refuse. Without it they are told later."
    )
    place: Text = Field("", description="The shop or the page.")


class InteractionHad(Strict):
    """Something that a person who is known did. Never an opening, a delivery, or anything that we did."""

    person: Addresses
    kind: str = Field(pattern=f"^({'|'.join(sorted(_KINDS))})$")
    at: PastMoment


@router.post("/purchases", auth=KeyFor(Scope.PURCHASES), response={200: Recorded, 201: Recorded})
@idempotent
@told
def record_a_purchase(request: HttpRequest, purchase: PurchaseMade) -> Status[Recorded]:
    """Record a sale, and the customer where they are new.

    Nothing here depends on a consent, and none is taken from it (rule 5): an order is an order.
    """
    now = timezone.now()
    if not Family.objects.filter(path=purchase.family).exists():
        raise ValidationError(f"Staff keep no product family “{purchase.family}”.")
    key = key_of(request)
    with transaction.atomic():
        prospect = take_in(
            purchase.customer.person(),
            purchase.customer.by_medium(),
            Provenance(
                kind=Source.Kind.SALE,
                collected_at=purchase.at,
                collected_by=key.name,
                place=purchase.place,
                notice=purchase.notice.find() if purchase.notice else None,
                informed=purchase.notice is not None,
                evidence={"api_key": key.prefix, "reference": purchase.reference},
            ),
            at=now,
            door="api",
        )
        made = Purchase(prospect=prospect, family=purchase.family, at=purchase.at, reference=purchase.reference)
        if _known(made):
            return Status(200, Recorded(recorded=False, person=prospect.pk))
        record_purchase(made)
    return Status(201, Recorded(recorded=True, person=prospect.pk))


@router.post("/interactions", auth=KeyFor(Scope.INTERACTIONS), response={200: Recorded, 201: Recorded}, **problems(404))
@idempotent
@told
def record_an_interaction(request: HttpRequest, interaction: InteractionHad) -> Status[Recorded]:
    """Record a sign of life of somebody known; it starts their three years anew."""
    prospect = _somebody(interaction.person)
    if Interaction.objects.filter(prospect=prospect, kind=interaction.kind, at=interaction.at).exists():
        return Status(200, Recorded(recorded=False, person=prospect.pk))
    if not record_interaction(prospect, Interaction.Kind(interaction.kind), interaction.at):
        raise _unknown()
    return Status(201, Recorded(recorded=True, person=prospect.pk))


def _somebody(addresses: Addresses) -> Prospect:
    """Return whoever has every one of these addresses, where that is one person."""
    found: set[int] | None = None
    for medium, address in addresses.by_medium().items():
        details = ContactDetail.objects.filter(address_key__in=keys_of_normalised(medium, address), medium=medium)
        people = set(details.values_list("prospect_id", flat=True))
        found = people if found is None else found & people
    if not found or len(found) > 1:
        raise _unknown()
    return Prospect.objects.get(pk=found.pop())


def _unknown() -> Problem:
    return Problem(404, "unknown", "Nobody, or more than one person, is known by these addresses.")


def _known(purchase: Purchase) -> bool:
    same = Purchase.objects.filter(prospect=purchase.prospect, family=purchase.family, reference=purchase.reference)
    return same.exists() if purchase.reference else same.filter(at=purchase.at).exists()
