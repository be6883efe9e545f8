"""Counts of audiences that run beside the pages: asked by a page, answered by a worker part by part, kept for a while.

Where few people are known, the page waits for the answer instead: no worker is needed then.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from psycopg.sql import SQL, Composable, Literal

from campaigns.audience import Audience
from campaigns.models import AudienceCount, Campaign
from consent import law
from prospects.filters import Filter
from prospects.models import ContactDetail
from prospects.reach import count_codes, read_counts

# With so many contact details or fewer, counting takes no longer than showing the page.
AT_ONCE = 20_000
PARTS = 8
# An answer is given again for so long; a count that has none by then was lost with its worker.
FRESH = timedelta(minutes=10)
KEPT = timedelta(days=2)

Status = AudienceCount.Status


@dataclass(frozen=True, slots=True)
class Question:
    """What is counted: a message, among whom, and for which moment; None is the moment of counting."""

    message: law.Message
    among: Filter
    at: datetime | None = None

    @classmethod
    def of(cls, campaign: Campaign, *, among: Filter | None = None, at: datetime | None = None) -> "Question":
        """Ask about a campaign's saved audience, or among others than its own."""
        return cls(campaign.as_law_message(), campaign.chosen_filter if among is None else among, at)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Question":
        message = law.Message(
            channel=law.Channel(kept["channel"]),
            purpose=kept["purpose"],
            families=frozenset(kept["families"]),
            activities=frozenset(kept["activities"]),
            sector=kept["sector"],
        )
        at = datetime.fromisoformat(kept["at"]) if kept["at"] else None
        return cls(message, Filter.from_json(kept["filter"]), at)

    def as_json(self) -> dict[str, Any]:
        return {
            "channel": str(self.message.channel),
            "purpose": self.message.purpose,
            "families": sorted(self.message.families),
            "activities": sorted(self.message.activities),
            "sector": self.message.sector,
            "filter": self.among.as_json(),
            "at": self.at.isoformat() if self.at else None,
            "rulebook": settings.PROSPECTING_RULEBOOK,
        }

    @property
    def key(self) -> str:
        return hashlib.sha256(json.dumps(self.as_json(), sort_keys=True).encode()).hexdigest()


@transaction.atomic
def ask(question: Question, *, page: str, user: User, now: datetime, afresh: bool = False) -> AudienceCount:
    """Return the count that answers this question, begun where none is under way or fresh.

    The next question of the same page and person supersedes this one: what nobody waits for stops.
    """
    counts = AudienceCount.objects
    if not afresh and (known := _known(question, now)):
        return known
    counts.unfinished().filter(page=page, asked_by=user).update(status=Status.SUPERSEDED)
    is_small = _details_known(AT_ONCE + 1) <= AT_ONCE
    count = counts.create(
        key=question.key,
        question=question.as_json(),
        page=page,
        asked_by=user,
        asked_at=now,
        parts=1 if is_small else PARTS,
    )
    if is_small:
        answer(count.pk)
        count.refresh_from_db()
    else:
        transaction.on_commit(lambda: _begin(count.pk), robust=True)
    return count


def _known(question: Question, now: datetime) -> AudienceCount | None:
    """The latest count of this question, if it is being made or fresh."""
    same = AudienceCount.objects.filter(key=question.key, asked_at__gt=now - FRESH)
    latest = same.order_by("-asked_at", "-pk").first()
    if latest is None or latest.status in (Status.WAITING, Status.COUNTING):
        return latest
    is_fresh = latest.status == Status.DONE and latest.parts > 1
    return latest if is_fresh else None


def answer(pk: int) -> None:
    """Count what is asked, unless somebody does already, and stop once nobody wants it any more."""
    claimed = AudienceCount.objects.filter(pk=pk, status=Status.WAITING)
    if not claimed.update(status=Status.COUNTING, started_at=timezone.now()):
        return
    count = AudienceCount.objects.get(pk=pk)
    mine = AudienceCount.objects.filter(pk=pk, status=Status.COUNTING)
    question, figures = Question.from_json(count.question), Counter[int]()
    at = question.at or timezone.now()
    try:
        for part in _parts(count.parts):
            conditions = [condition for condition in (question.among.condition(at), part) if condition is not None]
            among = SQL(" AND ").join(conditions) if conditions else None
            figures.update(count_codes(question.message, at, among=among))
            if not mine.update(parts_done=F("parts_done") + 1):
                return
    except Exception:
        mine.update(status=Status.FAILED, finished_at=timezone.now())
        raise
    mine.update(status=Status.DONE, finished_at=timezone.now(), figures=figures)


def audience_of(count: AudienceCount) -> Audience:
    """Read the answer."""
    reach = read_counts({int(code): number for code, number in count.figures.items()})
    assert count.finished_at is not None  # noqa: S101 - a constraint says so
    return Audience.of_reach(reach, at=Question.from_json(count.question).at or count.finished_at)


def forget_old_counts(*, at: datetime) -> int:
    """Delete the counts that nobody will look at again."""
    return AudienceCount.objects.filter(asked_at__lt=at - KEPT).delete()[0]


def _parts(count: int) -> Iterator[Composable | None]:
    """Cut all addresses by their keys, which are spread evenly: whoever shares an address is in the same part."""
    if count == 1:
        yield None
        return
    width = 2**128 // count
    for number in range(count):
        low = Literal(UUID(int=number * width))
        if number == count - 1:
            yield SQL("detail.address_key >= {}").format(low)
        else:
            high = Literal(UUID(int=(number + 1) * width))
            yield SQL("detail.address_key >= {} AND detail.address_key < {}").format(low, high)


def _details_known(most: int) -> int:
    """Count the contact details, up to so many."""
    with connection.cursor() as cursor:
        table = ContactDetail._meta.db_table
        cursor.execute(f"SELECT count(*) FROM (SELECT FROM {table} LIMIT %s) AS some", [most])  # noqa: S608
        known: int = cursor.fetchone()[0]
    return known


def _begin(pk: int) -> None:
    from campaigns.tasks import count_audience  # tasks call this module

    count_audience.delay(pk)
