"""The first page of a marketer's day: whom one may reach today, what is on its way, what is about to be lost."""

from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from campaigns.access import MarketerRequest, marketers_only
from campaigns.alerts import alerts
from campaigns.models import Campaign, DailyFigures
from campaigns.paris_time import PARIS
from campaigns.tasks import take_stock
from campaigns.trend import trend_of
from consent.models import Organisation, Purpose, SignupForm

Status = Campaign.Status
SHOWN = 5
_ASKED = "stock-asked"
_ASKED_SECONDS = 120


@marketers_only
def home(request: MarketerRequest) -> HttpResponse:
    """Show the day: heavy figures are those kept of it, with their age."""
    reach = _reach(request)
    return render(
        request,
        "campaigns/home.html",
        {
            **reach,
            **_campaigns(),
            "alerts": alerts(Organisation.objects.current(), reach["figures"]),
            "has_forms": bool(reach["purposes"]) and SignupForm.objects.open_to_the_public().exists(),
        },
    )


@marketers_only
def reach(request: MarketerRequest) -> HttpResponse:
    """The part of the home page that says whom one may reach, for one purpose; while it is counted, asked again."""
    if not request.htmx:
        return redirect("campaigns:home")
    return render(request, "campaigns/parts/reach.html", _reach(request))


@require_POST
@marketers_only
def recount(request: MarketerRequest) -> HttpResponse:
    """Count today's figures afresh, beside the page."""
    cache.set(_ASKED, True, timeout=_ASKED_SECONDS)
    take_stock.delay(afresh=True)
    return redirect("campaigns:home")


def _reach(request: MarketerRequest) -> dict[str, Any]:
    today = timezone.localdate(timezone=PARIS)
    purposes = list(Purpose.objects.all())
    chosen = next((purpose for purpose in purposes if purpose.slug == request.GET.get("purpose")), None)
    purpose = chosen or (purposes[0] if purposes else None)
    figures = DailyFigures.objects.order_by("-day").first()
    trend = trend_of(purpose, until=today) if purpose else None
    is_counted = figures is not None and figures.day == today and trend is not None and trend.day == today
    if purposes and not is_counted:
        _ask_once()
    return {
        "purposes": purposes,
        "purpose": purpose,
        "trend": trend,
        "figures": figures,
        "losses": _months(figures),
        "is_counting": bool(purposes) and not is_counted,
    }


def _ask_once() -> None:
    """Have today's figures counted; many pages that find them missing ask once."""
    if cache.add(_ASKED, True, timeout=_ASKED_SECONDS):
        take_stock.delay()


def _months(figures: DailyFigures | None) -> list[tuple[datetime, int]]:
    kept = figures.losses if figures else {}
    return [(datetime.strptime(month, "%Y-%m").replace(tzinfo=PARIS), count) for month, count in sorted(kept.items())]


def _campaigns() -> dict[str, Any]:
    """The campaigns that ask for something today, and a few of the others."""
    every = Campaign.objects.select_related("purpose")
    return {
        "to_decide": every.filter(status__in=[Status.LATE, Status.AWAITING_APPROVAL]).order_by("-status", "send_at"),
        "running": every.under_way().order_by("launched_at"),
        "due": every.filter(status=Status.SCHEDULED).order_by("send_at")[:SHOWN],
        "drafts": every.drafts().order_by("-created_at", "-pk")[:SHOWN],
        "done": every.filter(Q(status=Status.DONE) | Q(status=Status.CANCELLED)).order_by("-finished_at")[:SHOWN],
    }
