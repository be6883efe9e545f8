"""The law's answer for one contact and one message."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from consent.law.days import paris_day
from consent.law.decision import Answer, decision
from consent.law.facts import Facts, Message
from consent.law.hours import HOURS, is_holiday_there, next_opening
from consent.law.reduction import rows
from consent.law.requirements import CALLS
from consent.law.row import Row
from consent.law.texts import sentence
from consent.law.words import Ground, Outcome, Reason, Rulebook, Text


@dataclass(frozen=True, slots=True)
class Verdict:
    """Allowed on a ground or refused for a reason: the outcome, the row of the rulebook that says so, and its texts."""

    outcome: Outcome
    rule: str
    sources: tuple[str, ...]
    text: Text
    next_allowed_at: datetime | None = None

    @property
    def allowed(self) -> bool:
        return isinstance(self.outcome, Ground)

    @property
    def ground(self) -> Ground | None:
        return self.outcome if isinstance(self.outcome, Ground) else None

    @property
    def reason(self) -> Reason | None:
        return self.outcome if isinstance(self.outcome, Reason) else None


def may_contact(
    facts: Facts, message: Message, *, at: datetime, rulebook: Rulebook = Rulebook.LAW, with_timing: bool = True
) -> Verdict:
    """Say whether the law allows this message to this contact at that moment, on what ground or for what reason.

    Without timing, it says whether and not when: refusals for the hour or the number of calls are left out.
    """
    if at.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    answer, row = _judge(rows(facts, message, at), message, rulebook, with_timing=with_timing)
    outside_hours = answer.outcome is Reason.OUTSIDE_HOURS
    return Verdict(
        outcome=answer.outcome,
        rule=answer.rule.id,
        sources=answer.sources,
        text=sentence(answer.outcome, row, answer.sources),
        next_allowed_at=_next_allowed(facts, message, at, rulebook) if outside_hours else None,
    )


# Of several consents the one that serves best is judged: a ground in the order of grounds, then a refusal for the
# moment only, then a refusal in the order of precedence.
_TIMING = (Reason.OUTSIDE_HOURS, Reason.TOO_MANY_CALLS)
_ORDER: tuple[Outcome, ...] = (*Ground, *_TIMING, *(reason for reason in Reason if reason not in _TIMING))
_PREFERENCE = {outcome: place for place, outcome in enumerate(_ORDER)}


def _judge(candidates: Iterable[Row], message: Message, rulebook: Rulebook, *, with_timing: bool) -> tuple[Answer, Row]:
    """Return the best answer among the rows of one contact, and the row that earned it."""
    judged = (
        (decision(message, paris_day(row.at), rulebook, with_timing=with_timing).walk(row), row) for row in candidates
    )
    return min(judged, key=lambda pair: _PREFERENCE[pair[0].outcome])


def _next_allowed(facts: Facts, message: Message, at: datetime, rulebook: Rulebook) -> datetime | None:
    """Return the next moment at which, as far as is known now, the contact is allowed, or None where there is none.

    It is the next opening of the channel's hours, or the start of an agreed slot that comes sooner. A consent may have
    expired by then, or a contract ended: then there is no such moment.
    """
    time_zone = facts.recipient.time_zone
    moments = [next_opening(HOURS[message.channel], at, time_zone)]
    if message.channel in CALLS:
        moments += [
            slot.start
            for slot in facts.agreed_slots
            if at < slot.start < slot.end and not is_holiday_there(slot.start, time_zone)
        ]
    soonest = min(moments)
    answer, _ = _judge(rows(facts, message, soonest, known_at=at), message, rulebook, with_timing=False)
    return soonest if isinstance(answer.outcome, Ground) else None
