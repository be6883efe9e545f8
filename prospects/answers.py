"""For one person, the law's answer on every address, channel and purpose at once: one statement."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from psycopg.sql import SQL, Literal

from consent import law
from consent.law import Ground, Message
from consent.models import Purpose
from consent.vocabulary import MEDIUM_OF, Channel
from prospects.models import ContactDetail
from prospects.reach import Refusal, decode, verdicts_sql

_ANSWER = "SELECT {channel}::text, {purpose}::bigint, detail_id, code FROM ({verdicts}) AS verdict"


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether a message that names no product may reach this address now, and on what ground or for what reason."""

    detail_id: int
    channel: Channel
    purpose_id: int
    allowed: bool
    outcome: Ground | Refusal


def answers(
    details: Sequence[ContactDetail], purposes: Iterable[Purpose], *, at: datetime
) -> dict[tuple[int, Channel, int], Answer]:
    """Return the answer for each of one person's details, on each channel that it serves, for each purpose."""
    media = {detail.medium for detail in details}
    mine = SQL("detail.id = ANY({})").format(Literal([detail.pk for detail in details]))
    parts = [
        SQL(_ANSWER).format(
            channel=Literal(channel.value),
            purpose=Literal(purpose.pk),
            verdicts=verdicts_sql(
                Message(channel=law.Channel(channel), purpose=purpose.slug), at, only=mine, purpose_id=purpose.pk
            ),
        )
        for purpose in purposes
        for channel in Channel
        if MEDIUM_OF[channel] in media
    ]
    if not parts:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(SQL(" UNION ALL ").join(parts))
        rows = cursor.fetchall()
    found = (
        Answer(detail_id, Channel(channel), purpose_id, *decode(code)) for channel, purpose_id, detail_id, code in rows
    )
    return {(answer.detail_id, answer.channel, answer.purpose_id): answer for answer in found}
