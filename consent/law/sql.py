"""The SQL face: judges a whole audience in one statement, over columns that the caller names."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from consent.law.days import paris_day
from consent.law.decision import decision
from consent.law.expressions import Writer
from consent.law.facts import Message
from consent.law.words import Rulebook


def verdict_sql(
    columns: Mapping[str, str],
    message: Message,
    *,
    at: datetime,
    rulebook: Rulebook = Rulebook.LAW,
    with_timing: bool = True,
) -> tuple[str, list[Any]]:
    """Return an SQL expression, and its parameters, whose value is the code of the verdict: see `words.decode`.

    `columns` names, for each column of `consent.law.row.Row` that `columns_read` lists, the caller's SQL for it:
    trusted text, in which a per cent sign is doubled. Whatever is a value is a parameter.
    """
    tree = decision(message, paris_day(at), rulebook, with_timing=with_timing)
    writer = Writer(columns=columns, at=at)
    expression = f"({tree.write(writer)})::smallint"
    return expression, writer.parameters


def columns_read(
    message: Message, *, at: datetime, rulebook: Rulebook = Rulebook.LAW, with_timing: bool = True
) -> frozenset[str]:
    """Return the columns of the row that this question looks at: the caller need not compute the others."""
    tree = decision(message, paris_day(at), rulebook, with_timing=with_timing)
    return frozenset(tree.reads()) - {"at"}
