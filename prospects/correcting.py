"""Rectification (GDPR art. 16): a wrong address becomes the right one, and no consent moves to a stranger's."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from consent.acts import lock, record_stop
from consent.address_keys import key_in_use
from consent.addresses import normalise
from consent.lapse import lapse
from consent.models import Act, Objection
from consent.vocabulary import Medium
from prospects.intake import Provenance, is_generic, new_source, refuse_erased
from prospects.models import ContactDetail, Source


@dataclass(frozen=True, slots=True)
class Correction:
    """What the person said: the right address, when and how they told it, and what proves it."""

    address: str
    told_at: datetime
    kind: str
    noted_by: str
    evidence: str = ""


@transaction.atomic
def correct_address(detail: ContactDetail, correction: Correction, *, at: datetime) -> ContactDetail:
    """Put the right address in the place of a wrong one, which is not kept.

    Objections come along; consents do not, since nobody proved that whoever reads there gave them. The old provenance
    stays beside the new one. Raises ValidationError where the address is unusable, the same, or on record already.
    """
    medium = Medium(detail.medium)
    address = normalise(medium, correction.address)
    old_key, old_key_id = detail.address_key, detail.key_id
    key, key_id = key_in_use(medium, address)
    lock([old_key, key])
    detail = ContactDetail.objects.select_related("prospect", "source__notice").get(pk=detail.pk)
    _refuse_taken(detail, key)
    provenance = Provenance(
        kind=correction.kind,
        collected_at=correction.told_at,
        collected_by=correction.noted_by,
        notice=detail.source.notice,
        informed=detail.source.informed,
        evidence={"corrected": True, "described": correction.evidence, "noted_by": correction.noted_by},
    )
    refuse_erased([key], provenance)

    for objection in Objection.objects.filter(address_key=old_key):
        record_stop(
            key,
            key_id=key_id,
            channel=objection.channel,
            purpose_id=objection.purpose_id,
            at=correction.told_at,
            origin=Act.Origin.STAFF,
            evidence={"carried_over": "address corrected", "noted_by": correction.noted_by},
        )
    _put(detail, address, new_source(detail.prospect, provenance, at), key=key, key_id=key_id)
    if not ContactDetail.objects.filter(address_key=old_key).exists():
        lapse({old_key: old_key_id}, at=at, origin=Act.Origin.STAFF)
    return detail


def set_deliverable(detail: ContactDetail, *, deliverable: bool) -> bool:
    """Note that mail to an address comes back, or that it arrives after all. Returns whether that was news.

    What waits for its confirmation, or for its source, goes on waiting.
    """
    usable, undeliverable = ContactDetail.State.USABLE, ContactDetail.State.UNDELIVERABLE
    before, after = (undeliverable, usable) if deliverable else (usable, undeliverable)
    return ContactDetail.objects.filter(pk=detail.pk, state=before).update(state=after) == 1


def _refuse_taken(detail: ContactDetail, key: UUID) -> None:
    if key == detail.address_key:
        raise ValidationError(_("This is the address on record already."), code="same")
    taken = ContactDetail.objects.filter(address_key=key)
    if taken.filter(prospect=detail.prospect_id).exists():
        raise ValidationError(_("This person has this address already."), code="taken")
    if detail.medium == Medium.EMAIL and taken.exists():
        raise ValidationError(
            _("Another record has this address: merge the two, if they are one person."), code="taken"
        )


def _put(detail: ContactDetail, address: str, source: Source, *, key: UUID, key_id: int) -> None:
    """Rewrite the detail in its place, so that what was sent to this person stays on their page."""
    first = detail.source
    source.save(force_insert=True)
    detail.address, detail.address_key, detail.key_id = address, key, key_id
    detail.is_generic = detail.medium == Medium.EMAIL and is_generic(address, detail.prospect.kind)
    detail.state, detail.source, detail.asked_to_stay_at = ContactDetail.State.USABLE, source, None
    detail.save(update_fields=["address", "address_key", "key_id", "is_generic", "state", "source", "asked_to_stay_at"])
    first.also_of = detail
    first.save(update_fields=["also_of"])
