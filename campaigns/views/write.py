import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaigns import channels, illustrations, kept_writing, launch, starts
from campaigns.access import MarketerRequest, marketers_only
from campaigns.fields import all_fields
from campaigns.forms import CampaignForm
from campaigns.models import Campaign
from campaigns.section_forms import section_forms
from campaigns.sections import KINDS
from campaigns.uploads import put_pictures
from campaigns.versions import WORDS
from consent.models import Purpose

# What a duplicate takes over beside what the form holds: where it goes, to whom among those whom the law allows, and at
# which hours and speed it may leave.
_WHOM = ("filter", "segment")
_HOW = ("window_days", "window_from", "window_until", "window_holidays", "per_hour")


@marketers_only
def new(request: MarketerRequest) -> HttpResponse:
    """Write a new campaign, from nothing or from a template; sent twice, the page makes one."""
    sent = request.POST or _kept(request)
    form = CampaignForm(sent, **({} if sent else _at_first(request)))
    if "act" in request.POST:
        return _rearranged(request, form)
    put_pictures(request, form)
    if request.method == "POST" and form.is_valid():
        key = form.cleaned_data["creation_key"] or uuid.uuid4()
        campaign, created = launch.begin(key, by=request.user, **form.written())
        if not created and campaign.created_by == request.user and campaign.is_draft:
            launch.edit(campaign, by=request.user, **form.written())
        messages.success(request, _("Saved. Look at it, try it on yourself, then schedule it."))
        return redirect(campaign)
    return _writing_page(request, form)


def _kept(request: MarketerRequest) -> QueryDict | None:
    """What was sent from this page after its session had ended, shown again: whoever sees it saves it."""
    kept = kept_writing.take(request)
    if kept is not None:
        messages.warning(request, _("Your session had ended: this is what you wrote. It is not saved yet."))
    return kept


def _at_first(request: MarketerRequest) -> dict[str, Any]:
    """What a new page holds: a template's words where one is asked for, the purpose where there is only one."""
    words = starts.find(request.GET.get("start", ""), request.GET.get("language"), request.GET.get("channel"))
    purposes = Purpose.objects.values_list("pk", flat=True)[:2]
    return {
        "instance": Campaign(**words),
        "initial": {"creation_key": uuid.uuid4()} | ({"purpose": purposes[0]} if len(purposes) == 1 else {}),
    }


@marketers_only
def edit(request: MarketerRequest, pk: int) -> HttpResponse:
    """Change a draft, unless it changed under the writer's hands."""
    campaign = get_object_or_404(Campaign.objects.select_related("purpose"), pk=pk)
    if not campaign.is_draft:
        messages.info(request, _("Only a draft can be changed. Unschedule this campaign first."))
        return redirect(campaign)
    form = CampaignForm(request.POST or _kept(request), instance=campaign, initial={"version": campaign.version})
    if "act" in request.POST:
        return _rearranged(request, form, campaign)
    put_pictures(request, form)
    if request.method == "POST" and form.is_valid():
        campaign.version = form.cleaned_data["version"] or 0
        try:
            launch.edit(campaign, by=request.user, **form.written())
        except launch.OutOfTurn:
            return _changed_meanwhile(request, form, pk)
        messages.success(request, _("Saved."))
        return redirect(campaign)
    return _writing_page(request, form, campaign)


def _changed_meanwhile(request: MarketerRequest, form: CampaignForm, pk: int) -> HttpResponse:
    """Lose nothing of what two people wrote; what was saved already by a double press is no conflict."""
    current = get_object_or_404(Campaign, pk=pk)
    if all(getattr(current, name) == value for name, value in form.written().items()):
        return redirect(current)
    if not current.is_draft:
        messages.warning(request, _("It was scheduled meanwhile, and your changes were not saved."))
        return redirect(current)
    form.data = request.POST.copy()
    form.data["version"] = str(current.version)
    form.add_error(
        None,
        _(
            "This campaign was changed while you were writing. Saving again replaces that change with what is here; "
            "the history keeps it."
        ),
    )
    return _writing_page(request, form, current)


def _rearranged(request: MarketerRequest, form: CampaignForm, campaign: Campaign | None = None) -> HttpResponse:
    """Show the page again after a button of its sections was pressed where no script does it; nothing is saved yet."""
    focus = put_pictures(request, form)
    return _writing_page(request, form, campaign, focus=focus)


@require_POST
@marketers_only
def sections(request: MarketerRequest) -> HttpResponse:
    """The sections of a page after a button of theirs was pressed, or a picture chosen: a part of the page."""
    form = CampaignForm(request.POST)
    focus = put_pictures(request, form)
    response = render(request, "campaigns/parts/sections.html", _sections_context(request, form, focus))
    response["HX-Trigger-After-Settle"] = "rearranged"
    return response


def _sections_context(request: MarketerRequest, form: CampaignForm, focus: int = -1) -> dict[str, object]:
    offered = illustrations.newest()
    return {
        "section_forms": section_forms(form.sections, focus, request.POST.get("act", "")),
        "kinds": KINDS,
        "illustrations": offered,
        "offered": {illustration.picture_id for illustration in offered},
        "picture_problems": form.picture_problems,
    }


def _writing_page(
    request: MarketerRequest, form: CampaignForm, campaign: Campaign | None = None, focus: int = -1
) -> HttpResponse:
    return render(
        request,
        "campaigns/write.html",
        _sections_context(request, form, focus)
        | {"form": form, "campaign": campaign, "fields": all_fields()}
        | ({} if campaign else _choices(form)),
    )


def _choices(form: CampaignForm) -> dict[str, object]:
    """What a new campaign may start from, and the channels on which it may go out."""
    return {
        "starts": starts.built_in(form.means.name),
        "offered_channels": channels.offered(),
        "unavailable_channels": channels.unavailable(),
    }


@require_POST
@marketers_only
def duplicate(request: MarketerRequest, pk: int) -> HttpResponse:
    """Start a draft from a campaign; asked twice by one page, it makes one."""
    campaign = get_object_or_404(Campaign, pk=pk)
    try:
        key = uuid.UUID(request.POST.get("creation_key", ""))
    except ValueError:
        key = uuid.uuid4()
    copied = {name: getattr(campaign, name) for name in (*CampaignForm.Meta.fields, *WORDS, *_WHOM, *_HOW)}
    copied["name"] = (_("Copy of %(name)s") % {"name": campaign.name})[:200]
    copy, _created = launch.begin(key, by=request.user, **copied)
    messages.success(request, _("This is a copy, a draft of its own."))
    return redirect("campaigns:edit", copy.pk)
