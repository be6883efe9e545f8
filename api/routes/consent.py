"""What people said: objections, at once and whoever they are; consents, each with its own proof."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Status

from api.describing import told
from api.idempotency import idempotent
from api.keys import KeyFor, key_of
from api.models import Scope
from api.schemas import Addresses, ChannelName, LongText, NoticeShown, PastMoment, Recorded, Slug, Strict, Text, Who
from consent.acts import record_acts, record_stop
from consent.address_keys import key_in_use
from consent.how_given import is_first_hand
from consent.models import Act, Box, Purpose
from consent.vocabulary import MEDIUM_OF, Channel, Medium
from prospects.intake import Provenance, take_in

router = Router()

_SOURCES = ("form", "sale", "in_person", "phone", "paper", "event")


class ObjectionMade(Strict):
    """A stop. Nobody needs to be known by the address, and nobody becomes known by it."""

    person: Addresses
    channel: ChannelName | None = Field(None, description="Null for every channel.")
    purpose: Slug = Field("", description="Empty for every purpose.")
    at: PastMoment
    how: Text = Field("", description="How the person said it: by phone, at the counter.")


class ConsentGiven(Strict):
    """A consent that somebody gave elsewhere, with what proves it. Without proof there is none."""

    person: Who
    purpose: Slug
    channel: ChannelName
    given_at: PastMoment
    source: str = Field(pattern=f"^({'|'.join(_SOURCES)})$", description="Where the details were given.")
    how: Text = Field(
        min_length=1,
        description="`paper`, `in person` and `double opt-in` count at once; any other waits for a confirmation.",
    )
    wording: LongText = Field("", description="The words that the person read, exactly. Or name the notice.")
    notice: NoticeShown | None = None
    place: Text = ""


@router.post("/objections", auth=KeyFor(Scope.OBJECTIONS, free=True), response={200: Recorded, 201: Recorded})
@idempotent
@told
def record_an_objection(request: HttpRequest, objection: ObjectionMade) -> Status[Recorded]:
    """Record a stop: from this answer on, no message begins. It is never put off by a rate limit."""
    purpose = _purpose(objection.purpose) if objection.purpose else None
    medium_wanted = MEDIUM_OF[Channel(objection.channel)] if objection.channel else None
    stopped = [
        _stop(request, objection, medium, address, purpose)
        for medium, address in objection.person.by_medium().items()
        if medium_wanted in (None, medium)
    ]
    if not stopped:
        raise ValidationError(f"None of these addresses is reached by {objection.channel}.")
    return Status(201, Recorded(recorded=True)) if any(stopped) else Status(200, Recorded(recorded=False))


@router.post("/consents", auth=KeyFor(Scope.CONSENTS), response={200: Recorded, 201: Recorded})
@idempotent
@told
def record_a_consent(request: HttpRequest, consent: ConsentGiven) -> Status[Recorded]:
    """Record a consent with its proof. It lifts no objection: only the person does, on Loyal's own page."""
    if not consent.wording and consent.notice is None:
        raise ValidationError("A consent is proven by the wording that was read, or by the notice that was shown.")
    purpose = _purpose(consent.purpose)
    notice = consent.notice.find() if consent.notice else None
    box = (
        Box.objects.filter(notice=notice, purpose=purpose, channel=consent.channel, kind=Box.Kind.OPT_IN).first()
        if notice
        else None
    )
    medium = MEDIUM_OF[Channel(consent.channel)]
    addresses = consent.person.by_medium()
    if medium not in addresses:
        raise ValidationError(f"None of these addresses is reached by {consent.channel}.")
    api_key = key_of(request)
    proof = {"api_key": api_key.prefix, "how": consent.how, "wording": consent.wording}
    with transaction.atomic():
        prospect = take_in(
            consent.person.person(),
            addresses,
            Provenance(
                kind=consent.source,
                collected_at=consent.given_at,
                collected_by=api_key.name,
                place=consent.place,
                notice=notice,
                informed=notice is not None,
                evidence=proof,
            ),
            at=timezone.now(),
            door="api",
        )
        key, key_id = key_in_use(medium, addresses[medium])
        said = {"address_key": key, "channel": consent.channel, "purpose": purpose, "at": consent.given_at}
        if Act.objects.filter(kind=Act.Kind.GIVEN, **said).exists():
            return Status(200, Recorded(recorded=False, person=prospect.pk))
        act = Act(
            kind=Act.Kind.GIVEN,
            key_id=key_id,
            notice=notice,
            box=box,
            language=consent.person.language,
            origin=Act.Origin.API,
            needs_confirmation=not is_first_hand(consent.how),
            mentions_complete=box is not None and box.carries_call_mentions(consent.person.language),
            evidence=proof,
            **said,
        )
        record_acts([act])
    return Status(201, Recorded(recorded=True, person=prospect.pk))


def _stop(
    request: HttpRequest, objection: ObjectionMade, medium: Medium, address: str, purpose: Purpose | None
) -> bool:
    key, key_id = key_in_use(medium, address)
    return record_stop(
        key,
        channel=objection.channel,
        purpose_id=purpose.pk if purpose else None,
        at=objection.at,
        origin=Act.Origin.API,
        evidence={"api_key": key_of(request).prefix, "how": objection.how},
        key_id=key_id,
    )


def _purpose(slug: str) -> Purpose:
    purpose = Purpose.objects.filter(slug=slug).first()
    if purpose is None:
        raise ValidationError(f"There is no purpose “{slug}”.")
    return purpose
