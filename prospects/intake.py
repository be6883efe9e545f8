"""The one door for people: by form, import or staff, everybody enters here, with a source."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from consent.acts import lapses, lock
from consent.address_keys import key_in_use, keys_of_normalised
from consent.addresses import normalise
from consent.law import SourceKind
from consent.models import Notice
from consent.vocabulary import Language, Medium
from prospects.extras import note
from prospects.forbidden_sources import ForbiddenSource, count_refusals
from prospects.models import Activity, ContactDetail, Interaction, Prospect, Source
from prospects.names import may_be_the_same

__all__ = [
    "ForbiddenSource",
    "Person",
    "Provenance",
    "add_provenance",
    "is_generic",
    "new_source",
    "record_interaction",
    "refuse_erased",
    "take_in",
]

# The person's own door: whoever presses the button of a confirmation mail comes in by that very act.
OUR_FORM = "form"


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of somebody who arrives, beside addresses. `activity` is the short name of one that staff keep."""

    kind: str = Prospect.Kind.INDIVIDUAL
    first_name: str = ""
    last_name: str = ""
    company: str = ""
    activity: str | None = None
    language: str = Language.FRENCH
    born_on: date | None = None
    time_zone: str = "Europe/Paris"
    extra: Mapping[str, Any] = field(default_factory=dict)  # as `prospects.models.extra.checked` returns it


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where details come from: the kind of source (a word of `Source.Kind`), who, when, where, and what proves it."""

    kind: str
    collected_at: datetime | None = None
    collected_by: str = ""
    place: str = ""
    partner: str = ""
    notice: Notice | None = None
    informed: bool = False
    evidence: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_proven(self) -> bool:
        """Whether it says from where and when, with something to show for it."""
        return self.kind != Source.Kind.UNKNOWN and self.collected_at is not None and bool(self.evidence or self.notice)


@transaction.atomic
def take_in(
    person: Person,
    addresses: Mapping[Medium, str],
    provenance: Provenance,
    *,
    at: datetime,
    door: str,
    unconfirmed: Collection[Medium] = (),
    corrects: bool = False,
) -> Prospect:
    """Let somebody in and return the one prospect they are, known already or new.

    An e-mail address names one person. Any other address may be shared: it names the person already known by it, unless
    the names differ, and never somebody whom a new e-mail address claims to be. A known detail keeps its clock: what it
    gains is a further source. Details of an unknown source wait in quarantine; those of `unconfirmed` media, for staff.
    What is known of a person stays; of extra fields, what the person says and proves to have said `corrects` it.

    Raises ForbiddenSource for the public web (counted, the details not kept), ValidationError for an unusable address,
    a collection still to come, or an address that was erased since it was collected.
    """
    if provenance.kind == SourceKind.PUBLIC_WEB:
        count_refusals(door, at=at)
        raise ForbiddenSource
    if provenance.collected_at is not None and provenance.collected_at > at:
        raise ValidationError(_("The collection of these details is dated in the future."), code="future")
    if provenance.kind == Source.Kind.PARTNER and not provenance.partner:
        raise ValidationError(_("Name the partner from whom these details come."), code="partner")

    arrived = {medium: normalise(medium, typed) for medium, typed in addresses.items()}
    if not arrived:
        raise ValidationError(_("Give at least one address."), code="address")
    keys = {medium: keys_of_normalised(medium, address) for medium, address in arrived.items()}
    lock([key for known in keys.values() for key in known])

    details = ContactDetail.objects.filter(address_key__in=[key for known in keys.values() for key in known])
    known_details = list(details.select_related("prospect", "source").order_by("pk"))
    prospect = _somebody_known(person, known_details, by_email=Medium.EMAIL in arrived)
    if prospect is None:
        prospect = _newcomer(person)
    else:
        _complete(prospect, person)
        note(prospect, person.extra, corrects=corrects)

    theirs = {detail.medium: detail for detail in known_details if detail.prospect_id == prospect.pk}
    if door != OUR_FORM:
        refuse_erased([key for medium in keys.keys() - theirs.keys() for key in keys[medium]], provenance)
    for medium, address in arrived.items():
        detail = theirs.get(medium)
        if detail is None:
            _add_detail(prospect, medium, address, provenance, at, confirmed=medium not in unconfirmed)
        else:
            _seen_again(detail, provenance, at, confirmed=medium not in unconfirmed)
    return prospect


def record_interaction(prospect: Prospect, kind: Interaction.Kind, at: datetime) -> bool:
    """Record something that the person did; False where the person is being, or has been, erased.

    The lock on the person makes an erasure under way finish first, and a later one see this sign of life.
    """
    with transaction.atomic():
        still_here = Prospect.objects.select_for_update(no_key=True).filter(pk=prospect.pk).exists()
        if still_here:
            Interaction.objects.create(prospect_id=prospect.pk, kind=kind, at=at)
    return still_here


@transaction.atomic
def add_provenance(detail: ContactDetail, provenance: Provenance, *, at: datetime) -> None:
    """Keep where a known detail was collected again."""
    lock([detail.address_key])
    _seen_again(detail, provenance, at, confirmed=True)


def refuse_erased(keys: Sequence[UUID], provenance: Provenance) -> None:
    """Let no older paper bring back an address that was erased; it comes back with what its owner gave since."""
    latest = max(lapses(keys).values(), default=None)
    if latest is not None and (provenance.collected_at is None or provenance.collected_at <= latest):
        raise ValidationError(
            _("This person was erased; only details that they gave after that day may come in."), code="erased"
        )


def _somebody_known(person: Person, details: list[ContactDetail], *, by_email: bool) -> Prospect | None:
    for detail in details:
        if by_email and detail.medium == Medium.EMAIL:
            return detail.prospect
        if not by_email and may_be_the_same(person, detail.prospect):
            return detail.prospect
    return None


def _newcomer(person: Person) -> Prospect:
    return Prospect.objects.create(
        kind=person.kind,
        first_name=person.first_name,
        last_name=person.last_name,
        company=person.company,
        activity=_activity(person.activity),
        language=person.language,
        born_on=person.born_on,
        time_zone=person.time_zone,
        extra=dict(person.extra),
    )


def _complete(prospect: Prospect, person: Person) -> None:
    """Fill in what was not known; what is known stays as it is."""
    gained: dict[str, Any] = {
        name: getattr(person, name)
        for name in ("first_name", "last_name", "company", "born_on")
        if getattr(person, name) and not getattr(prospect, name)
    }
    if person.activity and prospect.activity_id is None:
        gained["activity"] = _activity(person.activity)
    for name, value in gained.items():
        setattr(prospect, name, value)
    if gained:
        prospect.save(update_fields=list(gained))


def _activity(slug: str | None) -> Activity | None:
    """The activity of that name; one that staff do not keep is unknown."""
    return Activity.objects.filter(slug=slug).first() if slug else None


def _add_detail(
    prospect: Prospect, medium: Medium, address: str, provenance: Provenance, at: datetime, *, confirmed: bool
) -> None:
    key, key_id = key_in_use(medium, address)
    source = new_source(prospect, provenance, at)
    source.save(force_insert=True)
    ContactDetail.objects.create(
        prospect=prospect,
        medium=medium,
        address=address,
        address_key=key,
        key_id=key_id,
        is_generic=medium == Medium.EMAIL and is_generic(address, prospect.kind),
        state=_state(source, confirmed=confirmed),
        source=source,
    )


def _seen_again(detail: ContactDetail, provenance: Provenance, at: datetime, *, confirmed: bool) -> None:
    """Keep a further provenance of a known detail. It ends a quarantine where it is proven; it moves no clock."""
    released = detail.state == ContactDetail.State.QUARANTINED and provenance.is_proven
    if released:
        first, detail.source = detail.source, new_source(detail.prospect, provenance, at)
        detail.source.save(force_insert=True)
        detail.save(update_fields=["source"])
        first.also_of = detail
        first.save(update_fields=["also_of"])
    elif _is_new(detail, provenance):
        further = new_source(detail.prospect, provenance, at)
        further.also_of = detail
        further.save(force_insert=True)

    if released or (confirmed and detail.state == ContactDetail.State.UNCONFIRMED):
        detail.state = _state(detail.source, confirmed=confirmed)
        detail.save(update_fields=["state"])


def _is_new(detail: ContactDetail, provenance: Provenance) -> bool:
    """Whether this provenance is not on record yet; the same file imported twice, or a press repeated, adds nothing."""
    on_record = Source.objects.filter(detail=detail) | Source.objects.filter(also_of=detail)
    return not on_record.filter(
        kind=provenance.kind,
        collected_at=provenance.collected_at,
        place=provenance.place,
        partner=provenance.partner,
        notice=provenance.notice,
    ).exists()


def new_source(prospect: Prospect, provenance: Provenance, at: datetime) -> Source:
    """Return the source to save. One without its day is unknown, whatever it claims to be."""
    day = provenance.collected_at
    kind = provenance.kind if day else Source.Kind.UNKNOWN
    return Source(
        prospect=prospect,
        kind=kind,
        collected_at=day,
        obtained_at=at if day is None or kind in (Source.Kind.PARTNER, Source.Kind.UNKNOWN) else day,
        collected_by=provenance.collected_by,
        place=provenance.place,
        partner=provenance.partner,
        notice=provenance.notice,
        informed=provenance.informed,
        evidence=dict(provenance.evidence),
    )


def _state(source: Source, *, confirmed: bool) -> ContactDetail.State:
    if source.kind == Source.Kind.UNKNOWN:
        return ContactDetail.State.QUARANTINED
    return ContactDetail.State.USABLE if confirmed else ContactDetail.State.UNCONFIRMED


_GENERIC = re.compile(
    r"(accueil|bonjour|bureau|commercial|communication|comptabilite|contact|direction|facturation|hello|infos?|mairie"
    r"|office|orders|sales|sav|secretariat|services?|support|team|ventes)@"
)


def is_generic(address: str, kind: str) -> bool:
    """Whether this is a professional's e-mail address such as info@: a company's, which nobody in particular reads."""
    return kind == Prospect.Kind.PROFESSIONAL and _GENERIC.match(address) is not None
