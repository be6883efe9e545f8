"""Puts the requirements in their order: one tree of choices per message and day, walked in Python or written as SQL."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from consent.law import requirements as req
from consent.law.expressions import ALWAYS, NEVER, Expression, Known, Not, Writer, every
from consent.law.facts import Message
from consent.law.requirements import Bounds, bounds_of
from consent.law.row import Row
from consent.law.rulebooks import CONSENT_ANYWHERE, Refusal, Rule, Sources, refusals, rule_in_force
from consent.law.words import CODES, Column, Ground, Outcome, Reason, Requirement, Rulebook


@dataclass(frozen=True, slots=True)
class Answer:
    """A leaf of the tree: the ground or reason, the row of the rulebook that says so, and the texts it comes from."""

    outcome: Outcome
    rule: Rule | Refusal
    sources: Sources

    def walk(self, row: Row) -> "Answer":
        return self

    def write(self, writer: Writer) -> str:
        return str(CODES[self.outcome])

    def reads(self) -> Iterator[str]:
        return iter(())


@dataclass(frozen=True, slots=True)
class Choice:
    """The first branch whose condition holds."""

    branches: tuple[tuple[Expression, "Tree"], ...]
    otherwise: "Tree"

    def walk(self, row: Row) -> Answer:
        for condition, branch in self.branches:
            if condition.holds(row):
                return branch.walk(row)
        return self.otherwise.walk(row)

    def write(self, writer: Writer) -> str:
        whens = " ".join(
            f"WHEN {condition.write(writer)} THEN {branch.write(writer)}" for condition, branch in self.branches
        )
        return f"CASE {whens} ELSE {self.otherwise.write(writer)} END"

    def reads(self) -> Iterator[str]:
        for condition, branch in self.branches:
            yield from condition.reads()
            yield from branch.reads()
        yield from self.otherwise.reads()


Tree = Answer | Choice


@lru_cache(maxsize=4096)
def decision(message: Message, day: date, rulebook: Rulebook, *, with_timing: bool = True) -> Tree:
    """Return the tree that judges this message on that day. Without timing, it says whether and not when."""
    bounds = bounds_of(day)
    known = refusals(rulebook)
    conditions = {
        Reason.OBJECTED: req.OBJECTED,
        Reason.CONSENT_WITHDRAWN: req.WITHDRAWN,
        Reason.SOURCE_FORBIDDEN: req.SOURCE_FORBIDDEN,
        Reason.SOURCE_UNKNOWN: req.SOURCE_UNKNOWN,
        Reason.RETENTION_EXPIRED: req.retention_expired(bounds),
        Reason.MINOR: req.minor(bounds),
        Reason.SECTOR_BANNED: req.sector_banned(message, bounds),
    }
    individual, company, professional = (
        _cell(column, message, bounds, rulebook, with_timing)
        for column in (Column.INDIVIDUAL, Column.COMPANY, Column.PROFESSIONAL)
    )
    return _choice(
        [(condition, _refused(known[reason])) for reason, condition in conditions.items() if reason in known],
        _choice(
            [(req.PROFESSIONAL, _choice([(req.GENERIC_ADDRESS, company)], professional))],
            individual,
        ),
    )


def _refused(refusal: Refusal) -> Answer:
    return Answer(refusal.reason, refusal, refusal.sources)


def _choice(branches: Iterable[tuple[Expression, Tree]], otherwise: Tree) -> Tree:
    """Return the first branch that holds, without those that cannot and those that are never reached."""
    kept = []
    for condition, branch in branches:
        if condition == ALWAYS:
            otherwise = branch
            break
        if condition != NEVER:
            kept.append((condition, branch))
    return Choice(tuple(kept), otherwise) if kept else otherwise


_GROUNDS = {
    Requirement.CONSENT: Ground.CONSENT,
    Requirement.PHONE_CONSENT: Ground.CONSENT,
    Requirement.CONTRACT: Ground.CONTRACT,
    Requirement.REQUEST: Ground.REQUEST,
    Requirement.CUSTOMER: Ground.CUSTOMER,
    Requirement.PROFESSIONAL: Ground.PROFESSIONAL,
    Requirement.COMPANY: Ground.COMPANY,
    Requirement.INFORMATION: Ground.INFORMATION,
}


def _cell(column: Column, message: Message, bounds: Bounds, rulebook: Rulebook, with_timing: bool) -> Tree:
    """Judge by one column, and by the customer column for whoever bought: first the grounds, then what is lacking."""
    home = rule_in_force(rulebook, message.channel, column, bounds.day)
    bought = rule_in_force(rulebook, message.channel, Column.CUSTOMER, bounds.day)
    accepted = _accepted(home, bought)
    timing = refusals(rulebook) if with_timing else {}
    grounds = [
        (
            req.ground(requirement, message, bounds),
            _when(Answer(ground, *accepted[requirement]), column, message, timing),
        )
        for requirement, ground in _GROUNDS.items()
        if requirement in accepted
    ]
    reason = Reason.NOT_INFORMED if Requirement.INFORMATION in accepted else Reason.NO_CONSENT
    return _choice(grounds + _lacking(accepted, home, message, bounds), Answer(reason, home, home.sources))


Accepted = dict[Requirement, tuple[Rule, Sources]]


def _accepted(home: Rule, bought: Rule) -> Accepted:
    """Return what either cell accepts, by which row and texts. A consent is accepted in every cell."""
    accepted: Accepted = {requirement: (bought, sources) for requirement, sources in bought.accepts.items()}
    if Requirement.PHONE_CONSENT not in home.accepts:
        accepted[Requirement.CONSENT] = (home, CONSENT_ANYWHERE[home.rulebook])
    return accepted | {requirement: (home, sources) for requirement, sources in home.accepts.items()}


def _when(answer: Answer, column: Column, message: Message, timing: dict[Reason, Refusal]) -> Tree:
    """Ask when, once it is known that the contact is allowed at all."""
    conditions = {
        Reason.OUTSIDE_HOURS: req.outside_hours(message.channel, column),
        Reason.TOO_MANY_CALLS: req.too_many_calls(message.channel, column),
    }
    return _choice(
        [(condition, _refused(timing[reason])) for reason, condition in conditions.items() if reason in timing],
        answer,
    )


def _lacking(accepted: Accepted, home: Rule, message: Message, bounds: Bounds) -> list[tuple[Expression, Tree]]:
    """Say what a cell lacks, only for the grounds it accepts, in the order of refusal 7."""
    lacking: list[tuple[Expression, Tree]] = []
    if (phone_consent := accepted.get(Requirement.PHONE_CONSENT)) is not None:
        lacking += [
            (every(req.GIVEN, Not(req.COMPLETE)), Answer(Reason.CONSENT_INCOMPLETE, *phone_consent)),
            (every(req.GIVEN, Not(req.recent(bounds))), Answer(Reason.CONSENT_EXPIRED, *phone_consent)),
        ]
    consent = phone_consent or accepted[Requirement.CONSENT]
    lacking.append((every(req.GIVEN, Not(req.CONFIRMED)), Answer(Reason.CONSENT_UNCONFIRMED, *consent)))
    uninformed: list[tuple[Expression, Tree]] = []
    if (customer := accepted.get(Requirement.CUSTOMER)) is not None:
        lately = req.bought_lately(bounds)
        lacking += [
            (every(Known("last_covering_purchase_at"), Not(lately)), Answer(Reason.CUSTOMER_TOO_OLD, *customer)),
            (every(Known("last_purchase_at"), Not(lately)), Answer(Reason.NOT_ANALOGOUS, *customer)),
        ]
        uninformed.append((req.customer_but_for_information(bounds), Answer(Reason.NOT_INFORMED, *customer)))
    if (professional := accepted.get(Requirement.PROFESSIONAL)) is not None:
        lacking.append((Not(req.related(message)), Answer(Reason.UNRELATED_ACTIVITY, *professional)))
        uninformed.append((req.related(message), Answer(Reason.NOT_INFORMED, *professional)))
    return lacking + uninformed
