"""The words of the law: channels, recipients, sources, grounds and reasons, each a plain string."""

from dataclasses import dataclass
from enum import StrEnum


class Rulebook(StrEnum):
    """Which rules decide: the law in force, or the founding article as written."""

    LAW = "law"
    ARTICLE = "article"


class Channel(StrEnum):
    """How a message reaches somebody."""

    EMAIL = "email"
    SMS = "sms"
    MMS = "mms"
    BLUETOOTH = "bluetooth"
    FAX = "fax"
    AUTOMATED_CALL = "automated_call"
    PHONE = "phone"
    POST = "post"


class RecipientKind(StrEnum):
    """Whom an address belongs to."""

    INDIVIDUAL = "individual"
    PROFESSIONAL = "professional"


class SourceKind(StrEnum):
    """Where a contact detail comes from."""

    FORM = "form"
    SALE = "sale"
    IN_PERSON = "in_person"
    PHONE = "phone"
    PAPER = "paper"
    EVENT = "event"
    PARTNER = "partner"
    PUBLIC_WEB = "public_web"
    UNKNOWN = "unknown"


class Column(StrEnum):
    """The columns of the matrix: what a recipient is to us. Somebody who bought is in the customer column too."""

    INDIVIDUAL = "individual"
    CUSTOMER = "customer"
    PROFESSIONAL = "professional"
    COMPANY = "company"


class Requirement(StrEnum):
    """What a cell of the matrix accepts; any one is enough."""

    CONSENT = "consent"
    PHONE_CONSENT = "phone_consent"
    CONTRACT = "contract"
    REQUEST = "request"
    CUSTOMER = "customer"
    PROFESSIONAL = "professional"
    COMPANY = "company"
    INFORMATION = "information"


class Ground(StrEnum):
    """Why a contact is allowed, in the order in which grounds are reported."""

    CONSENT = "consent"
    CONTRACT = "contract"
    REQUEST = "request"
    CUSTOMER = "customer"
    PROFESSIONAL = "professional"
    COMPANY = "company"
    INFORMATION = "information"


class Reason(StrEnum):
    """Why a contact is refused, in order of precedence."""

    OBJECTED = "objected"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    SOURCE_FORBIDDEN = "source_forbidden"
    SOURCE_UNKNOWN = "source_unknown"
    RETENTION_EXPIRED = "retention_expired"
    MINOR = "minor"
    SECTOR_BANNED = "sector_banned"
    CONSENT_INCOMPLETE = "consent_incomplete"
    CONSENT_EXPIRED = "consent_expired"
    CONSENT_UNCONFIRMED = "consent_unconfirmed"
    CUSTOMER_TOO_OLD = "customer_too_old"
    NOT_ANALOGOUS = "not_analogous"
    UNRELATED_ACTIVITY = "unrelated_activity"
    NOT_INFORMED = "not_informed"
    NO_CONSENT = "no_consent"
    OUTSIDE_HOURS = "outside_hours"
    TOO_MANY_CALLS = "too_many_calls"


Outcome = Ground | Reason

# What the SQL face answers, one small integer each. The codes are for good: figures may be stored with them.
CODES: dict[Outcome, int] = {
    Ground.CONSENT: 1,
    Ground.CONTRACT: 2,
    Ground.REQUEST: 3,
    Ground.CUSTOMER: 4,
    Ground.PROFESSIONAL: 5,
    Ground.COMPANY: 6,
    Ground.INFORMATION: 7,
    Reason.OBJECTED: 11,
    Reason.CONSENT_WITHDRAWN: 12,
    Reason.SOURCE_FORBIDDEN: 21,
    Reason.SOURCE_UNKNOWN: 31,
    Reason.RETENTION_EXPIRED: 41,
    Reason.MINOR: 51,
    Reason.SECTOR_BANNED: 61,
    Reason.CONSENT_INCOMPLETE: 71,
    Reason.CONSENT_EXPIRED: 72,
    Reason.CONSENT_UNCONFIRMED: 73,
    Reason.CUSTOMER_TOO_OLD: 74,
    Reason.NOT_ANALOGOUS: 75,
    Reason.UNRELATED_ACTIVITY: 76,
    Reason.NOT_INFORMED: 77,
    Reason.NO_CONSENT: 78,
    Reason.OUTSIDE_HOURS: 81,
    Reason.TOO_MANY_CALLS: 82,
}
_OUTCOMES = {code: outcome for outcome, code in CODES.items()}

# Every code below this one allows the contact.
FIRST_REFUSAL_CODE = 10


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in French and in English."""

    fr: str
    en: str

    def in_language(self, language: str | None) -> str:
        """Return the English words for an English language code, else the French ones."""
        return self.en if language is not None and language.startswith("en") else self.fr


def decode(code: int) -> tuple[bool, Outcome]:
    """Turn a code of the SQL face into (allowed, ground or reason)."""
    outcome = _OUTCOMES[code]
    return isinstance(outcome, Ground), outcome
