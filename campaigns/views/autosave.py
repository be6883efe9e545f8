"""Drafts saved as one types: nothing that two people write is lost in silence, nor when a session ends."""

import uuid

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from campaigns import launch
from campaigns.access import MarketerRequest, marketers_only
from campaigns.forms import DraftForm
from campaigns.models import Campaign


@require_POST
@marketers_only
def autosave(request: MarketerRequest) -> HttpResponse:
    """Save what stands on a writing page, finished or not, and say so: a part of the page."""
    known = request.POST.get("campaign", "")
    campaign = get_object_or_404(Campaign, pk=int(known)) if known.isdecimal() else None
    form = DraftForm(request.POST, instance=campaign)
    if not form.is_valid():
        return _said(request, "unsaved", problems=_problems(form))
    if campaign is None:
        return _begun(request, form)
    campaign.version = form.cleaned_data["version"] or 0
    return _changed(request, campaign, form)


def _begun(request: MarketerRequest, form: DraftForm) -> HttpResponse:
    key = form.cleaned_data["creation_key"] or uuid.uuid4()
    campaign, created = launch.begin(key, by=request.user, autosaved=True, **form.written())
    if not created and campaign.created_by != request.user:
        return _said(request, "conflict", campaign=campaign)
    response = _said(request, "saved", campaign=campaign) if created else _changed(request, campaign, form)
    response["HX-Replace-Url"] = reverse("campaigns:edit", args=[campaign.pk])
    return response


def _changed(request: MarketerRequest, campaign: Campaign, form: DraftForm) -> HttpResponse:
    current = Campaign.objects.select_related("purpose").get(pk=campaign.pk)
    written = form.written()
    if current.is_draft and all(getattr(current, name) == value for name, value in written.items()):
        return _said(request, "saved", campaign=current)
    try:
        launch.edit(campaign, by=request.user, autosaved=True, **written)
    except launch.OutOfTurn:
        current.refresh_from_db()
        latest = current.versions.select_related("saved_by").first()
        return _said(request, "conflict", campaign=current, latest=latest)
    campaign.refresh_from_db(fields=["version"])
    return _said(request, "saved", campaign=campaign)


def _said(request: MarketerRequest, state: str, **context: object) -> HttpResponse:
    return render(request, "campaigns/parts/saved.html", context | {"state": state, "now": timezone.localtime()})


def _problems(form: DraftForm) -> list[str]:
    """What keeps even a draft from being saved, each with the name of its field."""
    return [
        f"{form.fields[name].label}: {error}" if name in form.fields else str(error)
        for name, errors in form.errors.items()
        for error in errors
    ]


@require_safe
@marketers_only
def signed_in(request: MarketerRequest) -> HttpResponse:
    """Let a page whose session had ended go on, with a token of the new one: a part of the page."""
    response = _said(request, "again")
    response["HX-Trigger-After-Settle"] = "rearranged"
    return response
