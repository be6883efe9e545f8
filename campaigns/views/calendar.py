from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import get_language

from campaigns.access import MarketerRequest, marketers_only
from campaigns.calendar import calendar_of, holiday_name, leaving_between
from campaigns.forms import LONGEST_WAIT
from campaigns.models import Campaign
from campaigns.paris_time import PARIS
from consent.law.days import FIRST_YEAR, LAST_YEAR, ONE_DAY, start_of_day

DRAFTS_SHOWN = 50


@marketers_only
def calendar(request: MarketerRequest) -> HttpResponse:
    """What left and what is to leave, over a month or a week."""
    today = timezone.localdate(timezone=PARIS)
    shown = calendar_of(
        request.GET.get("span", ""), request.GET.get("day", ""), today=today, language=get_language() or "fr"
    )
    return render(
        request,
        "campaigns/calendar.html",
        {
            "calendar": shown,
            "days": shown.days(leaving_between(*shown.bounds), today),
            "weekdays": [WEEKDAYS_ABBR[number] for number in range(7)],
            "today": today,
        },
    )


@marketers_only
def day(request: MarketerRequest, year: int, month: int, number: int) -> HttpResponse:
    """What leaves on one day, and the drafts that could."""
    try:
        shown = date(year, month, number)
    except ValueError as error:
        raise Http404 from error
    if not FIRST_YEAR < year < LAST_YEAR:
        raise Http404
    today = timezone.localdate(timezone=PARIS)
    may_schedule = today <= shown <= today + LONGEST_WAIT
    drafts = Campaign.objects.drafts().select_related("purpose")[:DRAFTS_SHOWN] if may_schedule else []
    return render(
        request,
        "campaigns/calendar_day.html",
        {
            "day": shown,
            "holiday": holiday_name(shown, get_language() or "fr"),
            "entries": sorted(
                leaving_between(start_of_day(shown), start_of_day(shown + ONE_DAY)), key=lambda entry: entry.at
            ),
            "may_schedule": may_schedule,
            "drafts": drafts,
            "before": shown - ONE_DAY,
            "after": shown + ONE_DAY,
        },
    )
