from django.core.paginator import Paginator
from django.db.models import Case, Count, F, IntegerField, Q, Value, When
from django.http import HttpResponse
from django.shortcuts import render

from campaigns.access import MarketerRequest, marketers_only
from campaigns.models import Campaign
from consent.models import Purpose

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
def home(request: MarketerRequest) -> HttpResponse:
    """Every campaign, the most pressing first."""
    campaigns = Campaign.objects.select_related("purpose").order_by(
        _PLACE, F("send_at").asc(nulls_last=True), "-created_at", "-pk"
    )
    page = Paginator(campaigns, PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "campaigns/home.html",
        {
            "page": page,
            "has_purposes": bool(page.object_list) or Purpose.objects.exists(),
            "counts": Campaign.objects.aggregate(
                awaiting=Count("pk", filter=Q(status=Status.AWAITING_APPROVAL)),
                late=Count("pk", filter=Q(status=Status.LATE)),
                under_way=Count("pk", filter=Q(status__in=[Status.RUNNING, Status.PAUSED])),
                scheduled=Count("pk", filter=Q(status=Status.SCHEDULED)),
            ),
        },
    )
