"""The law as data: dated rules and pure functions. Facts in, verdict and ground out; the same rules as SQL.

Nothing here knows a database, a clock, a setting or another app. Start at `may_contact` for one contact, `verdict_sql`
for an audience; `consent.law.row` is the contract between tables and rules.
"""

from consent.law.facts import (
    Consent,
    Contract,
    Facts,
    InformationRequest,
    Message,
    Objection,
    Purchase,
    Recipient,
    Slot,
    Source,
)
from consent.law.families import covering
from consent.law.row import Row, permission_columns
from consent.law.rulebooks import WARNINGS
from consent.law.sql import columns_read, verdict_sql
from consent.law.texts import LABELS
from consent.law.verdict import Verdict, may_contact
from consent.law.words import (
    CODES,
    FIRST_REFUSAL_CODE,
    Channel,
    Ground,
    Outcome,
    Reason,
    RecipientKind,
    Rulebook,
    SourceKind,
    Text,
    decode,
)

__all__ = [
    "CODES",
    "FIRST_REFUSAL_CODE",
    "LABELS",
    "WARNINGS",
    "Channel",
    "Consent",
    "Contract",
    "Facts",
    "Ground",
    "InformationRequest",
    "Message",
    "Objection",
    "Outcome",
    "Purchase",
    "Reason",
    "Recipient",
    "RecipientKind",
    "Row",
    "Rulebook",
    "Slot",
    "Source",
    "SourceKind",
    "Text",
    "Verdict",
    "columns_read",
    "covering",
    "decode",
    "may_contact",
    "permission_columns",
    "verdict_sql",
]
