from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from campaigns.access import MarketerRequest, marketers_only
from campaigns.audience import Audience, count_audience, legal_sources, lines
from campaigns.forms import LONGEST_WAIT
from campaigns.models import Campaign


@marketers_only
def audience(request: MarketerRequest, pk: int) -> HttpResponse:
    """Count who may receive a campaign and who may not: as a part of a page, or alone."""
    campaign = get_object_or_404(Campaign.objects.select_related("purpose"), pk=pk)
    kept = Audience.from_json(campaign.audience)
    counted = kept or count_audience(campaign, at=_moment(request, campaign))
    sources = legal_sources(campaign, at=counted.at)
    return render(
        request,
        "campaigns/parts/audience.html" if request.htmx else "campaigns/audience.html",
        {
            "campaign": campaign,
            "audience": counted,
            "allowed": lines(counted.allowed, sources),
            "refused": lines(counted.refused, sources),
            "counted_at": counted.at if kept else timezone.now(),
            "is_kept": bool(kept),
        },
    )


def _moment(request: MarketerRequest, campaign: Campaign) -> datetime:
    """The moment to judge for: the one asked, else that of sending, else now; never past, nor beyond any schedule."""
    try:
        asked = parse_datetime(request.GET.get("at", ""))
    except ValueError:
        asked = None
    moment = asked if asked and asked.tzinfo else campaign.send_at
    now = timezone.now()
    return min(max(moment or now, now), now + LONGEST_WAIT)
