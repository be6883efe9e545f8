"""One count that runs beside a page: how far it is, what it found, and a few of those it found."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from campaigns import counting
from campaigns.access import MarketerRequest, marketers_only
from campaigns.counting import Question
from campaigns.disclosure import Discretion
from campaigns.models import AudienceCount
from campaigns.sample import sample
from campaigns.split import split


def told(count: AudienceCount) -> dict[str, Any]:
    """What a page needs to show a count, whatever has become of it."""
    if count.status != AudienceCount.Status.DONE:
        return {"count": count, "percent": counting.percent_done(count, at=timezone.now())}
    question = Question.from_json(count.question)
    audience = counting.audience_of(count)
    return {
        "count": count,
        "audience": audience,
        "split": split(audience, question.message, is_narrowed=bool(question.among)),
        "age_minutes": _minutes_since(count.finished_at),
    }


def _minutes_since(moment: datetime | None) -> int:
    return int((timezone.now() - moment).total_seconds() // 60) if moment else 0


@marketers_only
def count(request: MarketerRequest, pk: int) -> HttpResponse:
    """Show a count of one's own, or ask its question afresh: as a part of a page, or alone."""
    found = get_object_or_404(AudienceCount, pk=pk, asked_by=request.user)
    if "afresh" in request.GET:
        question = Question.from_json(found.question)
        now = timezone.now()
        found = counting.ask(question, page=found.page, user=request.user, now=now, afresh=True)
        if not request.htmx:
            return redirect("campaigns:count", found.pk)
    return render(
        request,
        "campaigns/parts/count.html" if request.htmx else "campaigns/count.html",
        {**told(found), "is_short": "short" in request.GET},
    )


@marketers_only
def contacts(request: MarketerRequest, pk: int) -> HttpResponse:
    """Show a few masked contacts of an audience that is large enough."""
    found = get_object_or_404(AudienceCount, pk=pk, asked_by=request.user, status=AudienceCount.Status.DONE)
    question = Question.from_json(found.question)
    audience = counting.audience_of(found)
    hidden = Discretion(bool(question.among)).hides(audience.allowed_total)
    some = [] if hidden else sample(question, of=audience.allowed_total, seed=found.pk, at=audience.at)
    return render(
        request,
        "campaigns/parts/sample.html" if request.htmx else "campaigns/sample.html",
        {"count": found, "contacts": some, "is_hidden": hidden},
    )
