"""An audience as a page shows it: reachable by ground, not reachable by reason, why, and what would change it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.functional import Promise

from campaigns.audience import Audience, legal_sources
from campaigns.disclosure import Discretion
from campaigns.remedies import Meaning, meaning_of
from campaigns.words import outcome_words
from consent import law
from consent.models import SignupForm


@dataclass(frozen=True, slots=True)
class Part:
    """Those of one ground or reason: how many, what it is called, the texts, and what would change it."""

    number: str
    words: str
    sources: tuple[str, ...]
    why: str | Promise
    change: str | Promise
    forms: Sequence[SignupForm]
    asks_for_a_form: bool


@dataclass(frozen=True, slots=True)
class Split:
    """The whole audience in words and numbers that may be shown."""

    at: datetime
    is_narrowed: bool
    smallest: int
    allowed_total: str
    refused_total: str
    allowed_number: int
    refused_number: int
    percent: int
    allowed_at_most: int
    has_anybody: bool
    allowed: Sequence[Part]
    refused: Sequence[Part]
    may_be_sampled: bool


def split(audience: Audience, message: law.Message, *, is_narrowed: bool, is_past: bool = False) -> Split:
    """Put an audience into words. Of a launch that is past nothing can be changed any more."""
    discretion = Discretion(is_narrowed)
    sources = legal_sources(message, at=audience.at)
    forms = [] if is_past else list(_forms_that_ask(message))
    allowed = discretion.rounded(audience.allowed_total)
    refused = discretion.rounded(audience.refused_total)
    total = allowed + refused
    return Split(
        at=audience.at,
        is_narrowed=is_narrowed,
        smallest=discretion.smallest,
        allowed_total=discretion.say(audience.allowed_total),
        refused_total=discretion.say(audience.refused_total),
        allowed_number=allowed,
        refused_number=refused,
        percent=100 * allowed // total if total else 0,
        allowed_at_most=allowed + discretion.smallest - 1,
        has_anybody=bool(audience.total),
        allowed=_parts(audience.allowed, sources, forms, discretion, is_past=is_past),
        refused=_parts(audience.refused, sources, forms, discretion, is_past=is_past),
        may_be_sampled=not is_past and not discretion.hides(audience.allowed_total),
    )


def _parts(
    counts: Mapping[str, int],
    sources: Mapping[str, tuple[str, ...]],
    forms: Sequence[SignupForm],
    discretion: Discretion,
    *,
    is_past: bool,
) -> list[Part]:
    """The largest first; what the words do not tell apart is one part."""
    together: dict[str, dict[str, int]] = defaultdict(dict)
    for outcome, count in counts.items():
        together[outcome_words(outcome)][outcome] = count
    found = []
    for words, outcomes in sorted(together.items(), key=lambda item: -sum(item[1].values())):
        if discretion.hides(sum(outcomes.values())):
            continue  # that it is there would tell as much as its number
        first = next(iter(outcomes))
        meaning = meaning_of(first) or Meaning("", "")
        found.append(
            Part(
                number=discretion.say(sum(outcomes.values())),
                words=words,
                sources=sources.get(first, ()),
                why=meaning.why,
                change="" if is_past else meaning.change,
                forms=forms if meaning.consent_helps else (),
                asks_for_a_form=meaning.consent_helps and not is_past,
            )
        )
    return found


def _forms_that_ask(message: law.Message) -> QuerySet[SignupForm]:
    """The open forms on which people may agree to this purpose on this channel."""
    asking = SignupForm.objects.open_to_the_public().filter(
        notice__boxes__purpose__slug=message.purpose,
        notice__boxes__channel=str(message.channel),
        notice__boxes__kind="opt_in",
    )
    return asking.distinct()
