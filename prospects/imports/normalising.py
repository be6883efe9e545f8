"""A row of text becomes somebody who arrives: addresses in their one form, days as moments, words as known words."""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.core.exceptions import ValidationError

from consent.address_keys import KeyMaker
from consent.addresses import normalise
from consent.how_given import is_first_hand
from consent.models import Act
from consent.vocabulary import MEDIUM_OF, Channel, Medium
from prospects.imports.arrivals import Address, Arrival, Dealing, Refusal, Word
from prospects.imports.columns import Field
from prospects.imports.days import day, moment
from prospects.imports.declaration import ConsentColumns, Declaration
from prospects.imports.extra_columns import ExtraCells
from prospects.imports.reading import Row
from prospects.imports.reasons import Noted, Refused, about
from prospects.imports.vocabulary import Vocabulary
from prospects.models import Import, Source

_LONGEST_NAME, _LONGEST_COMPANY = 150, 200
_UNQUOTED = ("'=", "'+", "'-", "'@")  # what an export puts before a cell that would run as a formula


class _Refuse(Exception):
    def __init__(self, reason: Refused) -> None:
        self.reason = reason.value


class Normaliser:
    """Reads the rows of one import. `at` is the import's own moment: nothing of a row may be dated after it."""

    def __init__(self, run: Import, *, at: datetime, vocabulary: Vocabulary) -> None:
        self._kind = run.kind
        self._declared = Declaration.from_json(run.declaration)
        self._columns: dict[str, int] = run.columns
        self._at = at
        self._vocabulary = vocabulary
        self._keys_of = KeyMaker().keys_of
        self._collected_at = self._moment(self._declared.collected_on) if self._declared.collected_on else None
        self._names = [
            (name, run.columns[name]) for name in ("first_name", "last_name", "company") if name in run.columns
        ]
        self._media = [media for media in _MEDIA if media[0] in run.columns]
        self._extras = ExtraCells(run.columns, month_first=self._declared.month_first)
        self._plain = not (set(run.columns) - _PLAIN_FIELDS) and not self._declared.consents

    def read(self, row: Row, width: int) -> Arrival | Refusal:
        """Return whom the row brings, or why it brings nobody. `width` is how many columns the file has."""
        cells = row.cells
        if row.problem:
            return Refusal(row.line, row.problem, [])
        if len(cells) != width:
            if len(cells) > width and any(map(str.strip, cells[width:])):
                return Refusal(row.line, Refused.TOO_MANY_CELLS.value, _printable(cells))
            cells = cells[:width] + [""] * (width - len(cells))
        try:
            return self._arrival(row.line, cells)
        except _Refuse as refused:
            return Refusal(row.line, refused.reason, _printable(row.cells))

    def _arrival(self, line: int, cells: list[str]) -> Arrival:
        if "\x00" in "".join(cells):
            raise _Refuse(Refused.UNREADABLE)
        arrival = Arrival(line, [])
        self._read_addresses(arrival, cells)
        self._read_names(arrival, cells)
        if self._kind == Import.Kind.OBJECTIONS:
            self._read_objection(arrival, cells, asked=True)
            return arrival
        arrival.collected_at = self._collected_at or self._day_of(cells, "collected_on")
        if arrival.collected_at is None and self._declared.source != Source.Kind.UNKNOWN:
            raise _Refuse(Refused.NO_DAY)
        if arrival.collected_at is not None and arrival.collected_at > self._at:
            raise _Refuse(Refused.FUTURE)
        if self._plain:
            arrival.place, arrival.partner = self._declared.place, self._declared.partner
        else:
            self._read_person(arrival, cells)
            self._read_provenance(arrival, cells)
            self._read_dealing(arrival, cells)
            self._read_objection(arrival, cells, asked=False)
            for consent in self._declared.consents:
                self._read_consent(arrival, cells, consent)
        return arrival

    # ---- Addresses ----

    def _read_addresses(self, arrival: Arrival, cells: list[str]) -> None:
        found = arrival.addresses
        typed_any = False
        for column, medium, bad in self._media:
            typed = self._cell(cells, column) if column != "street" else self._postal_lines(cells)
            if not typed:
                continue
            typed_any = True
            try:
                address = normalise(medium, typed)
            except ValidationError:
                arrival.notes.append(bad)
                continue
            if all(address != other.address or medium != other.medium for other in found):
                found.append(Address(medium, address, self._keys_of(medium, address)))
        if not found:
            raise _Refuse(Refused.BAD_ADDRESS if typed_any else Refused.NO_ADDRESS)

    def _postal_lines(self, cells: list[str]) -> str:
        """Put the lines of a postal address together; a French postcode regains the zero that spreadsheets drop."""
        street, more, city, country = (
            self._cell(cells, column) for column in (Field.STREET, Field.STREET_MORE, Field.CITY, Field.COUNTRY)
        )
        postcode = self._cell(cells, Field.POSTCODE).replace(" ", "")
        if not street or not city:
            return street or city
        if country.casefold() in ("", "france", "fr") and postcode.isdecimal():
            postcode = postcode.zfill(5)
        lines = [street, more, f"{postcode} {city}".strip(), "" if country.casefold() in ("france", "fr") else country]
        return "\n".join(filter(None, lines))

    # ---- The person ----

    def _read_names(self, arrival: Arrival, cells: list[str]) -> None:
        for name, place in self._names:
            text = " ".join(cells[place].split())
            if len(text) > (_LONGEST_COMPANY if name == "company" else _LONGEST_NAME):
                raise _Refuse(Refused.TOO_LONG)
            setattr(arrival, name, text)

    def _read_person(self, arrival: Arrival, cells: list[str]) -> None:
        if language := self._cell(cells, Field.LANGUAGE):
            arrival.language = self._vocabulary.language(language)
        if activity := self._cell(cells, Field.ACTIVITY):
            arrival.activity_id = self._vocabulary.activity(activity)
            if arrival.activity_id is None:
                arrival.notes.append(Noted.UNKNOWN_ACTIVITY.value)
        if born_on := self._cell(cells, Field.BORN_ON):
            try:
                arrival.born_on = day(born_on, month_first=self._declared.month_first)
            except ValueError:
                arrival.notes.append(Noted.BAD_BIRTH_DATE.value)
        arrival.extra, amiss = self._extras.read(cells)
        arrival.notes += (about(Noted.BAD_EXTRA, slug) for slug in amiss)

    def _read_provenance(self, arrival: Arrival, cells: list[str]) -> None:
        arrival.place = self._cell(cells, Field.PLACE)[:500] or self._declared.place
        arrival.partner = self._cell(cells, Field.PARTNER)[:200] or self._declared.partner
        arrival.evidence = self._cell(cells, Field.EVIDENCE)
        if self._declared.source == Source.Kind.PARTNER:
            if not arrival.partner:
                raise _Refuse(Refused.NO_PARTNER)
            if not arrival.evidence:
                raise _Refuse(Refused.NO_PROOF)

    # ---- What happened ----

    def _read_dealing(self, arrival: Arrival, cells: list[str]) -> None:
        reader = self._DEALINGS.get(self._kind)
        if reader is not None:
            arrival.dealing = reader(self, cells)
            if arrival.dealing.at > self._at and self._kind != Import.Kind.CONTRACTS:
                raise _Refuse(Refused.FUTURE)

    def _purchase(self, cells: list[str]) -> Dealing:
        reference = self._cell(cells, Field.REFERENCE)[:100]
        return Dealing("purchase", self._family(cells), self._demanded(cells, Field.PURCHASED_ON), reference=reference)

    def _contract(self, cells: list[str]) -> Dealing:
        starts_at, ends_at = self._demanded(cells, Field.STARTS_ON), self._day_of(cells, Field.ENDS_ON)
        if ends_at is not None and ends_at < starts_at:
            raise _Refuse(Refused.ENDS_EARLY)
        until = day(self._cell(cells, Field.ENDS_ON), month_first=self._declared.month_first) if ends_at else None
        return Dealing("contract", self._family(cells), starts_at, until)

    def _interaction(self, cells: list[str]) -> Dealing:
        kind = self._vocabulary.interaction(self._cell(cells, Field.INTERACTION))
        if kind is None:
            raise _Refuse(Refused.NO_INTERACTION)
        return Dealing("interaction", kind, self._demanded(cells, Field.INTERACTED_ON))

    _DEALINGS: Mapping[str, Callable[["Normaliser", list[str]], Dealing]] = {
        Import.Kind.PURCHASES: _purchase,
        Import.Kind.CONTRACTS: _contract,
        Import.Kind.INTERACTIONS: _interaction,
    }

    def _family(self, cells: list[str]) -> str:
        family = self._vocabulary.family(self._cell(cells, Field.FAMILY))
        if family is None:
            raise _Refuse(Refused.NO_FAMILY)
        return family

    # ---- What was said ----

    def _read_objection(self, arrival: Arrival, cells: list[str], *, asked: bool) -> None:
        at = self._day_of(cells, Field.OBJECTED_ON)
        if at is None and not asked:
            return
        if at is not None and at > self._at:
            raise _Refuse(Refused.FUTURE)
        typed = self._cell(cells, Field.OBJECTION_CHANNEL)
        channel = self._vocabulary.channel(typed) if typed else None
        known_media = {address.medium for address in arrival.addresses}
        if typed and (channel is None or MEDIUM_OF[Channel(channel)] not in known_media):
            raise _Refuse(Refused.NO_CHANNEL)
        arrival.words.append(
            Word(Act.Kind.OBJECTED.value, channel, None, at or self._at, False, {"dated": at is not None})
        )

    def _read_consent(self, arrival: Arrival, cells: list[str], columns: ConsentColumns) -> None:
        """Take a consent with its own proof in the row: a day, how it was given, and the wording or the notice."""
        on, how, wording = (
            cells[place].strip() if place is not None else "" for place in (columns.on, columns.how, columns.wording)
        )
        if not on:
            return
        try:
            at = self._moment(on)
        except ValueError:
            at = None
        proven = at is not None and at <= self._at and how and (wording or self._declared.notice_id)
        if at is None or not proven or self._declared.source == Source.Kind.UNKNOWN:
            arrival.notes.append(Noted.NO_CONSENT_PROOF.value)
            return
        evidence = {"how": how, "wording": wording} if wording else {"how": how}
        needs_confirmation = not is_first_hand(how)
        arrival.words.append(
            Word(Act.Kind.GIVEN.value, columns.channel, columns.purpose_id, at, needs_confirmation, evidence)
        )

    # ---- Cells ----

    def _cell(self, cells: list[str], column: str) -> str:
        place = self._columns.get(column)
        if place is None:
            return ""
        text: str = cells[place].strip()
        return text[1:] if text.startswith(_UNQUOTED) else text

    def _demanded(self, cells: list[str], column: str) -> datetime:
        at = self._day_of(cells, column)
        if at is None:
            raise _Refuse(Refused.BAD_DAY)
        return at

    def _day_of(self, cells: list[str], column: str) -> datetime | None:
        text = self._cell(cells, column)
        if not text:
            return None
        try:
            return self._moment(text)
        except ValueError:
            raise _Refuse(Refused.BAD_DAY) from None

    def _moment(self, text: str) -> datetime:
        return moment(text, month_first=self._declared.month_first)


def _printable(cells: list[str]) -> list[str]:
    """Cells that the database can keep."""
    return [cell.replace("\x00", "") for cell in cells]


# Plain words: they are looked up for every row. Column, medium, and the note of one that is invalid.
_MEDIA: list[tuple[str, str, str]] = [
    (column.value, medium.value, bad.value)
    for column, medium, bad in (
        (Field.EMAIL, Medium.EMAIL, Noted.BAD_EMAIL),
        (Field.PHONE, Medium.PHONE, Noted.BAD_PHONE),
        (Field.MOBILE, Medium.PHONE, Noted.BAD_MOBILE),
        (Field.FAX, Medium.FAX, Noted.BAD_FAX),
        (Field.POST, Medium.POST, Noted.BAD_POST),
        (Field.STREET, Medium.POST, Noted.BAD_POST),
    )
]
# A file with no other field is read without looking for the rest.
_PLAIN_FIELDS = frozenset(
    {*(column for column, _medium, _bad in _MEDIA), "street_more", "postcode", "city", "country"}
    | {"first_name", "last_name", "company", "collected_on"}
)
