import uuid

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django_htmx.http import HttpResponseClientRefresh

from campaigns.access import MarketerRequest, marketers_only
from campaigns.fields import EXAMPLES, fill
from campaigns.models import Campaign
from campaigns.progress import progress_of
from campaigns.readiness import obstacles
from campaigns.troubles import trouble_words
from campaigns.words import window_words

Status = Campaign.Status

# A scheduled campaign's page looks for its launch only when that is near.
SECONDS_NEAR = 10 * 60


@marketers_only
def campaign(request: MarketerRequest, pk: int) -> HttpResponse:
    """One campaign: what to do next while it is a draft, how it goes while it is sent, what became of it afterwards."""
    found = get_object_or_404(Campaign.objects.select_related("purpose", "created_by"), pk=pk)
    return render(
        request,
        "campaigns/campaign.html",
        {
            "campaign": found,
            "subject": fill(found.subject, EXAMPLES),
            "obstacles": obstacles(found) if found.is_draft else [],
            "progress": progress_of(found) if found.launched_at else None,
            "leaves_soon": _leaves_soon(found),
            "trouble": trouble_words(found),
            "window": window_words(found),
            "creation_key": uuid.uuid4(),
        },
    )


@marketers_only
def progress(request: MarketerRequest, pk: int) -> HttpResponse:
    """How sending goes, asked for again and again by the page; once the status changes, the whole page is due."""
    found = get_object_or_404(Campaign, pk=pk)
    if request.GET.get("status") != found.status:
        return HttpResponseClientRefresh()
    return render(
        request,
        "campaigns/parts/progress.html",
        {
            "campaign": found,
            "progress": progress_of(found) if found.launched_at else None,
            "leaves_soon": _leaves_soon(found),
            "trouble": trouble_words(found),
            "window": window_words(found),
        },
    )


def _leaves_soon(campaign: Campaign) -> bool:
    if campaign.status != Status.SCHEDULED or campaign.send_at is None:
        return False
    return (campaign.send_at - timezone.now()).total_seconds() < SECONDS_NEAR
