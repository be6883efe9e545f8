"""The rulebooks: dated rows, each with the texts it comes from. Amending the law is adding a row."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from consent.law import sources as src
from consent.law.words import Channel, Column, Reason, Requirement, Rulebook, Text

RETENTION_YEARS = 3
CUSTOMER_YEARS = 3
PHONE_CONSENT_DAYS = 365
CALL_BACK_WORKING_DAYS = 5
MAJORITY_FOR_DATA = 15
MOST_CALLS = 4
BANNED_SECTORS = frozenset({"energy_renovation", "renewable_energy_equipment", "home_adaptation"})
BANNED_SECTOR_CHANNELS = frozenset({Channel.PHONE, Channel.AUTOMATED_CALL, Channel.SMS, Channel.MMS, Channel.EMAIL})

# The day on which calling a consumer began to need consent.
CALL_REFORM_DAY = date(2026, 8, 11)
_EVE_OF_CALL_REFORM = date(2026, 8, 10)

WARNINGS = {
    Rulebook.ARTICLE: Text(
        fr="illicite pour les appels aux consommateurs depuis le 11 août 2026",
        en="unlawful for calls to consumers since 11 August 2026",
    )
}


Sources = tuple[str, ...]
Cell = Mapping[Requirement, Sources]


@dataclass(frozen=True, slots=True)
class Rule:
    """One cell of the matrix: what one channel requires towards one kind of recipient, from a first to a last day."""

    rulebook: Rulebook
    channel: Channel
    column: Column
    # Any one of these is enough, each by its own texts; where there is none, `sources` say why.
    accepts: Cell
    sources: Sources
    first_day: date | None = None
    last_day: date | None = None

    @property
    def id(self) -> str:
        since = f"/{self.first_day}" if self.first_day else ""
        return f"{self.rulebook}/{self.channel}/{self.column}{since}"

    def in_force(self, day: date) -> bool:
        return (self.first_day is None or self.first_day <= day) and (self.last_day is None or day <= self.last_day)


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason to refuse whatever the cell accepts."""

    rulebook: Rulebook
    reason: Reason
    sources: Sources

    @property
    def id(self) -> str:
        return f"{self.rulebook}/{self.reason}"


def _rules(
    rulebook: Rulebook,
    channels: Iterable[Channel],
    cells: dict[Column, Cell],
    *,
    otherwise: Sources = (),
    first_day: date | None = None,
    last_day: date | None = None,
) -> Iterator[Rule]:
    """Make the rows of some channels; `otherwise` are the texts by which an empty cell accepts consent alone."""
    for channel in channels:
        for column, cell in cells.items():
            sources = tuple(dict.fromkeys(source for texts in cell.values() for source in texts))
            yield Rule(rulebook, channel, column, cell, sources or otherwise, first_day, last_day)


_CONSENT = (src.CPCE_CONSENT, src.GDPR_CONSENT)
_PHONE_CONSENT = (src.CALL_CONSENT, src.CALL_MENTIONS, src.CALL_REFORM)
_INFORMED = (src.CNIL_POST_PHONE, src.GDPR_INTEREST, src.GDPR_INFORMATION)
_OF_PROFESSIONALS = (src.GDPR_INTEREST, src.GDPR_INFORMATION)


def _electronic_mail(by: str) -> dict[Column, Cell]:
    """Return the cells of electronic mail in the wide sense, as the regulator's page on it reads them."""
    return {
        Column.INDIVIDUAL: {Requirement.CONSENT: _CONSENT},
        Column.CUSTOMER: {Requirement.CUSTOMER: (src.CPCE_CUSTOMER, by)},
        Column.PROFESSIONAL: {Requirement.PROFESSIONAL: (by, *_OF_PROFESSIONALS)},
        Column.COMPANY: {Requirement.COMPANY: (by,)},
    }


# A consent is accepted in every cell beside what the cell names.
_LAW: tuple[Rule, ...] = (
    *_rules(Rulebook.LAW, (Channel.EMAIL,), _electronic_mail(src.CNIL_EMAIL)),
    *_rules(Rulebook.LAW, (Channel.SMS, Channel.MMS), _electronic_mail(src.CNIL_TEXT)),
    *_rules(
        Rulebook.LAW,
        (Channel.AUTOMATED_CALL,),
        _electronic_mail(src.CNIL_AUTOMATED),
        last_day=_EVE_OF_CALL_REFORM,
    ),
    *_rules(
        Rulebook.LAW,
        (Channel.AUTOMATED_CALL,),
        _electronic_mail(src.CNIL_AUTOMATED)
        | {
            Column.INDIVIDUAL: {Requirement.PHONE_CONSENT: (src.CPCE_CONSENT, *_PHONE_CONSENT)},
            Column.CUSTOMER: {},
        },
        otherwise=(src.CPCE_CONSENT, *_PHONE_CONSENT),
        first_day=CALL_REFORM_DAY,
    ),
    *_rules(
        Rulebook.LAW,
        (Channel.FAX,),
        {
            Column.INDIVIDUAL: {Requirement.CONSENT: _CONSENT},
            Column.CUSTOMER: {},
            Column.PROFESSIONAL: {Requirement.PROFESSIONAL: _OF_PROFESSIONALS},
            Column.COMPANY: {Requirement.COMPANY: (src.GDPR_INTEREST,)},
        },
        otherwise=_CONSENT,
    ),
    *_rules(
        Rulebook.LAW,
        (Channel.BLUETOOTH,),
        {
            Column.INDIVIDUAL: {Requirement.CONSENT: (*_CONSENT, src.CNIL_BLUETOOTH)},
            Column.CUSTOMER: {},
            Column.PROFESSIONAL: {},
            Column.COMPANY: {},
        },
        otherwise=(*_CONSENT, src.CNIL_BLUETOOTH),
    ),
    *_rules(
        Rulebook.LAW,
        (Channel.PHONE,),
        {
            Column.INDIVIDUAL: {Requirement.INFORMATION: _INFORMED},
            Column.CUSTOMER: {Requirement.INFORMATION: _INFORMED},
            Column.PROFESSIONAL: {Requirement.INFORMATION: _INFORMED},
            Column.COMPANY: {Requirement.COMPANY: (src.CNIL_POST_PHONE,)},
        },
        last_day=_EVE_OF_CALL_REFORM,
    ),
    *_rules(
        Rulebook.LAW,
        (Channel.PHONE,),
        {
            Column.INDIVIDUAL: {
                Requirement.PHONE_CONSENT: _PHONE_CONSENT,
                Requirement.CONTRACT: (src.CALL_CONTRACT,),
                Requirement.REQUEST: (src.CALL_BACK,),
            },
            Column.CUSTOMER: {},
            Column.PROFESSIONAL: {Requirement.INFORMATION: _INFORMED},
            Column.COMPANY: {Requirement.COMPANY: (src.CNIL_POST_PHONE,)},
        },
        otherwise=(*_PHONE_CONSENT, src.CALL_CONTRACT),
        first_day=CALL_REFORM_DAY,
    ),
    *_rules(
        Rulebook.LAW,
        (Channel.POST,),
        {
            Column.INDIVIDUAL: {Requirement.INFORMATION: _INFORMED},
            Column.CUSTOMER: {Requirement.INFORMATION: _INFORMED},
            Column.PROFESSIONAL: {Requirement.INFORMATION: _INFORMED},
            Column.COMPANY: {Requirement.COMPANY: (src.CNIL_POST_PHONE,)},
        },
    ),
)

# The founding article as written. It knows no generic address: a company's is a professional's.
_ARTICLE: tuple[Rule, ...] = (
    *_rules(
        Rulebook.ARTICLE,
        (Channel.EMAIL, Channel.SMS, Channel.MMS, Channel.AUTOMATED_CALL, Channel.FAX, Channel.BLUETOOTH),
        {
            Column.INDIVIDUAL: {Requirement.CONSENT: (src.ARTICLE_ELECTRONIC, src.ARTICLE_BOX)},
            Column.CUSTOMER: {Requirement.CUSTOMER: (src.ARTICLE_ELECTRONIC,)},
            Column.PROFESSIONAL: {Requirement.PROFESSIONAL: (src.ARTICLE_ELECTRONIC,)},
            Column.COMPANY: {Requirement.PROFESSIONAL: (src.ARTICLE_ELECTRONIC,)},
        },
    ),
    *_rules(
        Rulebook.ARTICLE,
        (Channel.PHONE, Channel.POST),
        {column: {Requirement.INFORMATION: (src.ARTICLE_CALL_POST,)} for column in Column},
    ),
)

RULES = _LAW + _ARTICLE

# By which texts a consent is enough in a cell that does not name it.
CONSENT_ANYWHERE: dict[Rulebook, Sources] = {
    Rulebook.LAW: (src.GDPR_CONSENT,),
    Rulebook.ARTICLE: (src.ARTICLE_BOX,),
}

REFUSALS = (
    Refusal(Rulebook.LAW, Reason.OBJECTED, (src.GDPR_OBJECTION, src.CPCE_STOP)),
    Refusal(Rulebook.LAW, Reason.CONSENT_WITHDRAWN, (src.GDPR_WITHDRAWAL, src.CALL_WITHDRAWAL)),
    Refusal(Rulebook.LAW, Reason.SOURCE_FORBIDDEN, (src.ARTICLE_INTERNET, src.CNIL_WEB)),
    Refusal(Rulebook.LAW, Reason.SOURCE_UNKNOWN, (src.GDPR_ORIGIN,)),
    Refusal(Rulebook.LAW, Reason.RETENTION_EXPIRED, (src.CNIL_RETENTION, src.GDPR_STORAGE)),
    Refusal(Rulebook.LAW, Reason.MINOR, (src.CHILD,)),
    Refusal(Rulebook.LAW, Reason.SECTOR_BANNED, (src.CALL_SECTORS, src.TEXT_SECTORS)),
    Refusal(
        Rulebook.LAW, Reason.OUTSIDE_HOURS, (src.CALL_HOURS, src.CALL_TIMES, src.TEXT_CHARTER, src.PUBLIC_HOLIDAYS)
    ),
    Refusal(Rulebook.LAW, Reason.TOO_MANY_CALLS, (src.CALL_TIMES,)),
    Refusal(Rulebook.ARTICLE, Reason.OBJECTED, (src.ARTICLE_INFORM,)),
    Refusal(Rulebook.ARTICLE, Reason.CONSENT_WITHDRAWN, (src.ARTICLE_BOX,)),
    Refusal(Rulebook.ARTICLE, Reason.SOURCE_FORBIDDEN, (src.ARTICLE_INTERNET,)),
    Refusal(Rulebook.ARTICLE, Reason.SOURCE_UNKNOWN, (src.ARTICLE_INTERNET,)),
    Refusal(Rulebook.ARTICLE, Reason.RETENTION_EXPIRED, (src.ARTICLE_THREE_YEARS,)),
)


@lru_cache(maxsize=1024)
def rule_in_force(rulebook: Rulebook, channel: Channel, column: Column, day: date) -> Rule:
    """Return the one row that decides on that day."""
    (rule,) = (
        rule
        for rule in RULES
        if (rule.rulebook, rule.channel, rule.column) == (rulebook, channel, column) and rule.in_force(day)
    )
    return rule


def refusals(rulebook: Rulebook) -> dict[Reason, Refusal]:
    """Return the refusals that a rulebook knows, by their reason."""
    return {refusal.reason: refusal for refusal in REFUSALS if refusal.rulebook == rulebook}
