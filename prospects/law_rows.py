"""The rows that the law judges, made from our tables: which join gives which column of `consent.law.row.Row`.

Every text starts from the common table `contact`, one line per contact detail. Only those joins are made whose columns
the question reads. `{of_these}` narrows the joins that gather several rows of one person to the contacts asked about.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

from consent.law import Message, covering, permission_columns
from consent.law.days import paris_day, start_of_day
from consent.vocabulary import Medium

CONTACTS = """
SELECT detail.id AS detail_id, detail.prospect_id, detail.address_key, detail.is_generic, detail.state,
    detail.active_at, source.kind AS source_kind, source.collected_at, source.informed, source.told_at,
    source.obtained_at, prospect.kind, prospect.activity_id, prospect.born_on, prospect.time_zone,
    prospect.restricted_at{also}
FROM prospects_contactdetail AS detail
JOIN prospects_source AS source ON source.id = detail.source_id
JOIN prospects_prospect AS prospect ON prospect.id = detail.prospect_id
WHERE detail.medium = {medium} AND {only}
"""


_SELECT = "WITH contact AS ({contacts}) SELECT {what} FROM contact {joins}"


@dataclass(frozen=True, slots=True)
class Join:
    """One join, what it says of the law's columns, and by which key of its own and which of the contacts it gathers."""

    text: str
    columns: dict[str, str]
    key: str = ""
    of: str = ""


def _until(column: str) -> str:
    """A date of a permission, unless it lies after the moment asked."""
    return f"CASE WHEN permission.{column} <= {{at}} THEN permission.{column} END"


_PERMISSION = {name: _until(name) for name in ("given_at", "confirmed_at", "withdrawn_at", "lapsed_at")}
_PERMISSION["needs_confirmation"] = "permission.needs_confirmation"
_PERMISSION["mentions_complete"] = "permission.mentions_complete"
_PERMISSION |= permission_columns(
    **{name: _PERMISSION[name] for name in ("given_at", "confirmed_at", "needs_confirmation", "lapsed_at")}
)

_OF_THE_CONTACT = Join(
    "",
    {
        "kind": "contact.kind",
        "generic_address": "contact.is_generic",
        "born_on": "contact.born_on",
        "time_zone": "contact.time_zone",
        "source_kind": "contact.source_kind",
        "collected_at": "contact.collected_at",
        # Kept by triggers, unless something is dated after the moment asked.
        "active_at": """CASE WHEN contact.active_at <= {at} THEN contact.active_at ELSE greatest(
            CASE WHEN contact.collected_at <= {at} THEN contact.collected_at END,
            (SELECT max(at) FROM prospects_interaction WHERE prospect_id = contact.prospect_id AND at <= {at}),
            (SELECT max(at) FROM prospects_purchase WHERE prospect_id = contact.prospect_id AND at <= {at})) END""",
    },
)

JOINS = (
    _OF_THE_CONTACT,
    Join(
        """
LEFT JOIN consent_permission AS permission ON permission.address_key = contact.address_key
    AND permission.channel = {channel} AND permission.purpose_id = {purpose}
""",
        _PERMISSION,
    ),
    Join(
        """
LEFT JOIN (
    SELECT address_key, max(at) AS at FROM consent_objection
    WHERE (channel = {channel} OR channel IS NULL) AND (purpose_id = {purpose} OR purpose_id IS NULL)
        AND at <= {at} AND {of_these}
    GROUP BY address_key
) AS objection ON objection.address_key = contact.address_key
""",
        {"objected_at": "objection.at"},
        key="address_key",
    ),
    # Told in time: before the day of the next month that has the same number, or that month's last day.
    Join(
        """
LEFT JOIN (
    SELECT DISTINCT also_of_id FROM prospects_source
    WHERE also_of_id IS NOT NULL AND informed AND collected_at <= {at} AND {of_these}
) AS further ON further.also_of_id = contact.detail_id
""",
        {
            "informed": """(contact.informed OR further.also_of_id IS NOT NULL OR (contact.told_at <= {at}
                AND (contact.told_at AT TIME ZONE 'Europe/Paris')::date
                    < (contact.obtained_at AT TIME ZONE 'Europe/Paris')::date + interval '1 month'))"""
        },
        key="also_of_id",
        of="detail_id",
    ),
    Join(
        "LEFT JOIN prospects_activity AS activity ON activity.id = contact.activity_id\n",
        {"activity": "activity.slug"},
    ),
    Join(
        """
LEFT JOIN (
    SELECT prospect_id, max(at) AS at, max(at) FILTER (WHERE family = ANY({families}::text[])) AS covering_at
    FROM prospects_purchase WHERE at <= {at} AND {of_these}
    GROUP BY prospect_id
) AS purchase ON purchase.prospect_id = contact.prospect_id
""",
        {"last_purchase_at": "purchase.at", "last_covering_purchase_at": "purchase.covering_at"},
        key="prospect_id",
    ),
    Join(
        """
LEFT JOIN (
    SELECT prospect_id, max(coalesce(ends_on, 'infinity')) AS until,
        max(coalesce(ends_on, 'infinity')) FILTER (WHERE families && {families}::varchar[]) AS covering_until
    FROM prospects_contract WHERE starts_on <= {day} AND {of_these}
    GROUP BY prospect_id
) AS contract ON contract.prospect_id = contact.prospect_id
""",
        {"contract_until": "contract.until", "covering_contract_until": "contract.covering_until"},
        key="prospect_id",
    ),
    # One call back answers a request; a call that nobody took was none.
    Join(
        """
LEFT JOIN (
    SELECT prospect_id, max(at) AS at FROM prospects_informationrequest AS asked
    WHERE at <= {at} AND families && {families}::varchar[] AND {of_these}
        AND NOT EXISTS (
            SELECT FROM prospects_callattempt AS call
            WHERE call.prospect_id = asked.prospect_id AND call.at >= asked.at AND call.at <= {at}
                AND call.outcome <> 'no_answer')
    GROUP BY prospect_id
) AS request ON request.prospect_id = contact.prospect_id
""",
        {"covering_request_at": "request.at"},
        key="prospect_id",
    ),
    Join(
        """
LEFT JOIN (
    SELECT prospect_id, count(*) FILTER (WHERE at >= {calls_since}) AS count,
        bool_or(agreed_from <= {at} AND {at} < agreed_until) AS agreed
    FROM prospects_callattempt WHERE at <= {at} AND {of_these}
    GROUP BY prospect_id
) AS calls ON calls.prospect_id = contact.prospect_id
""",
        {"calls_last_30_days": "coalesce(calls.count, 0)", "in_agreed_slot": "coalesce(calls.agreed, false)"},
        key="prospect_id",
    ),
)

HOLD = Join(
    """
LEFT JOIN (
    SELECT DISTINCT prospect_id FROM prospects_legalhold WHERE starts_at <= {at} AND {at} < ends_at AND {of_these}
) AS hold ON hold.prospect_id = contact.prospect_id
""",
    {},
    key="prospect_id",
)


def columns() -> dict[str, str]:
    """Return the SQL of every column of the law's row."""
    return {name: text for join in JOINS for name, text in join.columns.items()}


def columns_sql(read: Collection[str], bound: Mapping[str, Composable]) -> Composed:
    """Return the SQL of these columns, each under its name."""
    texts = columns()
    return SQL(", ").join(
        SQL("{} AS {}").format(SQL(texts[name]).format(**bound), Identifier(name)) for name in sorted(read)
    )


def joins_for(read: Collection[str]) -> list[Join]:
    """Return the joins that these columns need."""
    return [join for join in JOINS if not join.columns.keys().isdisjoint(read)]


def bound(message: Message, purpose_id: int | None, at: datetime) -> dict[str, Composable]:
    """Return what the texts leave open."""
    day = paris_day(at)
    return {
        "at": Literal(at),
        "day": Literal(day),
        "calls_since": Literal(calls_counted_since(at)),
        "channel": Literal(str(message.channel)),
        "purpose": Literal(purpose_id),
        "families": Literal(sorted(covering(message.families))),
    }


def calls_counted_since(at: datetime) -> datetime:
    """Return since when calls count towards the most that thirty days may see; today and the thirty days before it."""
    return start_of_day(paris_day(at) - timedelta(days=30))


def select(
    what: Composable,
    read: Collection[str],
    *,
    medium: Medium,
    bound: Mapping[str, Composable],
    only: Composable | None,
    few: bool,
    also: Mapping[str, Composable],
) -> Composed:
    """Return the statement that gives this of every contact of a medium, over the joins that these columns need.

    `also` names further columns of `contact`, and says what they hold of `detail`, `source` and `prospect`.
    """
    return SQL(_SELECT).format(
        contacts=SQL(CONTACTS).format(medium=Literal(medium.value), only=only or SQL("true"), also=_also(also)),
        what=what,
        joins=SQL("").join(
            SQL(join.text).format(**bound, of_these=of_these(join, few=few)) for join in (*joins_for(read), HOLD)
        ),
    )


def _also(columns: Mapping[str, Composable]) -> Composable:
    return SQL("").join(SQL(", {} AS {}").format(what, Identifier(name)) for name, what in columns.items())


def of_these(join: Join, *, few: bool) -> Composable:
    """Narrow a join to the contacts asked about, where they are few; else reading everything once is faster."""
    if not (few and join.key):
        return SQL("true")
    return SQL("{} = ANY(ARRAY(SELECT {} FROM contact))").format(SQL(join.key), SQL(join.of or join.key))
