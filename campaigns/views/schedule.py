from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns import channels, counting, launch
from campaigns.access import MarketerRequest, marketers_only
from campaigns.counting import Question
from campaigns.delivery.windows import is_open
from campaigns.forecast import forecast as foretell
from campaigns.forms import ScheduleForm
from campaigns.models import Campaign, Series
from campaigns.paris_time import PARIS, Moment
from campaigns.readiness import obstacles
from campaigns.views.counts import told
from campaigns.words import window_words
from consent.law.hours import is_open as is_open_by_law
from consent.models import Organisation

_MORNING = time(9)


@marketers_only
def schedule(request: MarketerRequest, pk: int) -> HttpResponse:
    """Choose a day and a time, read a last summary, then schedule exactly what was read."""
    campaign = get_object_or_404(Campaign.objects.select_related("purpose"), pk=pk)
    if not campaign.is_draft:
        if campaign.status != Campaign.Status.SCHEDULED:  # a second press finds it scheduled, as was meant
            messages.info(request, _("Only a draft can be scheduled."))
        return redirect(campaign)
    tomorrow = timezone.localdate(timezone=PARIS) + timedelta(days=1)
    form = ScheduleForm(
        request.POST or None,
        has_a_speed=isinstance(channels.of(campaign), channels.SentByWorker),
        initial={
            "day": _day_asked(request) or tomorrow,
            "time": _MORNING,
            "version": campaign.version,
            **ScheduleForm.windows_of(campaign),
        },
    )
    context = {"campaign": campaign, "form": form}
    if found := obstacles(campaign):
        return render(request, "campaigns/schedule.html", context | {"obstacles": found})
    if not form.is_valid():
        return render(request, "campaigns/schedule.html", context)
    if "confirm" not in request.POST:
        for name, value in form.windows().items():
            setattr(campaign, name, value)
        summary = summary_of(campaign, form.moment) | {"asked": _asked(request.POST)}
        return render(request, "campaigns/summary.html", context | summary)
    campaign.version = form.cleaned_data["version"]
    try:
        launch.schedule(campaign, send_at=form.moment.at, now=timezone.now(), by=request.user, **form.windows())
    except launch.OutOfTurn:
        messages.warning(
            request, _("The campaign was changed while you were reading. Look at it again, then schedule.")
        )
        return redirect("campaigns:campaign", pk)
    if campaign.status == Campaign.Status.AWAITING_APPROVAL:
        messages.success(request, _("It awaits the approval of a second person, and leaves at its time once approved."))
    else:
        messages.success(request, _("Scheduled. It leaves by itself; until then you may take it back."))
    return redirect(campaign)


def summary_of(campaign: Campaign, moment: Moment) -> dict[str, Any]:
    """What is read before a campaign may leave."""
    hours = channels.of(campaign).hours
    return {
        "moment": moment,
        "window": window_words(campaign),
        "leaves_later": not is_open(campaign, moment.at)
        or not (hours is None or is_open_by_law(hours, moment.at, None)),
        "approval_needed": Organisation.objects.current().approval_needed,
    }


def _day_asked(request: MarketerRequest) -> date | None:
    """The day that the calendar names."""
    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return None


@marketers_only
def forecast(request: MarketerRequest, pk: int) -> HttpResponse:
    """Count who may receive a campaign at the moment asked for, and foretell when the last mail leaves."""
    campaign = get_object_or_404(Campaign.objects.select_related("purpose", "segment"), pk=pk)
    at = _moment_fixed(campaign)
    if at is None or (campaign.is_draft and request.GET):
        form = ScheduleForm(request.GET)
        if not form.is_valid():
            return redirect("campaigns:schedule", pk)
        for name, value in form.windows().items():
            setattr(campaign, name, value)
        at = form.moment.at
    question = Question.of(campaign, at=at)
    context = {
        "campaign": campaign,
        "again": request.get_full_path(),
        **told(counting.ask(question, page=request.path, user=request.user, now=timezone.now())),
    }
    if "audience" in context:
        context["forecast"] = foretell(campaign, context["split"].allowed_at_most, since=at)
    return render(request, "campaigns/parts/forecast.html" if request.htmx else "campaigns/forecast.html", context)


def _moment_fixed(campaign: Campaign) -> datetime | None:
    """When it leaves, or the next copy of it does."""
    series = Series.objects.filter(original=campaign).first() if campaign.is_draft else None
    return series.next_at if series else campaign.send_at


def _asked(posted: QueryDict) -> str:
    """What was asked for, to be asked again."""
    asked = posted.copy()
    for name in ("csrfmiddlewaretoken", "confirm"):
        asked.pop(name, None)
    return asked.urlencode()
