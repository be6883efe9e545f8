"""A campaign that comes again: its rule, what it made, and its life."""

from datetime import datetime, time, timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns import channels, recurring
from campaigns.access import APPROVE_CAMPAIGN, MarketerRequest, marketers_only
from campaigns.launch import OutOfTurn, OwnWork
from campaigns.models import Campaign, Series
from campaigns.paris_time import PARIS, Moment
from campaigns.readiness import obstacles
from campaigns.series_form import SeriesForm
from campaigns.series_words import pressure_of, rule_words
from campaigns.views.schedule import summary_of
from campaigns.window_form import WindowsForm
from campaigns.words import window_words

OCCURRENCES_SHOWN = 20
COMING_SHOWN = 5


@marketers_only
def repeat(request: MarketerRequest, pk: int) -> HttpResponse:
    """Let a draft come again, or by another rule."""
    campaign = get_object_or_404(Campaign.objects.select_related("purpose"), pk=pk)
    if not campaign.is_draft:
        messages.info(request, _("Only a draft can come again: duplicate this campaign first."))
        return redirect(campaign)
    tomorrow = timezone.localdate(timezone=PARIS) + timedelta(days=1)
    series = Series.objects.filter(original=campaign).first()
    initial = {} if series else {"first_on": tomorrow, "clock": time(9), "every": "week", "month_day": 1, "nth": 1}
    form = SeriesForm(request.POST or None, instance=series, initial=initial)
    windows = WindowsForm(
        request.POST or None,
        initial=WindowsForm.windows_of(campaign),
        has_a_speed=isinstance(channels.of(campaign), channels.SentByWorker),
    )
    found = obstacles(campaign)
    if found or not (form.is_valid() & windows.is_valid()):
        context = {"campaign": campaign, "form": form, "windows": windows, "obstacles": found}
        return render(request, "campaigns/repeat.html", context)
    try:
        kept = recurring.repeat(campaign, by=request.user, at=timezone.now(), windows=windows.windows(), **form.rule())
    except OutOfTurn:
        messages.warning(request, _("Nothing was done: this campaign has moved on meanwhile. See where it stands."))
        return redirect(campaign)
    if kept.status == Series.Status.ENDED:
        messages.warning(request, _("By this rule it never comes again."))
    return redirect("campaigns:series", pk)


@marketers_only
def series(request: MarketerRequest, pk: int) -> HttpResponse:
    """What a series made and what it will; a POST pauses, resumes, stops or approves it."""
    found = get_object_or_404(Series.objects.select_related("original__purpose", "approved_by"), original=pk)
    if request.method == "POST":
        _act(request, found, request.POST.get("act", ""))
        return redirect("campaigns:series", pk)
    now = timezone.now()
    awaits_approval = found.status != Series.Status.ENDED and recurring.awaits_approval(found)
    summary = summary_of(found.original, Moment(found.next_at)) if awaits_approval and found.next_at else {}
    coming: list[datetime] = []
    day = found.next_on if found.status == Series.Status.ACTIVE else None
    while day and len(coming) < COMING_SHOWN:
        coming.append(found.rule.moment_on(day))
        day = found.rule.next_day(day + timedelta(days=1))
    return render(
        request,
        "campaigns/series.html",
        {
            "series": found,
            "campaign": found.original,
            "rule": rule_words(found),
            "window": window_words(found.original),
            "coming": coming,
            "occurrences": found.occurrences.order_by("-occurrence_on")[:OCCURRENCES_SHOWN],
            "pressure": pressure_of(found, at=now),
            "awaits_approval": awaits_approval,
            "obstacles": obstacles(found.original),
        }
        | summary,
    )


def _act(request: MarketerRequest, found: Series, act: str) -> None:
    try:
        match act:
            case "pause":
                recurring.pause(found)
            case "resume":
                recurring.resume(found, at=timezone.now())
            case "stop":
                recurring.stop(found)
            case "approve":
                _approve(request, found)
            case _:
                return
    except OwnWork:
        messages.warning(request, _("You had a hand in this campaign: somebody else must approve it."))
    except OutOfTurn:
        messages.warning(request, _("Nothing was done: this campaign has moved on meanwhile. See where it stands."))


def _approve(request: MarketerRequest, found: Series) -> None:
    if not request.user.has_perm(APPROVE_CAMPAIGN):
        raise PermissionDenied
    try:
        found.original.version = int(request.POST.get("version", ""))
    except ValueError as error:
        raise OutOfTurn from error
    recurring.approve(found, by=request.user, at=timezone.now())
