"""What is in force for one address, told from its acts alone: as true after the person was erased as before."""

import enum
from dataclasses import dataclass
from uuid import UUID

from consent.models import Objection, Permission, Purpose
from consent.vocabulary import Channel


class State(enum.StrEnum):
    """Whether messages come."""

    ON = "on"
    UNCONFIRMED = "unconfirmed"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Preference:
    """One purpose on one channel, and whether messages come."""

    purpose: Purpose
    channel: Channel
    state: State

    @property
    def name(self) -> str:
        """What the button of this line sends."""
        return f"{self.channel}-{self.purpose.pk}"


def preferences(key: UUID, *, written: tuple[Channel, int] | None = None) -> list[Preference]:
    """Return every purpose and channel about which this address has a word on record.

    `written` is the channel and purpose of a message that was sent: on some ground or other it comes, until refused.
    """
    permissions = {
        (permission.channel, permission.purpose_id): permission
        for permission in Permission.objects.filter(address_key=key)
    }
    objections = list(Objection.objects.filter(address_key=key))
    pairs = set(permissions) | {(o.channel, o.purpose_id) for o in objections if o.channel and o.purpose_id}
    if written is not None:
        pairs.add((written[0].value, written[1]))
    purposes = Purpose.objects.in_bulk([purpose_id for _channel, purpose_id in pairs])
    found = [
        Preference(
            purposes[purpose_id],
            Channel(channel),
            _state(permissions.get((channel, purpose_id)), _latest_objection(objections, channel, purpose_id)),
        )
        for channel, purpose_id in pairs
        if purpose_id in purposes
    ]
    return sorted(found, key=lambda preference: (preference.purpose.slug, list(Channel).index(preference.channel)))


def _state(permission: Permission | None, objection: Objection | None) -> State:
    if permission is None:
        return State.OFF if objection is not None else State.ON
    if permission.withdrawn_at is not None or permission.lapsed_at is not None or permission.act_id is None:
        return State.OFF
    confirmed_at = permission.confirmed_at
    if objection is not None and (confirmed_at is None or confirmed_at <= objection.at):
        return State.OFF
    if permission.needs_confirmation and confirmed_at is None:
        return State.UNCONFIRMED
    return State.ON


def _latest_objection(objections: list[Objection], channel: str, purpose_id: int) -> Objection | None:
    applying = [
        objection
        for objection in objections
        if objection.channel in (None, channel) and objection.purpose_id in (None, purpose_id)
    ]
    return max(applying, key=lambda objection: objection.at, default=None)
