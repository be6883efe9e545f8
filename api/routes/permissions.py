"""What somebody agreed to, and whether a message may reach them now."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from api.describing import told
from api.keys import KeyFor
from api.models import Scope
from api.schemas import Addresses, ChannelName, Slug, Strict, Text
from consent.address_keys import keys_of_normalised
from consent.law import Channel as LawChannel
from consent.law import Message
from consent.models import Objection, Permission
from consent.vocabulary import MEDIUM_OF, Channel
from prospects.explain import Explanation, explain
from prospects.models import ContactDetail

router = Router()


class Asked(Strict):
    """Whose permissions. The address travels in the body: no log keeps it."""

    person: Addresses


class PermissionHeld(Schema):
    """What the acts add up to for one channel and purpose."""

    channel: str
    purpose: str
    in_force: bool
    given_at: datetime | None
    confirmed_at: datetime | None
    withdrawn_at: datetime | None
    lapsed_at: datetime | None


class ObjectionHeld(Schema):
    """A stop that stands. Null is every channel, or every purpose."""

    channel: str | None
    purpose: str | None
    at: datetime


class Held(Schema):
    """All that is known of what somebody said."""

    known: bool = Field(description="Whether anybody is known by one of these addresses.")
    permissions: list[PermissionHeld]
    objections: list[ObjectionHeld]


class Contact(Strict):
    """A message that is about to reach somebody."""

    person: Addresses
    channel: ChannelName
    purpose: Slug
    families: list[Slug] = Field([], max_length=50)
    activities: list[Slug] = Field([], max_length=50)
    sector: Text = ""


class Sentence(Schema):
    """The reason in words."""

    fr: str
    en: str


class VerdictGiven(Schema):
    """The law's answer for one person known by the address, and our own reason to keep silent, if any."""

    person: int
    allowed: bool
    ground: str | None
    reason: str | None
    withheld: str | None = Field(description="Our own reason, which is not the law's.")
    rule: str
    sources: list[str]
    text: Sentence
    next_allowed_at: datetime | None


class Decision(Schema):
    """Whether the message may leave. Nobody is known by the address: it may not."""

    allowed: bool
    verdicts: list[VerdictGiven]


@router.post("/permissions", auth=KeyFor(Scope.PERMISSIONS), response=Held)
@told
def read_permissions(request: HttpRequest, asked: Asked) -> Held:
    """Read what somebody agreed and objected to, by their address."""
    addresses = asked.person.by_medium()
    keys = [key for medium, address in addresses.items() for key in keys_of_normalised(medium, address)]
    permissions = Permission.objects.filter(address_key__in=keys).select_related("purpose").order_by("pk")
    objections = Objection.objects.filter(address_key__in=keys).select_related("purpose").order_by("pk")
    return Held(
        known=ContactDetail.objects.filter(address_key__in=keys).exists(),
        permissions=[
            PermissionHeld(
                channel=permission.channel,
                purpose=permission.purpose.slug,
                in_force=permission.withdrawn_at is None
                and permission.lapsed_at is None
                and permission.given_at is not None
                and (permission.confirmed_at is not None or not permission.needs_confirmation),
                given_at=permission.given_at,
                confirmed_at=permission.confirmed_at,
                withdrawn_at=permission.withdrawn_at,
                lapsed_at=permission.lapsed_at,
            )
            for permission in permissions
        ],
        objections=[
            ObjectionHeld(
                channel=objection.channel,
                purpose=objection.purpose.slug if objection.purpose else None,
                at=objection.at,
            )
            for objection in objections
        ],
    )


@router.post("/decide", auth=KeyFor(Scope.PERMISSIONS), response=Decision)
@told
def decide(request: HttpRequest, contact: Contact) -> Decision:
    """Ask the law whether this message may reach somebody now, on which ground, or for which reason not.

    Ask again at the moment of sending: an answer is about its own moment, and a stop may follow it.
    """
    addresses = contact.person.by_medium()
    medium = MEDIUM_OF[Channel(contact.channel)]
    message = Message(
        channel=LawChannel(contact.channel),
        purpose=contact.purpose,
        families=frozenset(contact.families),
        activities=frozenset(contact.activities),
        sector=contact.sector or None,
    )
    found = explain(addresses[medium], message, at=timezone.now()) if medium in addresses else []
    return Decision(
        allowed=any(explanation.allowed for explanation in found),
        verdicts=[VerdictGiven(**_told(explanation)) for explanation in found],
    )


def _told(explanation: Explanation) -> dict[str, Any]:
    verdict, known = explanation.verdict, explanation.known
    return {
        "person": known.detail.prospect_id,
        "allowed": explanation.allowed,
        "ground": verdict.ground,
        "reason": verdict.reason,
        "withheld": known.withheld,
        "rule": verdict.rule,
        "sources": list(verdict.sources),
        "text": Sentence(fr=verdict.text.fr, en=verdict.text.en),
        "next_allowed_at": verdict.next_allowed_at,
    }
