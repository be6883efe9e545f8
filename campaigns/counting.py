"""Counts of audiences that run beside the pages: asked by a page, answered by a worker, kept for a while.

Where few people are known, the page waits for the answer instead: no worker is needed then.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from campaigns.audience import Audience
from campaigns.models import AudienceCount, Campaign
from consent import law
from prospects.filters import Filter
from prospects.models import ContactDetail
from prospects.reach import count_codes, read_counts

# With so many contact details or fewer, counting takes no longer than showing the page.
AT_ONCE = 20_000
# An answer is given again for so long; a count that has none by then was lost with its worker.
FRESH = timedelta(minutes=10)
KEPT = timedelta(days=2)

_CANCEL = """
SELECT pg_cancel_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND state = 'active'
    AND query LIKE ANY(%s) AND pid <> pg_backend_pid()
"""

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
    count = AudienceCount(key=question.key, question=question.as_json(), page=page, asked_by=user, asked_at=now)
    if _details_known(AT_ONCE + 1) <= AT_ONCE:
        count.status, count.started_at = Status.DONE, now
        count.figures = _figures(question)
        count.finished_at = timezone.now()
        count.save(force_insert=True)
        return count
    if not afresh and (known := _known(question, now)):
        return known
    _supersede(AudienceCount.objects.unfinished().filter(page=page, asked_by=user))
    count.expected_seconds = _usual_seconds()
    count.save(force_insert=True)
    transaction.on_commit(lambda: _begin(count.pk), robust=True)
    return count


def answer(pk: int) -> None:
    """Count what is asked, unless somebody does already; nobody waits for what is superseded meanwhile."""
    waiting = AudienceCount.objects.filter(pk=pk, status=Status.WAITING)
    if not waiting.update(status=Status.COUNTING, started_at=timezone.now()):
        return
    question = Question.from_json(AudienceCount.objects.get(pk=pk).question)
    counting = AudienceCount.objects.filter(pk=pk, status=Status.COUNTING)
    try:
        with transaction.atomic():
            figures = _figures(question, name=_statement(pk))
    except Exception:
        # What was superseded was cancelled on purpose; anything else is a failure, which the page and the logs tell.
        if counting.update(status=Status.FAILED, finished_at=timezone.now()):
            raise
    else:
        counting.update(status=Status.DONE, finished_at=timezone.now(), figures=figures)


def audience_of(count: AudienceCount) -> Audience:
    """Read the answer."""
    reach = read_counts({int(code): number for code, number in count.figures.items()})
    assert count.finished_at is not None  # noqa: S101 - a constraint says so
    return Audience.of_reach(reach, at=Question.from_json(count.question).at or count.finished_at)


def percent_done(count: AudienceCount, *, at: datetime) -> int | None:
    """Say how far a count should be, by how long the latest took; None where nobody can tell."""
    if count.started_at is None or not count.expected_seconds:
        return None
    return min(95, round(100 * (at - count.started_at).total_seconds() / count.expected_seconds))


def forget_old_counts(*, at: datetime) -> int:
    """Delete the counts that nobody will look at again."""
    return AudienceCount.objects.filter(asked_at__lt=at - KEPT).delete()[0]


def _figures(question: Question, *, name: str = "") -> dict[int, int]:
    at = question.at or timezone.now()
    return count_codes(question.message, at, among=question.among.condition(at), name=name, with_timing=False)


def _known(question: Question, now: datetime) -> AudienceCount | None:
    """The latest count of this question, if it is being made or fresh."""
    same = AudienceCount.objects.filter(key=question.key, asked_at__gt=now - FRESH)
    latest = same.order_by("-asked_at", "-pk").first()
    is_of_use = latest is not None and latest.status in (Status.WAITING, Status.COUNTING, Status.DONE)
    return latest if is_of_use else None


def _supersede(counts: QuerySet[AudienceCount]) -> None:
    """Mark these as no longer wanted, and cancel their statements, which PostgreSQL knows by their names."""
    names = [f"{_statement(pk)}%" for pk in counts.values_list("pk", flat=True)]
    if names:
        counts.update(status=Status.SUPERSEDED)
        with connection.cursor() as cursor:
            cursor.execute(_CANCEL, [names])


def _statement(pk: int) -> str:
    return f"/* count {pk} */"


def _usual_seconds() -> float | None:
    latest = AudienceCount.objects.filter(status=Status.DONE).order_by("-asked_at").first()
    if latest is None or latest.started_at is None or latest.finished_at is None:
        return None
    return (latest.finished_at - latest.started_at).total_seconds()


def _details_known(most: int) -> int:
    """Count the contact details, up to so many."""
    with connection.cursor() as cursor:
        table = ContactDetail._meta.db_table
        cursor.execute(f"SELECT count(*) FROM (SELECT FROM {table} LIMIT %s) AS known", [most])  # noqa: S608
        known: int = cursor.fetchone()[0]
    return known


def _begin(pk: int) -> None:
    from campaigns.tasks import count_audience  # tasks call this module

    count_audience.delay(pk)
