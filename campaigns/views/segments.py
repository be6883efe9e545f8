"""Segments: filters with a name, and how many each would reach for a purpose on a channel."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns import counting, segments
from campaigns.access import MarketerRequest, marketers_only
from campaigns.counting import Question
from campaigns.filter_form import FilterForm, SegmentForm, filter_words
from campaigns.models import Segment
from campaigns.views.counts import told
from consent import law
from consent.models import Purpose
from consent.vocabulary import Channel
from prospects.filters import Filter


@marketers_only
def every_segment(request: MarketerRequest) -> HttpResponse:
    """Every segment, in words."""
    form = FilterForm(kept=Filter())
    used = Count("campaigns", filter=Q(campaigns__launched_at=None))
    found = [(segment, filter_words(segment.chosen, form)) for segment in Segment.objects.annotate(used=used)]
    purpose, channel = _asked_about(request)
    context = {"segments": found, "purposes": Purpose.objects.all(), "channels": Channel.choices}
    return render(request, "campaigns/segments.html", {**context, "purpose": purpose, "channel": channel})


@marketers_only
def edit(request: MarketerRequest, pk: int | None = None) -> HttpResponse:
    """Make or change a segment; asked by a part of the page, only count it."""
    segment = get_object_or_404(Segment, pk=pk) if pk is not None else None
    if request.method == "POST":
        form = SegmentForm(request.POST, segment=segment)
        if form.is_valid():
            if _save(request, form, segment):
                return redirect("campaigns:segments")
            form.add_error("name", _("There is a segment of this name already."))
        return _page(request, form, segment)
    form = SegmentForm(request.GET if "filtering" in request.GET else None, segment=segment)
    return _page(request, form, segment)


@marketers_only
def count(request: MarketerRequest, pk: int) -> HttpResponse:
    """Count whom a segment would reach, for the purpose and channel asked about."""
    segment = get_object_or_404(Segment, pk=pk)
    context = _counted(request, segment.chosen)
    return render(
        request, "campaigns/parts/count.html" if request.htmx else "campaigns/count.html", {**context, "is_short": True}
    )


@marketers_only
def delete(request: MarketerRequest, pk: int) -> HttpResponse:
    """Ask whether to delete a segment, or delete it. One that a campaign is about to use stays."""
    segment = get_object_or_404(Segment, pk=pk)
    counting_on = segments.counting_on(segment)
    if request.method != "POST":
        return render(request, "campaigns/segment_delete.html", {"segment": segment, "counting_on": counting_on})
    try:
        segments.delete(segment)
    except segments.InUse:
        messages.warning(request, _("A campaign that is scheduled goes by this segment: it stays."))
    else:
        messages.success(request, _("The segment is deleted. Drafts that used it keep its filters as their own."))
    return redirect("campaigns:segments")


def _save(request: MarketerRequest, form: SegmentForm, segment: Segment | None) -> bool:
    """Keep what was filled in; False where somebody took the name at this very moment."""
    name = form.cleaned_data["name"]
    try:
        if segment is None:
            segments.save(form.chosen, name=name, by=request.user)
        else:
            segments.change(segment, by=request.user, name=name, among=form.chosen)
    except segments.NameTaken:
        return False
    messages.success(request, _("The segment is saved."))
    return True


def _page(request: MarketerRequest, form: SegmentForm, segment: Segment | None) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "segment": segment}
    if not form.is_bound:
        context |= _counted(request, segment.chosen if segment else Filter())
    elif not form.filters_have_errors():
        context |= _counted(request, form.chosen)
    return render(request, "campaigns/parts/count.html" if request.htmx else "campaigns/segment.html", context)


def _counted(request: MarketerRequest, among: Filter) -> dict[str, Any]:
    """What a page shows of the count; nothing while there is no purpose to ask about."""
    purpose, channel = _asked_about(request)
    if purpose is None:
        return {}
    message = law.Message(law.Channel(channel), purpose.slug, frozenset(), frozenset(), None)
    question = Question(message, among)
    return told(counting.ask(question, page=request.path, user=request.user, now=timezone.now()))


def _asked_about(request: MarketerRequest) -> tuple[Purpose | None, str]:
    """The purpose and channel that the page names, or the first ones."""
    asked = request.POST if request.method == "POST" else request.GET
    named = asked.get("purpose", "")
    is_number = named.isdecimal() and len(named) < 10
    purposes = Purpose.objects.filter(pk=int(named)) if is_number else Purpose.objects.none()
    channel = asked.get("channel", "")
    return purposes.first() or Purpose.objects.first(), channel if channel in Channel.values else Channel.EMAIL.value
