"""Among whom a campaign goes: filters or a segment, and how many may receive it, counted as one chooses."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from campaigns import counting, segments
from campaigns.access import MarketerRequest, marketers_only
from campaigns.audience import Audience
from campaigns.counting import Question
from campaigns.filter_form import AudienceForm, filter_words
from campaigns.forms import LONGEST_WAIT
from campaigns.launch import OutOfTurn
from campaigns.models import AudienceCount, Campaign
from campaigns.split import split
from campaigns.views.counts import told
from prospects.filters import Filter


@marketers_only
def audience(request: MarketerRequest, pk: int) -> HttpResponse:
    """Choose and count an audience; asked by a part of a page, only the count."""
    campaign = get_object_or_404(Campaign.objects.select_related("purpose", "segment"), pk=pk)
    if kept := Audience.from_json(campaign.audience):
        return _as_launched(request, campaign, kept)
    if request.method == "POST":
        return _choose(request, campaign)
    form = AudienceForm(request.GET if "filtering" in request.GET else None, campaign=campaign)
    if not form.is_bound:
        count = _count(request, campaign, campaign.chosen_filter)
    elif not form.filters_have_errors():
        count = _count(request, campaign, form.among)
    else:
        count = None
    return _page(request, campaign, form, count)


def _page(
    request: MarketerRequest, campaign: Campaign, form: AudienceForm, count: AudienceCount | None
) -> HttpResponse:
    if request.htmx:
        return render(request, "campaigns/parts/count.html", {"form": form, **(told(count) if count else {})})
    context = {"campaign": campaign, "form": form, "said": filter_words(campaign.chosen_filter, form)}
    return render(request, "campaigns/audience.html", {**context, **(told(count) if count else {})})


def _as_launched(request: MarketerRequest, campaign: Campaign, kept: Audience) -> HttpResponse:
    """Show what was counted at launch: it is the record, and nothing changes it."""
    among = campaign.chosen_filter
    return render(
        request,
        "campaigns/parts/audience.html" if request.htmx else "campaigns/audience.html",
        {
            "campaign": campaign,
            "audience": kept,
            "split": split(kept, campaign.as_law_message(), is_narrowed=bool(among), is_past=True),
            "said": filter_words(among, AudienceForm(campaign=campaign)),
            "is_kept": True,
        },
    )


def _choose(request: MarketerRequest, campaign: Campaign) -> HttpResponse:
    form = AudienceForm(request.POST, campaign=campaign, names_a_segment=request.POST.get("action") == "save_segment")
    if not form.is_valid():
        return _page(request, campaign, form, None)
    page = reverse("campaigns:audience", args=[campaign.pk])
    if request.POST.get("action") == "count":
        return redirect(f"{page}?{form.as_query()}")
    try:
        if form.names_a_segment:
            segment = segments.save(form.among, name=form.cleaned_data["new_segment"], by=request.user)
            segments.choose(campaign, by=request.user, among=Filter(), segment=segment)
            messages.success(
                request, _("Saved as the segment “%(name)s”, which this campaign uses.") % {"name": segment}
            )
        else:
            segments.choose(campaign, by=request.user, among=form.among, segment=form.cleaned_data["segment"])
            messages.success(request, _("The audience is saved."))
    except segments.NameTaken:
        form.add_error("new_segment", _("There is a segment of this name already."))
        return _page(request, campaign, form, None)
    except OutOfTurn:
        messages.warning(request, _("Only a draft can be changed. Unschedule this campaign first."))
    return redirect(page)


def _count(request: MarketerRequest, campaign: Campaign, among: Filter) -> AudienceCount:
    question = Question.of(campaign, among=among, at=_moment(request, campaign))
    return counting.ask(question, page=request.path, user=request.user, now=timezone.now())


def _moment(request: MarketerRequest, campaign: Campaign) -> datetime | None:
    """The moment to judge for: the one asked, else that of sending, else now; never past, nor beyond any schedule."""
    try:
        asked = parse_datetime(request.GET.get("at", ""))
    except ValueError:
        asked = None
    moment = asked if asked and asked.tzinfo else campaign.send_at
    now = timezone.now()
    return min(moment, now + LONGEST_WAIT) if moment is not None and moment > now else None
