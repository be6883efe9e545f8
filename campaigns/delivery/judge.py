"""The law asked again, for a whole batch in one statement, with what the mails need to know of their readers."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from psycopg import sql

from campaigns.delivery.claim import Claimed
from campaigns.delivery.compose import Reader
from campaigns.delivery.extra_words import extra_words, values_sql
from campaigns.delivery.links import tracked_sql
from campaigns.delivery.why import Provenance, why
from campaigns.models import Campaign
from campaigns.visits import visit_word
from consent.bilingual import in_language
from consent.law import CODES, Ground
from consent.law.days import PARIS_NAME
from consent.stop_links import token_maker
from prospects.models import ExtraField
from prospects.reach import decode, verdicts_sql

_READERS = sql.SQL("""
SELECT verdict.detail_id, verdict.code, reader_address, verdict.address_key, reader_key_id,
    reader_first_name, reader_last_name, reader_company,
    (permission.given_at AT TIME ZONE {paris})::date, reader_source, (reader_since AT TIME ZONE {paris})::date,
    reader_place, reader_partner,
    CASE WHEN verdict.code = {customer} THEN (
        SELECT (max(at) AT TIME ZONE {paris})::date FROM prospects_purchase AS purchase
        WHERE purchase.prospect_id = verdict.prospect_id) END,
    {activity}, {tracked}, {extra}
FROM ({verdicts}) AS verdict
LEFT JOIN prospects_activity AS activity ON activity.id = reader_activity
LEFT JOIN consent_permission AS permission
    ON permission.address_key = verdict.address_key
    AND permission.channel = {channel} AND permission.purpose_id = {purpose}
""")
# Read where the law reads: a second look at the same rows would cost as much again.
_OF_THE_READER: dict[str, sql.Composable] = {
    "reader_address": sql.SQL("detail.address"),
    "reader_key_id": sql.SQL("detail.key_id"),
    "reader_first_name": sql.SQL("prospect.first_name"),
    "reader_last_name": sql.SQL("prospect.last_name"),
    "reader_company": sql.SQL("prospect.company"),
    "reader_activity": sql.SQL("prospect.activity_id"),
    "reader_source": sql.SQL("source.kind"),
    "reader_since": sql.SQL("source.collected_at"),
    "reader_place": sql.SQL("source.place"),
    "reader_partner": sql.SQL("source.partner"),
}


class Allowed(NamedTuple):
    """A message that the law allows, with its ground and its reader."""

    claimed: Claimed
    ground: str
    reader: Reader


class Refused(NamedTuple):
    """A message that may not leave, and the reason."""

    claimed: Claimed
    reason: str


def judge(
    campaign: Campaign, messages: Sequence[Claimed], *, at: datetime, extras: Sequence[ExtraField] = ()
) -> Iterator[Allowed | Refused]:
    """Say of each of these messages whether it may leave now, and read what it shows of extra fields."""
    found = {row[0]: row for row in _rows(campaign, [message.detail_id for message in messages], at, extras)}
    purpose = in_language(campaign.purpose, "name", campaign.language)
    token = token_maker(campaign.channel, campaign.purpose_id)
    for message in messages:
        row = found.get(message.detail_id)
        if row is None:  # the person was erased since the launch
            yield Refused(message, "erased")
            continue
        allowed, outcome = decode(row[1])
        if allowed:
            reader = _reader(campaign, message, str(outcome), purpose, row, extras, token)
            yield Allowed(message, str(outcome), reader)
        else:
            yield Refused(message, str(outcome))


def _rows(
    campaign: Campaign, details: Iterable[int | None], at: datetime, extras: Sequence[ExtraField]
) -> list[tuple[Any, ...]]:
    these = sql.SQL("detail.id = ANY({})").format(sql.Literal([detail for detail in details if detail is not None]))
    tracked: sql.Composable = sql.Literal(False)
    if campaign.count_clicks:  # only there does the answer change what is sent
        tracked = sql.SQL("verdict.detail_id IN ({})").format(tracked_sql(at, only=these))
    also = _OF_THE_READER | ({"reader_extra": values_sql(extras)} if extras else {})
    query = _READERS.format(
        paris=sql.Literal(PARIS_NAME),
        customer=sql.Literal(CODES[Ground.CUSTOMER]),
        activity=sql.Identifier("activity", f"name_{campaign.language}"),
        tracked=tracked,
        extra=sql.SQL("reader_extra" if extras else "NULL"),
        verdicts=verdicts_sql(campaign.as_law_message(), at, only=these, also=also),
        channel=sql.Literal(campaign.channel),
        purpose=sql.Literal(campaign.purpose_id),
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _reader(
    campaign: Campaign,
    message: Claimed,
    ground: str,
    purpose: str,
    row: tuple[Any, ...],
    extras: Sequence[ExtraField],
    token: Callable[[UUID, int], str],
) -> Reader:
    _detail, _code, address, key, key_id, first_name, last_name, company, given_on, *origin = row
    kind, collected_on, place, partner, bought_on, activity, tracked, noted = origin
    provenance = Provenance(given_on, bought_on, activity or "", kind, collected_on, place, partner)
    shown = extra_words(extras, json.loads(noted), campaign.language) if extras else {}
    return Reader(
        address=address,
        message_id=message.message_id.hex,
        token=token(key, key_id),
        words={
            "first_name": first_name,
            "last_name": last_name,
            "company": company,
            "visit": visit_word(message.pk) if tracked else "",
            "why": _why(ground, provenance, purpose, campaign.language),
            **shown,
        },
    )


# Readers who signed up on the same day and form read the same sentence.
_why = lru_cache(maxsize=10_000)(why)
