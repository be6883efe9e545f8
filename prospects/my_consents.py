"""What a person agreed to, one by one, with its wording and what became of it: the proof, in their own hands."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from consent.bilingual import in_language
from consent.law.days import paris_day, start_of_day
from consent.law.rulebooks import PHONE_CONSENT_DAYS
from consent.mentions import CALLS
from consent.models import Act
from consent.stop_links import stop_token
from consent.vocabulary import Channel

_ENDS = (Act.Kind.WITHDRAWN, Act.Kind.OBJECTED, Act.Kind.LAPSED)


@dataclass(frozen=True, slots=True)
class Consent:
    """One yes, when it was confirmed, if it was, and when it ended, if it did."""

    given: Act
    confirmed_at: datetime | None
    ended_at: datetime | None

    @property
    def wording(self) -> str:
        """What the box said, in the language in which it was shown."""
        return in_language(self.given.box, "label", self.given.language) if self.given.box else ""

    @property
    def notice(self) -> str:
        """What the notice said beside it."""
        return in_language(self.given.notice, "information", self.given.language) if self.given.notice else ""

    @property
    def in_force(self) -> bool:
        confirmed = self.confirmed_at is not None or not self.given.needs_confirmation
        return confirmed and self.ended_at is None

    @property
    def stop_token(self) -> str:
        """What withdraws it, in one press."""
        assert self.given.address_key is not None and self.given.channel and self.given.purpose_id  # noqa: S101
        return stop_token(
            self.given.address_key, Channel(self.given.channel), self.given.purpose_id, key_id=self.given.key_id
        )


def consents_of(keys: Collection[UUID], *, at: datetime) -> list[Consent]:
    """Return every yes that is on record for these addresses, the latest first."""
    acts = list(
        Act.objects.filter(address_key__in=keys).select_related("purpose", "notice", "box").order_by("at", "pk")
    )
    confirmations = {act.about_id: act.at for act in acts if act.kind == Act.Kind.CONFIRMED}
    voided = {act.about_id for act in acts if act.kind == Act.Kind.VOIDED}
    yes = [act for act in acts if act.kind in (Act.Kind.GIVEN, Act.Kind.RENEWED) and act.pk not in voided]
    return [Consent(act, confirmations.get(act.pk), _end_of(act, acts, at)) for act in reversed(yes)]


def _end_of(yes: Act, acts: list[Act], at: datetime) -> datetime | None:
    """When it ended: by the person's word, by an erasure or, for calls, by the year that it lasts (R223-1)."""
    assert yes.at is not None  # noqa: S101 - only an erased act has no date, and no address either
    ends = [
        act.at
        for act in acts
        if act.kind in _ENDS
        and act.address_key == yes.address_key
        and act.channel in (None, yes.channel)
        and act.purpose_id in (None, yes.purpose_id)
        and act.at is not None
        and act.at > yes.at
    ]
    if yes.channel in CALLS:
        ends.append(start_of_day(paris_day(yes.at) + timedelta(days=PHONE_CONSENT_DAYS)))
    return min((end for end in ends if end <= at), default=None)
