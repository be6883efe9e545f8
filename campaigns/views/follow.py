import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django_htmx.http import HttpResponseClientRefresh

from campaigns.access import MarketerRequest, marketers_only
from campaigns.disclosure import went_to_few
from campaigns.forecast import forecast
from campaigns.models import Campaign, Series
from campaigns.progress import progress_of
from campaigns.readiness import obstacles
from campaigns.results import Results
from campaigns.troubles import trouble_words
from campaigns.words import window_words

Status = Campaign.Status

# A scheduled campaign's page looks for its launch only when that is near.
SECONDS_NEAR = 10 * 60


@marketers_only
def campaign(request: MarketerRequest, pk: int) -> HttpResponse:
    """One campaign: what to do next while it is a draft, how it goes while it is sent, what became of it afterwards."""
    found = get_object_or_404(Campaign.objects.select_related("purpose", "created_by", "sender"), pk=pk)
    return render(
        request,
        "campaigns/campaign.html",
        _how_it_goes(found)
        | {
            "obstacles": obstacles(found) if found.is_draft else [],
            "series": Series.objects.filter(original=found).exclude(status=Series.Status.ENDED).first(),
            "results": Results.shown_of(found),
            "went_to_few": found.launched_at is not None and went_to_few(found),
            "creation_key": uuid.uuid4(),
        },
    )


@marketers_only
def progress(request: MarketerRequest, pk: int) -> HttpResponse:
    """How sending goes, asked for again and again by the page; once the status changes, the whole page is due."""
    found = get_object_or_404(Campaign, pk=pk)
    if request.GET.get("status") != found.status:
        return HttpResponseClientRefresh()
    return render(request, "campaigns/parts/progress.html", _how_it_goes(found))


def _how_it_goes(campaign: Campaign) -> dict[str, Any]:
    """Where a campaign stands, how fast it goes and when it should end."""
    progress = progress_of(campaign) if campaign.launched_at else None
    expected, now = None, timezone.now()
    if progress and campaign.status == Status.RUNNING:
        expected = forecast(campaign, progress.waiting, since=now, measured=progress.sent_lately / 60)
    return {
        "campaign": campaign,
        "progress": progress,
        "forecast": expected,
        "ends_within_a_minute": expected and expected.ends_at and (expected.ends_at - now).total_seconds() < 60,
        "leaves_soon": _leaves_soon(campaign),
        "trouble": trouble_words(campaign),
        "window": window_words(campaign),
    }


def _leaves_soon(campaign: Campaign) -> bool:
    if campaign.status != Status.SCHEDULED or campaign.send_at is None:
        return False
    return (campaign.send_at - timezone.now()).total_seconds() < SECONDS_NEAR
