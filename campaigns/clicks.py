"""Clicks: counted for everybody without a name, and a sign of life of those alone who agreed to tracking.

A robot's click is nobody's: what names itself one, what comes within seconds of the delivery, what follows different
links at once. A named click waits a minute before it counts, so that robots give themselves away; then it is forgotten.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import F
from psycopg.sql import SQL, Literal

from campaigns.delivery.links import tracked_sql
from campaigns.models import Click, Link, Message
from campaigns.visits import message_of_visit

# Nobody reads a mail and follows a link faster; scanners of incoming mail do.
SOONEST = timedelta(seconds=10)
# Different links followed by one reader within this long were followed by a machine.
AT_ONCE = timedelta(seconds=3)
QUIET = timedelta(minutes=1)

_ROBOTS = re.compile(
    r"bot\b|bot/|crawl|spider|scan|preview|prefetch|monitor|headless|phantom|python|curl|wget|libwww|okhttp|java/"
    r"|go-http-client|apache-httpclient|proofpoint|mimecast|barracuda|safelinks|symantec|messagelabs|trendmicro|sophos"
    r"|fireeye|cloudmark|ironport|forcepoint|zscaler|vade|bitdefender|kaspersky|facebookexternalhit|whatsapp|slack",
    re.IGNORECASE,
)

_SETTLE = """
WITH settled AS (
    DELETE FROM campaigns_click WHERE message_id IN (
        SELECT message_id FROM campaigns_click GROUP BY message_id HAVING max(at) < %(quiet)s)
    RETURNING link_id, message_id, at
), human AS (
    SELECT * FROM settled AS click WHERE NOT EXISTS (
        SELECT FROM settled AS other
        WHERE other.message_id = click.message_id AND other.link_id <> click.link_id
            AND other.at BETWEEN click.at - %(at_once)s AND click.at + %(at_once)s)
), counted AS (
    UPDATE campaigns_link AS link SET clicks = link.clicks + followed.times
    FROM (SELECT link_id, count(*) AS times FROM human GROUP BY link_id) AS followed WHERE link.id = followed.link_id
), visit AS (
    SELECT detail.prospect_id, max(human.at) AS at
    FROM human JOIN campaigns_message AS message ON message.id = human.message_id
    JOIN prospects_contactdetail AS detail ON detail.id = message.detail_id
    GROUP BY detail.prospect_id
), person AS (
    SELECT id FROM prospects_prospect WHERE id IN (SELECT prospect_id FROM visit) ORDER BY id FOR NO KEY UPDATE
)
INSERT INTO prospects_interaction (prospect_id, kind, at)
SELECT visit.prospect_id, 'clicked', visit.at FROM visit JOIN person ON person.id = visit.prospect_id
"""


def is_robot(headers: Mapping[str, str]) -> bool:
    """Whether whoever asks says that it is no reader: a scanner, a preview, a prefetch, or nobody at all."""
    agent = headers.get("User-Agent", "")
    purpose = headers.get("Sec-Purpose", "") + headers.get("Purpose", "") + headers.get("X-Moz", "")
    return not agent or bool(_ROBOTS.search(agent)) or "prefetch" in purpose or "preview" in purpose


def note_click(link: Link, visit: str, *, at: datetime) -> None:
    """Count a click, or keep it for a minute where its reader agreed to tracking and still does."""
    message = _tracked_message(link, visit, at)
    if message is None:
        Link.objects.filter(pk=link.pk).update(clicks=F("clicks") + 1)
    elif message.ended_at is not None and at >= message.ended_at + SOONEST:
        Click.objects.create(link=link, message=message, at=at)


def settle_clicks(*, at: datetime) -> int:
    """Count the clicks that people made, and let their signs of life be known. Returns how many people clicked."""
    with connection.cursor() as cursor:
        parameters: dict[str, Any] = {"quiet": at - QUIET, "at_once": AT_ONCE}
        cursor.execute(_SETTLE, parameters)
        return int(cursor.rowcount)


def _tracked_message(link: Link, visit: str, at: datetime) -> Message | None:
    """The message whose reader follows a link, if the link says so and the reader agreed."""
    number = message_of_visit(visit) if visit else None
    if number is None:
        return None
    message = Message.objects.filter(pk=number, campaign_id=link.campaign_id, detail__isnull=False).first()
    if message is None:
        return None
    with connection.cursor() as cursor:
        only = SQL("detail.id = {}").format(Literal(message.detail_id))
        cursor.execute(SQL("SELECT EXISTS ({})").format(tracked_sql(at, only=only)))
        return message if cursor.fetchone()[0] else None
