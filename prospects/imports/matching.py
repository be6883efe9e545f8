"""Who each arrival is: the rules of `prospects.intake`, for a batch of rows in the order of the file."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from consent.vocabulary import Medium
from prospects.imports.arrivals import Address, Arrival
from prospects.imports.reasons import Noted, about
from prospects.names import may_be_the_same

_EMAIL = Medium.EMAIL.value  # a row's first address, where it has one
_COMPLETED = ("first_name", "last_name", "company", "born_on", "activity_id")


@dataclass(slots=True)
class Somebody:
    """A person known before the batch, or since an earlier row of it."""

    prospect_id: int
    kind: str
    first_name: str = ""
    last_name: str = ""
    company: str = ""
    born_on: date | None = None
    activity_id: int | None = None
    is_newcomer: bool = False
    details: dict[UUID, int] = field(default_factory=dict)
    changes: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Placed:
    """An address of an arrival, at the detail that it is: a new one, with its source, or one that is known."""

    address: Address
    key: UUID
    detail_id: int
    source_id: int | None = None


@dataclass(slots=True)
class Recognised:
    """An arrival and the person who it is."""

    arrival: Arrival
    somebody: Somebody
    is_first: bool = False
    filled: bool = False
    placed: list[Placed] = field(default_factory=list)


class Crowd:
    """The people of one batch. Ids of newcomers, details and sources are drawn before, in the order of the rows."""

    def __init__(
        self,
        known: Iterable[tuple[UUID, int, str, Somebody]],
        *,
        person_kind: str,
        lapses: Mapping[UUID, datetime],
        keys_on_record: frozenset[UUID],
        prospect_ids: Iterator[int],
        detail_ids: Iterator[int],
        source_ids: Iterator[int],
    ) -> None:
        self._person_kind, self._lapses, self._on_record = person_kind, lapses, keys_on_record
        self._prospect_ids, self._detail_ids, self._source_ids = prospect_ids, detail_ids, source_ids
        self._by_email: dict[UUID, Somebody] = {}
        self._by_key: dict[UUID, list[tuple[int, Somebody]]] = {}
        for key, detail_id, medium, somebody in known:
            self._know(key, detail_id, medium, somebody)

    def recognise(self, arrival: Arrival) -> Recognised | None:
        """Return who it is; None where the person was erased since these details were given."""
        somebody = self._somebody_known(arrival)
        if self._was_erased(arrival, somebody):
            return None
        recognised = Recognised(arrival, somebody or self._newcomer(arrival), is_first=somebody is None)
        if somebody is not None:
            recognised.filled = self._complete(somebody, arrival)
        for address in arrival.addresses:
            recognised.placed.append(self._place(address, recognised.somebody))
        return recognised

    def _somebody_known(self, arrival: Arrival) -> Somebody | None:
        """An e-mail address names one person. Any other is shared: it names the first whose names do not differ."""
        first = arrival.addresses[0]
        if first.medium == _EMAIL:
            return next(filter(None, map(self._by_email.get, first.keys)), None)
        candidates = [
            candidate
            for address in arrival.addresses
            for key in address.keys
            for candidate in self._by_key.get(key, ())
        ]
        candidates.sort(key=lambda candidate: candidate[0])
        return next((somebody for _id, somebody in candidates if may_be_the_same(arrival, somebody)), None)

    def _was_erased(self, arrival: Arrival, somebody: Somebody | None) -> bool:
        """A lapse ended all that was said before it: an older file cannot bring the address back."""
        if not self._lapses:
            return False
        known = somebody.details if somebody else {}
        given_at = arrival.collected_at
        return any(
            key in self._lapses and (given_at is None or given_at <= self._lapses[key])
            for address in arrival.addresses
            if not any(key in known for key in address.keys)
            for key in address.keys
        )

    def _newcomer(self, arrival: Arrival) -> Somebody:
        return Somebody(
            next(self._prospect_ids),
            self._person_kind,
            arrival.first_name,
            arrival.last_name,
            arrival.company,
            arrival.born_on,
            arrival.activity_id,
            is_newcomer=True,
            extra=dict(arrival.extra),
        )

    def _complete(self, somebody: Somebody, arrival: Arrival) -> bool:
        """Fill in what was not known; what is known stays, and the row says so."""
        filled = False
        for name in _COMPLETED:
            told = getattr(arrival, name)
            if not told:
                continue
            known = getattr(somebody, name)
            if not known:
                setattr(somebody, name, told)
                somebody.changes[name] = [None if known is None else "", told]
                filled = True
            elif known != told:
                arrival.notes.append(f"kept_{name}")
        for slug, told in arrival.extra.items():
            if slug not in somebody.extra:
                somebody.extra[slug] = told
                somebody.changes.setdefault("extra", {})[slug] = told
                filled = True
            elif somebody.extra[slug] != told:
                arrival.notes.append(about(Noted.KEPT_EXTRA, slug))
        return filled

    def _place(self, address: Address, somebody: Somebody) -> Placed:
        for key in address.keys:
            if key in somebody.details:
                return Placed(address, key, somebody.details[key])
        key = address.keys[0]
        if len(address.keys) > 1:
            # An address keeps the key under which acts about it are on record, the oldest first.
            key = next((older for older in reversed(address.keys) if older in self._on_record), key)
        detail_id = next(self._detail_ids)
        self._know(key, detail_id, address.medium, somebody)
        return Placed(address, key, detail_id, next(self._source_ids))

    def _know(self, key: UUID, detail_id: int, medium: str, somebody: Somebody) -> None:
        somebody.details[key] = detail_id
        self._by_key.setdefault(key, []).append((detail_id, somebody))
        if medium == _EMAIL:
            self._by_email[key] = somebody


def keys_of(arrivals: Sequence[Arrival]) -> list[UUID]:
    """Every key that the addresses of these arrivals may have."""
    return [key for arrival in arrivals for address in arrival.addresses for key in address.keys]
