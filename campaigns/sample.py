"""A few contacts of an audience, masked: enough to see what a filter does, too little to know anybody."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import TextChoices
from psycopg.sql import SQL, Literal

from campaigns.counting import Question
from campaigns.words import outcome_words
from consent.law import FIRST_REFUSAL_CODE
from consent.vocabulary import Language, Medium
from prospects.models import Prospect
from prospects.reach import decode, verdicts_sql

SIZE = 5
_ENOUGH = 20  # contacts to expect in the stretch that is judged, so that a few of them are found at once
_WIDER = 16
_ALL = 2**128

_SAMPLE = SQL("""
SELECT detail.medium, detail.address, prospect.kind, prospect.language, verdict.code
FROM ({verdicts}) AS verdict
JOIN prospects_contactdetail AS detail ON detail.id = verdict.detail_id
JOIN prospects_prospect AS prospect ON prospect.id = verdict.prospect_id
WHERE verdict.code < {refusal} ORDER BY md5(detail.id::text) LIMIT {size}
""")


@dataclass(frozen=True, slots=True)
class Contact:
    """One contact as marketers may see it."""

    address: str
    kind: str
    language: str
    ground: str


def sample(question: Question, *, of: int, seed: int, at: datetime) -> Sequence[Contact]:
    """Return a few of those who may be reached, the same for the same seed.

    A stretch of all keys is judged: so wide that, of `of` contacts, it likely holds enough, else wider.
    """
    start = random.Random(seed).randrange(_ALL)  # noqa: S311 - nothing secret hangs on it
    width = min(_ALL, _ALL * _ENOUGH // max(of, 1))
    while True:
        found = _judged(question, start, width, at)
        if len(found) == SIZE or width == _ALL:
            return found
        width = min(_ALL, width * _WIDER)


def _judged(question: Question, start: int, width: int, at: datetime) -> list[Contact]:
    end = start + width
    stretch = SQL("detail.address_key BETWEEN {} AND {}").format(_key(start), _key(min(end, _ALL) - 1))
    if end > _ALL:  # the keys go round
        stretch = SQL("({} OR detail.address_key < {})").format(stretch, _key(end - _ALL))
    verdicts = verdicts_sql(question.message, at, only=stretch, among=question.among.condition(at), with_timing=False)
    with connection.cursor() as cursor:
        cursor.execute(_SAMPLE.format(verdicts=verdicts, refusal=Literal(FIRST_REFUSAL_CODE), size=Literal(SIZE)))
        return [
            Contact(masked(medium, address), _label(Prospect.Kind, kind), _label(Language, language), _ground(code))
            for medium, address, kind, language, code in cursor.fetchall()
        ]


def masked(medium: str, address: str) -> str:
    """Return what may be shown of an address: what it begins with, never how long it is."""
    match medium:
        case Medium.EMAIL:
            local, _at, domain = address.partition("@")
            name, _dot, ending = domain.rpartition(".")
            return f"{_beginning(local)}•••@{_beginning(name)}•••.{ending}"
        case Medium.PHONE | Medium.FAX:
            return f"{address[:4]} •• •• •• ••"
        case _:
            return "•••"


def _beginning(part: str) -> str:
    """Its first letter, unless that says too much of so short a word."""
    return part[:1] if len(part) > 2 else ""


def _label(choices: type[TextChoices], value: str) -> str:
    return str(choices(value).label)


def _ground(code: int) -> str:
    return outcome_words(str(decode(code)[1]))


def _key(number: int) -> Literal:
    return Literal(UUID(int=number))
