"""The contract between facts and rules: one row of plain columns per contact, for one message at one moment.

The rules read nothing else. In Python, `consent.law.reduction` makes the row from `Facts`; in SQL, the caller makes it
from its tables and passes the name (or expression) of each column to `verdict_sql`. Either way:

- a fact dated after the moment asked does not exist, so that no column may come from one (`collected_at` excepted: a
  collection in the future is a refusal of its own);
- NULL means unknown or none, and is never in favour of sending;
- *covering* means: in a family that `consent.law.families.covering(message.families)` names.
"""

from dataclasses import dataclass
from datetime import date, datetime

AT = "at"


@dataclass(frozen=True, slots=True)
class Row:
    """One contact as the rules see it."""

    # The moment asked: a parameter in SQL, never a column of the caller's.
    at: datetime

    # The recipient: "individual" or "professional"; activity's short name; the flag of info@ and the like; birth date;
    # IANA time zone, where unknown Europe/Paris.
    kind: str
    activity: str | None
    generic_address: bool | None
    born_on: date | None
    time_zone: str | None

    # The source of this contact detail: its kind, the collection, and whether the person was informed (by the notice
    # shown, by a named partner's proof, or by our own notice of GDPR art. 14 within a month) with a free way to refuse.
    source_kind: str | None
    collected_at: datetime | None
    informed: bool | None

    # The latest of collection, interaction and transaction (any family).
    active_at: datetime | None

    # The latest objection that applies to this channel (or all) and purpose (or all).
    objected_at: datetime | None

    # For this very channel and purpose: the latest withdrawal, and the latest lapse. NULL is right too where a
    # consent made effective since has left them behind.
    withdrawn_at: datetime | None
    lapsed_at: datetime | None

    # The latest moment at which a consent for this channel and purpose became effective: its confirmation where it
    # needs one, else its giving. `said_yes_at` of any consent; `reconfirmed_at` of one that needs confirmation and that
    # was given after the latest lapse. `permission_columns` writes both for a table of permissions.
    said_yes_at: datetime | None
    reconfirmed_at: datetime | None

    # One consent for this channel and purpose: the one that serves best.
    given_at: datetime | None
    confirmed_at: datetime | None
    needs_confirmation: bool | None
    mentions_complete: bool | None

    # The latest transaction in any family, and in a covering one.
    last_purchase_at: datetime | None
    last_covering_purchase_at: datetime | None

    # Of the contracts begun by that day, the latest last day ('infinity', or date.max in Python, where open-ended);
    # the same among contracts for a covering family.
    contract_until: date | None
    covering_contract_until: date | None

    # The latest request for information about a covering family that no call has answered yet.
    covering_request_at: datetime | None

    # Calls and attempts in the last 30 days, and whether the moment lies in a slot that the person agreed to.
    calls_last_30_days: int | None
    in_agreed_slot: bool | None


def permission_columns(*, given_at: str, confirmed_at: str, needs_confirmation: str, lapsed_at: str) -> dict[str, str]:
    """Write as SQL, for a table that keeps one consent per channel and purpose, the columns that follow from it."""
    confirmation = f"CASE WHEN {confirmed_at} >= {given_at} THEN {confirmed_at} END"
    return {
        "said_yes_at": f"CASE WHEN {needs_confirmation} IS FALSE THEN {given_at} ELSE {confirmation} END",
        "reconfirmed_at": (
            f"CASE WHEN {needs_confirmation} IS NOT FALSE AND ({lapsed_at} < {given_at}) IS NOT FALSE"
            f" THEN {confirmation} END"
        ),
    }
