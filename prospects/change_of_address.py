"""A person changes address: both mailboxes say so, what was refused follows, and what was agreed to is asked again."""

import enum
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.db import transaction

from consent.acts import lock, record_stop
from consent.address_keys import key_in_use, key_of_normalised, keys_of_normalised
from consent.models import Act, Box, Objection
from consent.vocabulary import Channel, Medium
from prospects.change_mails import Mailbox
from prospects.intake import OUR_FORM, Provenance, is_generic, new_source, record_interaction
from prospects.links import absolute
from prospects.models import AddressChange, ContactDetail, Interaction, Source
from prospects.turning_on import agree

_DAY = 24 * 3600


class Step(enum.StrEnum):
    """What a press did."""

    HALFWAY = "halfway"  # the other mailbox has still to say so
    CHANGED = "changed"
    TAKEN = "taken"  # the new address is on record as somebody's of its own
    REFUSED = "refused"
    EXPIRED = "expired"


def ask(key: UUID, new_address: str, *, language: str, at: datetime) -> None:
    """Let a mail leave to either address, if somebody is known by this key; to a new one, one a day at most."""
    if cache.add(f"change:{key_of_normalised(Medium.EMAIL, new_address)}", 1, timeout=_DAY):
        expires_at = at + timedelta(days=settings.PENDING_SIGNUP_DAYS)
        AddressChange.objects.ask(key, new_address, language=language, at=at, expires_at=expires_at)


@transaction.atomic
def press(pk: UUID, mailbox: Mailbox, *, ticked: list[Box], network: str, at: datetime) -> Step:
    """Note that one mailbox said yes, the new one with what it wants to receive; change once both have."""
    change = _waiting(pk, at)
    if change is None:
        return Step.EXPIRED
    if mailbox is Mailbox.OLD:
        change.old_confirmed_at, change.old_network = change.old_confirmed_at or at, network
    else:
        change.new_confirmed_at, change.new_network = at, network
        change.ticked = sorted(box.pk for box in ticked)
    change.save(
        update_fields=["old_confirmed_at", "old_network", "new_confirmed_at", "new_network", "ticked"],
    )
    if change.old_confirmed_at is None or change.new_confirmed_at is None:
        return Step.HALFWAY
    return _carry_out(change, change.new_confirmed_at, at)


@transaction.atomic
def refuse(pk: UUID, *, at: datetime) -> Step:
    """Give the wish up: whichever mailbox says no."""
    change = _waiting(pk, at)
    if change is None:
        return Step.EXPIRED
    change.delete()
    return Step.REFUSED


def _waiting(pk: UUID, at: datetime) -> AddressChange | None:
    waiting = AddressChange.objects.select_for_update(of=("self",)).select_related("detail__prospect")
    return waiting.filter(pk=pk, expires_at__gt=at).first()


def _carry_out(change: AddressChange, said_at: datetime, at: datetime) -> Step:
    old = change.detail
    old_key, old_key_id = old.address_key, old.key_id
    new_keys = keys_of_normalised(Medium.EMAIL, change.new_address)
    lock([old_key, *new_keys])
    known = ContactDetail.objects.filter(address_key__in=new_keys, medium=Medium.EMAIL).first()
    if known is not None and known.prospect_id != old.prospect_id:
        change.delete()
        return Step.TAKEN

    boxes = list(Box.objects.filter(pk__in=change.ticked).select_related("notice", "purpose"))
    source = _source(change, boxes, said_at, at)
    new_key, new_key_id = key_in_use(Medium.EMAIL, change.new_address)
    change.delete()
    if known is None:
        _move(old, change.new_address, new_key, new_key_id, source)
    else:
        _join(old, known, source)
    _refusals_follow(old_key, new_key, new_key_id)
    agree(new_key, new_key_id, boxes, language=change.language, network=change.new_network, at=said_at)
    record_stop(
        old_key,
        channel=Channel.EMAIL,
        purpose_id=None,
        at=at,
        origin=Act.Origin.PREFERENCES,
        evidence={"reason": "change of address", "network": change.old_network},
        key_id=old_key_id,
    )
    record_interaction(old.prospect, Interaction.Kind.CONFIRMED, at)
    return Step.CHANGED


def _source(change: AddressChange, boxes: list[Box], said_at: datetime, at: datetime) -> Source:
    """Where the new address comes from: the person, who typed it here and answered from it."""
    provenance = Provenance(
        kind=OUR_FORM,
        collected_at=said_at,
        place=absolute("home"),
        notice=boxes[0].notice if boxes else None,
        informed=bool(boxes),
        evidence={"change_of": str(change.detail.address_key), "network": change.new_network},
    )
    source = new_source(change.detail.prospect, provenance, at)
    source.save(force_insert=True)
    return source


def _move(detail: ContactDetail, address: str, key: UUID, key_id: int, source: Source) -> None:
    """Let the detail be at its new address. Its earlier sources stay beside the new one."""
    first = detail.source
    detail.address, detail.address_key, detail.key_id, detail.source = address, key, key_id, source
    detail.is_generic = is_generic(address, detail.prospect.kind)
    detail.state = ContactDetail.State.USABLE
    detail.save(update_fields=["address", "address_key", "key_id", "source", "is_generic", "state"])
    first.also_of = detail
    first.save(update_fields=["also_of"])


def _join(old: ContactDetail, known: ContactDetail, source: Source) -> None:
    """The person has the new address on record already: the old one goes, its sources stay."""
    first = old.source
    Source.objects.filter(also_of=old).update(also_of=known)
    old.delete()
    for hung in (first, source):
        hung.also_of = known
        hung.save(update_fields=["also_of"])
    if known.state != ContactDetail.State.USABLE:
        known.state = ContactDetail.State.USABLE
        known.save(update_fields=["state"])


def _refusals_follow(old_key: UUID, new_key: UUID, new_key_id: int) -> None:
    """Whatever the person refused at the old address is refused at the new one, since the same day."""
    for objection in Objection.objects.filter(address_key=old_key).order_by("at"):
        record_stop(
            new_key,
            channel=objection.channel,
            purpose_id=objection.purpose_id,
            at=objection.at,
            origin=Act.Origin.PREFERENCES,
            evidence={"reason": "said at the address before", "change_of": str(old_key)},
            key_id=new_key_id,
        )
