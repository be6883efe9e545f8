"""Every campaign, with what finds one of them."""

from django.core.paginator import Paginator
from django.db.models import Case, F, IntegerField, Q, Value, When
from django.http import HttpResponse
from django.shortcuts import render

from campaigns.access import MarketerRequest, marketers_only
from campaigns.models import Campaign

Status = Campaign.Status
PAGE = 25

# What asks for a decision comes first, then what is on its way, then drafts, then the past.
_PLACE = Case(
    When(status__in=[Status.LATE, Status.AWAITING_APPROVAL], then=Value(0)),
    When(status__in=[Status.RUNNING, Status.PAUSED], then=Value(1)),
    When(status=Status.SCHEDULED, then=Value(2)),
    When(status=Status.DRAFT, then=Value(3)),
    default=Value(4),
    output_field=IntegerField(),
)


@marketers_only
def every_campaign(request: MarketerRequest) -> HttpResponse:
    """Every campaign, the most pressing first; those of one status, or that have these words."""
    status, words = request.GET.get("status", ""), request.GET.get("words", "").replace("\x00", "").strip()
    campaigns = Campaign.objects.select_related("purpose")
    if status in Status.values:
        campaigns = campaigns.filter(status=status)
    if words:
        campaigns = campaigns.filter(Q(name__icontains=words) | Q(subject__icontains=words))
    campaigns = campaigns.order_by(_PLACE, F("send_at").asc(nulls_last=True), "-created_at", "-pk")
    return render(
        request,
        "campaigns/every.html",
        {
            "page": Paginator(campaigns, PAGE).get_page(request.GET.get("page")),
            "statuses": Status.choices,
            "status": status,
            "words": words,
            "is_narrowed": bool(words) or status in Status.values,
        },
    )
