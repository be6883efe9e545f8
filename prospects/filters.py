"""Whom a campaign is for, among all whom the law allows: a filter, and the one place that turns it into SQL.

It only ever narrows. Values of one kind are alternatives, the kinds all count. What somebody did after the moment asked
does not exist yet.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any

from psycopg.sql import SQL, Composable, Composed, Literal

from consent.law.days import start_of_day

_POSTCODE, _OVERSEAS_PREFIX, _DEPARTMENT = 5, 3, 2
# Corsica's departments share one number in postcodes.
_CORSICA = {"2A": ("200", "201"), "2B": ("202", "203", "204", "205", "206")}

_BOUGHT = """EXISTS (
    SELECT FROM prospects_purchase AS bought, unnest({families}::text[]) AS wanted
    WHERE bought.prospect_id = detail.prospect_id AND bought.at <= {at}
        AND (bought.family = wanted OR starts_with(bought.family, wanted || '/')))"""
_LIVES = """EXISTS (
    SELECT FROM prospects_contactdetail AS home
    WHERE home.prospect_id = detail.prospect_id AND home.postcode LIKE ANY({prefixes}::text[]))"""
_DID = """EXISTS (
    SELECT FROM prospects_interaction AS sign
    WHERE sign.prospect_id = detail.prospect_id AND sign.at <= {at} AND sign.at >= {since} AND sign.at < {before})"""


@dataclass(frozen=True, slots=True)
class Filter:
    """Conditions on people and their details; what is empty asks nothing."""

    families: tuple[str, ...] = ()
    activities: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()  # of extra fields, each `short_name:value`; yes and no are `true` and `false`
    collected_from: date | None = None
    collected_until: date | None = None
    active_from: date | None = None
    active_until: date | None = None

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Filter":
        """Read what was kept. What is not understood is refused: overlooked, it would widen the audience."""
        known = {field.name for field in fields(cls)}
        if unknown := kept.keys() - known:
            raise ValueError(f"no such filter: {', '.join(sorted(unknown))}")
        return cls(**{name: _read(value) for name, value in kept.items()})

    def as_json(self) -> dict[str, Any]:
        """Return what to keep: only what asks something, always in one form."""
        return {
            name: value.isoformat() if isinstance(value, date) else sorted(value)
            for name in (field.name for field in fields(self))
            if (value := getattr(self, name))
        }

    def __bool__(self) -> bool:
        return bool(self.as_json())

    def condition(self, at: datetime) -> Composed | None:
        """Return the SQL condition on `detail`, `source` and `prospect`, as `verdicts_sql` joins them; None for all."""
        conditions = list(self._conditions(at))
        return SQL("({})").format(SQL(" AND ").join(conditions)) if conditions else None

    def _conditions(self, at: datetime) -> Iterator[Composable]:
        moment = Literal(at)
        if self.families:
            yield SQL(_BOUGHT).format(families=Literal(list(self.families)), at=moment)
        if self.activities:
            yield SQL(
                "prospect.activity_id IN (SELECT id FROM prospects_activity WHERE slug = ANY({}::text[]))"
            ).format(Literal(list(self.activities)))
        if self.kinds:
            yield SQL("prospect.kind = ANY({}::text[])").format(Literal(list(self.kinds)))
        if self.languages:
            yield SQL("prospect.language = ANY({}::text[])").format(Literal(list(self.languages)))
        if self.places:
            prefixes = [f"{prefix}%" for place in self.places for prefix in postcode_prefixes(place)]
            yield SQL(_LIVES).format(prefixes=Literal(prefixes))
        if self.sources:
            yield SQL("source.kind = ANY({}::text[])").format(Literal(list(self.sources)))
        if self.forms:
            yield SQL("source.kind = 'form' AND source.evidence ->> 'form' = ANY({}::text[])").format(
                Literal(list(self.forms))
            )
        yield from self._extra_fields()
        if self.collected_from:
            yield SQL("source.collected_at >= {}").format(_start(self.collected_from))
        if self.collected_until:
            yield SQL("source.collected_at < {}").format(_end(self.collected_until))
        yield from self._last_interaction(moment)

    def _extra_fields(self) -> Iterator[Composable]:
        """Values of one field are alternatives, the fields all count; of whom nothing is noted, nothing fits."""
        wanted: dict[str, list[str]] = {}
        for pair in self.extras:
            slug, _colon, value = pair.partition(":")
            wanted.setdefault(slug, []).append(value)
        for slug, values in wanted.items():
            yield SQL("prospect.extra ->> {} = ANY({}::text[])").format(Literal(slug), Literal(values))

    def _last_interaction(self, moment: Composable) -> Iterator[Composable]:
        """The latest one lies between two days: one does, and none comes later. Who did nothing has no latest one."""
        if not (self.active_from or self.active_until):
            return
        always, never = SQL("'-infinity'::timestamptz"), SQL("'infinity'::timestamptz")
        since = _start(self.active_from) if self.active_from else always
        before = _end(self.active_until) if self.active_until else never
        yield SQL(_DID).format(at=moment, since=since, before=before)
        if self.active_until:
            yield SQL("NOT {}").format(SQL(_DID).format(at=moment, since=before, before=never))


def postcode_prefixes(place: str) -> tuple[str, ...]:
    """Return how the postcodes of a place begin: of a whole postcode, or of a department's number.

    Departments are two digits, three overseas (971, 988), 2A and 2B in Corsica. Raises ValueError for anything else.
    """
    if place in _CORSICA:
        return _CORSICA[place]
    is_overseas = place.startswith(("97", "98"))
    lengths = {_POSTCODE, _OVERSEAS_PREFIX if is_overseas else _DEPARTMENT}
    if not (place.isascii() and place.isdigit() and len(place) in lengths) or place.startswith("00"):
        raise ValueError(f"no such department or postcode: {place}")
    return (place,)


def _start(day: date) -> Literal:
    return Literal(start_of_day(day))


def _end(day: date) -> Literal:
    return Literal(start_of_day(day + timedelta(days=1)))


def _read(value: Any) -> Any:
    return date.fromisoformat(value) if isinstance(value, str) else tuple(value)
