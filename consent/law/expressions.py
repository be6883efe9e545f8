"""Conditions on the row of one contact, each with two faces: judged in Python, or written as SQL.

Both faces have two values only. A comparison with something unknown does not hold, and `Not` turns exactly what holds
into what does not.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from consent.law.row import AT, Row


@dataclass
class Writer:
    """Collects the parameters of one SQL expression while it is written from left to right."""

    columns: Mapping[str, str]
    at: datetime
    parameters: list[Any] = field(default_factory=list)

    def column(self, name: str) -> str:
        """Return the caller's SQL for that column; the moment asked is a parameter."""
        return self.bind(self.at, "timestamptz") if name == AT else self.columns[name]

    def bind(self, value: object, kind: str) -> str:
        """Bind a value as the next parameter."""
        self.parameters.append(value)
        return f"%s::{kind}"


class Expression(ABC):
    """A condition on one row."""

    @abstractmethod
    def holds(self, row: Row) -> bool:
        """Judge one row."""

    @abstractmethod
    def write(self, writer: Writer) -> str:
        """Write the same condition as SQL; it may be NULL where it does not hold."""

    @abstractmethod
    def reads(self) -> Iterator[str]:
        """Name the columns it looks at."""


@dataclass(frozen=True, slots=True)
class _OnOneColumn(Expression):
    column: str

    def reads(self) -> Iterator[str]:
        yield self.column


class IsTrue(_OnOneColumn):
    """The column is known and true."""

    __slots__ = ()

    def holds(self, row: Row) -> bool:
        return getattr(row, self.column) is True

    def write(self, writer: Writer) -> str:
        return f"{writer.column(self.column)} IS TRUE"


class IsFalse(_OnOneColumn):
    """The column is known and false."""

    __slots__ = ()

    def holds(self, row: Row) -> bool:
        return getattr(row, self.column) is False

    def write(self, writer: Writer) -> str:
        return f"{writer.column(self.column)} IS FALSE"


class Known(_OnOneColumn):
    """The column is known."""

    __slots__ = ()

    def holds(self, row: Row) -> bool:
        return getattr(row, self.column) is not None

    def write(self, writer: Writer) -> str:
        return f"{writer.column(self.column)} IS NOT NULL"


class Missing(_OnOneColumn):
    """The column is unknown."""

    __slots__ = ()

    def holds(self, row: Row) -> bool:
        return getattr(row, self.column) is None

    def write(self, writer: Writer) -> str:
        return f"{writer.column(self.column)} IS NULL"


@dataclass(frozen=True, slots=True)
class Among(_OnOneColumn):
    """The column is one of some words."""

    words: frozenset[str]

    def holds(self, row: Row) -> bool:
        return getattr(row, self.column) in self.words

    def write(self, writer: Writer) -> str:
        column = writer.column(self.column)
        if len(self.words) == 1:
            return f"{column} = {writer.bind(str(*self.words), 'text')}"
        return f"{column} = ANY({writer.bind(sorted(map(str, self.words)), 'text[]')})"


@dataclass(frozen=True, slots=True)
class AtLeast(_OnOneColumn):
    """The column is that day, moment or number, or later."""

    bound: date | datetime | int

    def holds(self, row: Row) -> bool:
        value = getattr(row, self.column)
        return value is not None and bool(value >= self.bound)

    def write(self, writer: Writer) -> str:
        return f"{writer.column(self.column)} >= {writer.bind(self.bound, _sql_type(self.bound))}"


@dataclass(frozen=True, slots=True)
class Below(_OnOneColumn):
    """The column is before that day or moment, or under that number."""

    bound: date | datetime | int

    def holds(self, row: Row) -> bool:
        value = getattr(row, self.column)
        return value is not None and bool(value < self.bound)

    def write(self, writer: Writer) -> str:
        return f"{writer.column(self.column)} < {writer.bind(self.bound, _sql_type(self.bound))}"


def _sql_type(value: date | datetime | int) -> str:
    if isinstance(value, datetime):
        return "timestamptz"
    return "date" if isinstance(value, date) else "integer"


@dataclass(frozen=True, slots=True)
class _OnTwoColumns(Expression):
    column: str
    other: str

    def reads(self) -> Iterator[str]:
        yield self.column
        yield self.other


class After(_OnTwoColumns):
    """The first column is strictly after the second."""

    __slots__ = ()

    def holds(self, row: Row) -> bool:
        value, other = getattr(row, self.column), getattr(row, self.other)
        return value is not None and other is not None and bool(value > other)

    def write(self, writer: Writer) -> str:
        return f"{writer.column(self.column)} > {writer.column(self.other)}"


class NotBefore(_OnTwoColumns):
    """The first column is at the same moment as the second, or after it."""

    __slots__ = ()

    def holds(self, row: Row) -> bool:
        value, other = getattr(row, self.column), getattr(row, self.other)
        return value is not None and other is not None and bool(value >= other)

    def write(self, writer: Writer) -> str:
        return f"{writer.column(self.column)} >= {writer.column(self.other)}"


@dataclass(frozen=True, slots=True)
class Not(Expression):
    """What the other condition does not hold for."""

    condition: Expression

    def holds(self, row: Row) -> bool:
        return not self.condition.holds(row)

    def write(self, writer: Writer) -> str:
        return f"({self.condition.write(writer)}) IS NOT TRUE"

    def reads(self) -> Iterator[str]:
        yield from self.condition.reads()


@dataclass(frozen=True, slots=True)
class All(Expression):
    """Every condition holds; none at all always holds."""

    conditions: tuple[Expression, ...]

    def holds(self, row: Row) -> bool:
        return all(condition.holds(row) for condition in self.conditions)

    def write(self, writer: Writer) -> str:
        return _joined(" AND ", self.conditions, writer) or "true"

    def reads(self) -> Iterator[str]:
        for condition in self.conditions:
            yield from condition.reads()


@dataclass(frozen=True, slots=True)
class Either(Expression):
    """At least one condition holds; of none, none does."""

    conditions: tuple[Expression, ...]

    def holds(self, row: Row) -> bool:
        return any(condition.holds(row) for condition in self.conditions)

    def write(self, writer: Writer) -> str:
        return _joined(" OR ", self.conditions, writer) or "false"

    def reads(self) -> Iterator[str]:
        for condition in self.conditions:
            yield from condition.reads()


def _joined(word: str, conditions: tuple[Expression, ...], writer: Writer) -> str:
    return word.join(f"({condition.write(writer)})" for condition in conditions)


ALWAYS = All(())
NEVER = Either(())


def every(*conditions: Expression) -> Expression:
    """Return the condition that all of these hold, as short as it can be said."""
    if NEVER in conditions:
        return NEVER
    kept = tuple(condition for condition in conditions if condition != ALWAYS)
    return kept[0] if len(kept) == 1 else All(kept)


def either(*conditions: Expression) -> Expression:
    """Return the condition that one of these holds, as short as it can be said."""
    if ALWAYS in conditions:
        return ALWAYS
    kept = tuple(condition for condition in conditions if condition != NEVER)
    return kept[0] if len(kept) == 1 else Either(kept)
