"""A batch of rows comes in whole or not at all: recognised, written by a few statements, reported line by line."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, OperationalError, connection, transaction

from consent.acts import lapses, lock, record_selected
from consent.address_keys import as_array, key_ids, keys_on_record
from consent.models import Act
from consent.vocabulary import MEDIUM_OF, Channel, Medium
from prospects.imports import statements
from prospects.imports.arrivals import Arrival, Refusal
from prospects.imports.declaration import Declaration
from prospects.imports.matching import Crowd, Recognised, Somebody, keys_of
from prospects.imports.reasons import Refused
from prospects.intake import is_generic
from prospects.models import ContactDetail, Import, ImportLane
from prospects.models.extra import PREFIX

_LANE_LOCKS = 0x4C6F7A  # the advisory lock class of lanes: one batch of each at a time, whatever the import
_ATTEMPTS = 5
_EMAIL = Medium.EMAIL.value
_DEALINGS = {
    Import.Kind.PURCHASES: (statements.PURCHASES,),
    Import.Kind.CONTRACTS: (statements.CONTRACTS, statements.ENDED),
    Import.Kind.INTERACTIONS: (statements.INTERACTIONS,),
}


class SomebodyElseIsAtIt(Exception):
    """This lane has moved on under another hand: two processes were loading one import."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a batch came to: rows by outcome, and refusals by reason."""

    outcomes: Counter[str]
    reasons: Counter[str]


class Loader:
    """Loads the batches of one lane of one import. `shared` lets another lane, of other addresses, work meanwhile."""

    def __init__(self, run: Import, lane: int, *, at: datetime, shared: bool = False, dry: bool = False) -> None:
        self._run, self._lane, self._shared, self._dry = run, lane, shared, dry
        declared = self._declared = Declaration.from_json(run.declaration)
        self._has_extra = any(name.startswith(PREFIX) for name in run.columns)
        self._params: dict[str, Any] = {
            "run_id": run.pk,
            "person": declared.person,
            "source": declared.source,
            "collected_by": declared.collected_by,
            "notice_id": declared.notice_id,
            "informed": declared.notice_id is not None,
            "evidence": json.dumps({"import": run.pk, **declared.evidence}),
            "proven": bool(declared.evidence) or declared.notice_id is not None,
            "at": at,
        }

    def load(self, batch: Sequence[Arrival | Refusal], *, last_line: int) -> Told:
        """Take a batch in and note how far the lane has come, in one transaction; a collision is tried again."""
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                with transaction.atomic():
                    told = self._load(batch, last_line)
                    if self._dry:
                        transaction.set_rollback(True)
                return told
            except (IntegrityError, OperationalError):
                # Somebody met the same people elsewhere: the same address in another lane, a person just erased.
                if attempt == _ATTEMPTS or connection.in_atomic_block or not connection.is_usable():
                    raise
        raise AssertionError("unreachable")

    def _load(self, batch: Sequence[Arrival | Refusal], last_line: int) -> Told:
        lane = ImportLane.objects.select_for_update().get(run=self._run, lane=self._lane)
        if lane.last_line >= last_line:
            raise SomebodyElseIsAtIt
        arrivals = [row for row in batch if isinstance(row, Arrival)]
        refusals = [row for row in batch if isinstance(row, Refusal)]
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LANE_LOCKS, self._lane])
            lock(keys_of(arrivals), shared=self._shared)
            cursor.execute(statements.CREATE)
            if self._run.kind == Import.Kind.OBJECTIONS:
                self._copy_strangers(cursor, arrivals, refusals)
            else:
                self._take_in(cursor, arrivals, refusals)
            self._record_words(cursor)
            told = self._report(cursor)
            cursor.execute(statements.DROP)
            cursor.execute(
                "SELECT xmin::text FROM prospects_importrow WHERE (import_id, line) = (%s, %s)",
                [self._run.pk, last_line],
            )
            (lane.mark,) = cursor.fetchone()
        self._note(lane, told, last_line)
        return told

    # ---- People ----

    def _take_in(self, cursor: Any, arrivals: list[Arrival], refusals: list[Refusal]) -> None:
        keys = keys_of(arrivals)
        known, states = _known(cursor, keys, extra=self._has_extra)
        addresses = sum(len(arrival.addresses) for arrival in arrivals)
        crowd = Crowd(
            known,
            person_kind=self._declared.person,
            lapses=lapses(keys),
            keys_on_record=keys_on_record(keys),
            prospect_ids=_draw(cursor, "prospects_prospect", len(arrivals)),
            detail_ids=_draw(cursor, "prospects_contactdetail", addresses),
            source_ids=_draw(cursor, "prospects_source", addresses),
        )
        recognised = []
        for arrival in arrivals:
            somebody = crowd.recognise(arrival)
            if somebody is None:
                refusals.append(Refusal(arrival.line, Refused.ERASED.value, ()))
            else:
                recognised.append(somebody)
        self._copy_people(cursor, recognised, refusals)
        self._execute(cursor, statements.NEWCOMERS, statements.SOURCES, statements.DETAILS)
        if known:
            self._see_again(cursor, states)
        elif len(recognised) > sum(one.is_first for one in recognised):
            self._execute(cursor, statements.FURTHER)
        self._execute(cursor, *_DEALINGS.get(Import.Kind(self._run.kind), ()))

    def _see_again(self, cursor: Any, states: frozenset[str]) -> None:
        cursor.execute("ANALYZE import_row, import_address")
        if ContactDetail.State.QUARANTINED in states:
            self._execute(cursor, statements.RELEASING, statements.RELEASED_DETAILS, statements.RELEASED_SOURCES)
        if ContactDetail.State.UNCONFIRMED in states:
            self._execute(cursor, statements.CONFIRMED)
        self._execute(cursor, statements.FURTHER, statements.COMPLETED)

    def _copy_people(self, cursor: Any, recognised: list[Recognised], refusals: list[Refusal]) -> None:
        with cursor.copy(f"COPY import_row ({statements.ROW}) FROM STDIN") as copy:
            for one in recognised:
                copy.write_row(_row_of(one))
            _copy_refusals(copy, refusals)
        ids = key_ids()
        with cursor.copy("COPY import_address FROM STDIN") as copy:
            for one in recognised:
                somebody = one.somebody
                for placed in one.placed:
                    medium, address, keys = placed.address
                    copy.write_row(
                        (
                            one.arrival.line,
                            somebody.prospect_id,
                            somebody.is_newcomer,
                            medium,
                            address,
                            placed.key,
                            ids[keys.index(placed.key)],
                            medium == _EMAIL and is_generic(address, somebody.kind),
                            placed.detail_id,
                            placed.source_id,
                        )
                    )
        if self._run.kind in _DEALINGS:
            with cursor.copy("COPY import_dealing FROM STDIN") as copy:
                for one in recognised:
                    if (dealing := one.arrival.dealing) is not None:
                        copy.write_row((one.arrival.line, one.somebody.prospect_id, *dealing[1:]))
        spoken = [one for one in recognised if one.arrival.words]
        if spoken:
            _copy_words(
                cursor,
                self._run.pk,
                [
                    (one.arrival, [(placed.address.medium, placed.key, placed.address.keys) for placed in one.placed])
                    for one in spoken
                ],
            )

    def _copy_strangers(self, cursor: Any, arrivals: list[Arrival], refusals: list[Refusal]) -> None:
        """Objections are about addresses: nobody needs to be known, and nobody becomes known by them."""
        on_record = keys_on_record(keys_of(arrivals))
        with cursor.copy("COPY import_row (line, is_new, filled, reason, notes) FROM STDIN") as copy:
            for arrival in arrivals:
                copy.write_row((arrival.line, False, False, "", arrival.notes or None))
        with cursor.copy(f"COPY import_row ({statements.ROW}) FROM STDIN") as copy:
            _copy_refusals(copy, refusals)
        _copy_words(
            cursor,
            self._run.pk,
            [
                (
                    arrival,
                    [
                        (
                            address.medium,
                            next((key for key in reversed(address.keys) if key in on_record), address.keys[0]),
                            address.keys,
                        )
                        for address in arrival.addresses
                    ],
                )
                for arrival in arrivals
            ],
        )

    # ---- Words, report, progress ----

    def _record_words(self, cursor: Any) -> None:
        cursor.execute("SELECT EXISTS (SELECT FROM import_word)")
        if cursor.fetchone() == (False,):
            return
        for select in (statements.CONSENTS, statements.STOPS):
            acts = record_selected(select, self._params, origin=Act.Origin.IMPORT)
            cursor.executemany(
                "INSERT INTO import_gain (line, what, id) VALUES (%s, %s, %s)",
                [(act.evidence["line"], act.kind, act.id) for act in acts],
            )

    def _report(self, cursor: Any) -> Told:
        self._execute(cursor, statements.REPORT)
        outcomes: Counter[str] = Counter()
        reasons: Counter[str] = Counter()
        for outcome, reason, count in cursor.fetchall():
            outcomes[outcome] += count
            if reason:
                reasons[reason] += count
        return Told(outcomes, reasons)

    def _note(self, lane: ImportLane, told: Told, last_line: int) -> None:
        lane.last_line = last_line
        lane.counts = {
            "outcomes": dict(Counter(lane.counts.get("outcomes", {})) + told.outcomes),
            "reasons": dict(Counter(lane.counts.get("reasons", {})) + told.reasons),
        }
        lane.save(update_fields=["last_line", "counts", "mark"])

    def _execute(self, cursor: Any, *queries: str) -> None:
        for query in queries:
            cursor.execute(query, self._params)


def _known(
    cursor: Any, keys: list[UUID], *, extra: bool
) -> tuple[list[tuple[UUID, int, str, Somebody]], frozenset[str]]:
    cursor.execute(statements.KNOWN.format(extra="prospect.extra" if extra else "NULL"), [as_array(keys)])
    people: dict[int, Somebody] = {}
    known = []
    states = set()
    for key, detail_id, medium, state, prospect_id, *person, noted in cursor.fetchall():
        states.add(state)
        somebody = people.get(prospect_id)
        if somebody is None:
            somebody = people[prospect_id] = Somebody(prospect_id, *person)
            if noted:
                somebody.extra = json.loads(noted)
        known.append((key, detail_id, medium, somebody))
    return known, frozenset(states)


def _draw(cursor: Any, table: str, count: int) -> Iterator[int]:
    """Draw ids for new rows, as many as there may be, once the first is asked for: a known file needs none."""
    cursor.execute(statements.DRAW, [f"{table}_id_seq", count])
    for (number,) in cursor.fetchall():
        yield number


def _row_of(one: Recognised) -> tuple[Any, ...]:
    arrival, somebody = one.arrival, one.somebody
    # A newcomer is written once, with all that the batch tells of them.
    named = somebody if one.is_first else arrival
    changes = None
    if somebody.changes and not somebody.is_newcomer:
        changes, somebody.changes = json.dumps(somebody.changes, default=str), {}
    new_details = [str(placed.detail_id) for placed in one.placed if placed.source_id is not None]
    return (
        arrival.line,
        somebody.prospect_id,
        one.is_first,
        one.filled,
        "",
        arrival.notes or None,
        None,
        f"{{{','.join(new_details)}}}" if new_details else None,
        named.first_name,
        named.last_name,
        named.company,
        named.activity_id,
        arrival.language,
        named.born_on,
        arrival.collected_at,
        arrival.place,
        arrival.partner,
        arrival.evidence,
        changes,
        json.dumps(named.extra) if one.is_first and named.extra else None,
    )


def _copy_refusals(copy: Any, refusals: list[Refusal]) -> None:
    for refusal in refusals:
        copy.write_row((refusal.line, None, False, False, refusal.reason, None, list(refusal.cells)) + (None,) * 13)


def _copy_words(
    cursor: Any, run_id: int, spoken: list[tuple[Arrival, list[tuple[str, UUID, tuple[UUID, ...]]]]]
) -> None:
    """Each word is about the addresses of its channel; one about all channels, about every address of the row."""
    ids = key_ids()
    with cursor.copy("COPY import_word FROM STDIN") as copy:
        for arrival, addresses in spoken:
            for word in arrival.words:
                medium = MEDIUM_OF[Channel(word.channel)] if word.channel else None
                for address_medium, key, keys in addresses:
                    if medium is None or medium == address_medium:
                        evidence = json.dumps({"import": run_id, "line": arrival.line, **word.evidence})
                        copy.write_row(
                            (
                                arrival.line,
                                key,
                                ids[keys.index(key)],
                                word.kind,
                                word.channel,
                                word.purpose_id,
                                word.at,
                                word.needs_confirmation,
                                evidence,
                            )
                        )
