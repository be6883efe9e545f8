"""What one visitor sent with one form, and what it means. Nothing here writes or reads a clock."""

import enum
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from consent.boxes import boxes_shown
from consent.models import Box, Notice, SignupForm
from consent.vocabulary import MEDIUM_OF, Channel, Medium
from prospects.models import PendingSignup


class Outcome(enum.StrEnum):
    """What becomes of a sending, whoever sent it: known or not, the answer is the same."""

    TO_CONFIRM = "to_confirm"  # waits for the button in a mail
    RECEIVED = "received"  # on a form without e-mail: kept, unconfirmed
    REFUSED = "refused"  # only refusals: kept as objections, and nothing else
    NOTHING = "nothing"  # nothing is kept


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody ticked on the page of a confirmation mail, its address and the language that it spoke."""

    ticked: frozenset[int]
    language: str
    page: str


@dataclass(frozen=True)
class Sending:
    """The details typed, in the form in which addresses are compared; the notice shown, its boxes shown and ticked."""

    form: SignupForm
    notice: Notice
    boxes: tuple[Box, ...]
    ticked: frozenset[int]
    addresses: Mapping[Medium, str]
    first_name: str
    last_name: str
    language: str
    page: str
    network: str
    at: datetime
    extra: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, pending: PendingSignup) -> "Sending":
        """Return what waits for its confirmation, with the boxes that the form showed at that moment."""
        answers = dict(pending.answers)
        return cls(
            form=pending.form,
            notice=pending.notice,
            boxes=tuple(boxes_shown(pending.notice, at=pending.signed_up_at)),
            ticked=frozenset(pending.ticked),
            first_name=answers.pop("first_name", ""),
            last_name=answers.pop("last_name", ""),
            extra=answers.pop("extra", {}),
            addresses={Medium(medium): address for medium, address in answers.items()},
            language=pending.language,
            page=pending.page,
            network=pending.network,
            at=pending.signed_up_at,
        )

    @classmethod
    def chosen(cls, pending: PendingSignup, choice: Choice, *, network: str, at: datetime) -> "Sending":
        """Return what was said on the page of the confirmation mail, where the boxes stood: there and then."""
        return replace(
            cls.of(pending),
            boxes=tuple(boxes_asked(pending, at=at)),
            ticked=choice.ticked,
            language=choice.language,
            network=network,
            at=at,
        )

    @property
    def agreed(self) -> list[Box]:
        """The boxes "I agree …" that the visitor ticked."""
        return [box for box in self.boxes if box.kind == Box.Kind.OPT_IN and box.pk in self.ticked]

    @cached_property
    def refused(self) -> list[Box]:
        """The boxes "I do not want …" that the visitor ticked, for an address that was given."""
        return [
            box
            for box in self.boxes
            if box.kind == Box.Kind.OPT_OUT and box.pk in self.ticked and medium_of(box) in self.addresses
        ]

    @cached_property
    def wanted(self) -> set[Medium]:
        """The media about which something remains to be done: agreed to, or free to be refused and not refused."""
        agreed = {medium_of(box) for box in self.agreed}
        left_free = {medium_of(box) for box in self.boxes if box.kind == Box.Kind.OPT_OUT and box.pk not in self.ticked}
        asked = self.addresses.keys() if self.is_request else set()
        return agreed | (left_free & self.addresses.keys()) | asked

    @property
    def is_request(self) -> bool:
        """Whether the visitor asks for something that staff send, whatever is ticked."""
        return self.form.resource == SignupForm.Resource.REQUEST

    @property
    def missing(self) -> set[Medium]:
        """The media without which what the visitor asks for cannot be done."""
        missing = self.wanted - self.addresses.keys()
        if self.is_request and not self.addresses:
            missing.add(
                next(medium for medium in (Medium.EMAIL, Medium.POST, Medium.PHONE) if self.form.asks_for(medium))
            )
        if self.wanted and self.form.asks_email and Medium.EMAIL not in self.addresses:
            missing.add(Medium.EMAIL)
        return missing

    @property
    def kept(self) -> dict[Medium, str]:
        """The addresses to keep: none that nobody has a use for, and the one that confirms the others."""
        media = self.wanted | ({Medium.EMAIL} if self.wanted and self.form.asks_email else set())
        return {medium: address for medium, address in self.addresses.items() if medium in media}

    @property
    def pending(self) -> dict[Medium, str]:
        """The addresses to hold until the button is pressed: those to keep, those refused, and the mail's own."""
        media = {Medium.EMAIL} | {medium_of(box) for box in self.refused}
        return self.kept | {medium: address for medium, address in self.addresses.items() if medium in media}

    @cached_property
    def outcome(self) -> Outcome:
        if not self.wanted and not self.refused:
            return Outcome.NOTHING
        if self.form.asks_email and Medium.EMAIL in self.addresses:
            return Outcome.TO_CONFIRM
        return Outcome.RECEIVED if self.wanted else Outcome.REFUSED

    def informed(self, medium: Medium) -> bool:
        """Whether the form offered a free way to refuse for this medium: an opt-out, or a yes that was given freely."""
        return any(
            medium_of(box) == medium for box in self.boxes if box.kind == Box.Kind.OPT_OUT or box.pk in self.ticked
        )

    @cached_property
    def digest(self) -> str:
        """What tells this sending from another, and nothing of what it says."""
        parts = [str(self.form.pk), self.language, self.first_name, self.last_name]
        parts += [f"{medium}={address}" for medium, address in sorted(self.addresses.items())]
        parts += [*map(str, sorted(self.ticked)), json.dumps(self.extra, sort_keys=True)]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def boxes_asked(pending: PendingSignup, *, at: datetime) -> list[Box]:
    """The boxes that the page of the confirmation mail asks: those about an address that was given."""
    if not pending.asks_at_confirmation:
        return []
    return [box for box in boxes_shown(pending.notice, at=at) if medium_of(box).value in pending.answers]


def seen_on_page(pending: PendingSignup, language: str, *, at: datetime) -> str:
    """What tells this page of a confirmation mail from one that showed something else, or in other words."""
    if not pending.asks_at_confirmation:
        return pending.digest
    asked = "-".join(str(box.pk) for box in boxes_asked(pending, at=at))
    return hashlib.sha256(f"{pending.digest} {language} {asked}".encode()).hexdigest()[:32]


def medium_of(box: Box) -> Medium:
    """The kind of address that this box is about."""
    return MEDIUM_OF[Channel(box.channel)]
