"""How many may receive a campaign and how many may not, on what ground and for what reason. Nobody is named."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.conf import settings

from campaigns.disclosure import EXACT, Discretion
from campaigns.words import outcome_words
from consent import law
from consent.law.days import paris_day
from consent.law.decision import Answer, Tree, decision
from consent.law.words import Column
from prospects.reach import Reach


@dataclass(frozen=True)
class Line:
    """One ground or reason, with how many it concerns and the texts that say so."""

    words: str
    count: int
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Audience:
    """Contacts counted at one moment: allowed by ground, refused by reason."""

    at: datetime
    allowed: Mapping[str, int] = field(default_factory=dict)
    refused: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of_reach(cls, reach: Reach, *, at: datetime) -> "Audience":
        return cls(
            at,
            {str(ground): count for ground, count in reach.allowed.items()},
            {str(reason): count for reason, count in reach.refused.items()},
        )

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Audience | None":
        """Read what a campaign kept of its launch; None where it was not launched."""
        if not kept:
            return None
        return cls(datetime.fromisoformat(kept["at"]), kept["allowed"], kept["refused"])

    def as_json(self) -> dict[str, Any]:
        return {"at": self.at.isoformat(), "allowed": dict(self.allowed), "refused": dict(self.refused)}

    @property
    def allowed_total(self) -> int:
        return sum(self.allowed.values())

    @property
    def refused_total(self) -> int:
        return sum(self.refused.values())

    @property
    def total(self) -> int:
        return self.allowed_total + self.refused_total


def lines(
    counts: Mapping[str, int],
    sources: Mapping[str, tuple[str, ...]] | None = None,
    discretion: Discretion = EXACT,
) -> list[Line]:
    """Put counts into words, the largest first; what the words do not tell apart is one line.

    A line of few people is left out of a narrowed audience: that it is there would tell as much as its number.
    """
    found: dict[str, Line] = {}
    for outcome, count in counts.items():
        words = outcome_words(outcome)
        line = found.get(words) or Line(words, 0, (sources or {}).get(outcome, ()))
        found[words] = replace(line, count=line.count + count)
    told = [replace(line, count=discretion.rounded(line.count)) for line in found.values()]
    return sorted((line for line in told if line.count), key=lambda line: -line.count)


def legal_sources(message: law.Message, *, at: datetime) -> dict[str, tuple[str, ...]]:
    """The texts behind every ground and reason that this message may meet that day: those on individuals, if any."""
    tree = decision(message, paris_day(at), law.Rulebook(settings.PROSPECTING_RULEBOOK))
    answers = sorted(_leaves(tree), key=lambda answer: getattr(answer.rule, "column", None) == Column.INDIVIDUAL)
    return {str(answer.outcome): answer.sources for answer in answers}


def _leaves(tree: Tree) -> Iterator[Answer]:
    if isinstance(tree, Answer):
        yield tree
        return
    for _condition, branch in tree.branches:
        yield from _leaves(branch)
    yield from _leaves(tree.otherwise)
