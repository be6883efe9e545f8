import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaigns import launch
from campaigns.access import MarketerRequest, marketers_only
from campaigns.fields import FIELDS
from campaigns.forms import CampaignForm
from campaigns.models import Campaign


@marketers_only
def new(request: MarketerRequest) -> HttpResponse:
    """Write a new campaign; sent twice, the page makes one."""
    form = CampaignForm(request.POST or None, initial={"creation_key": uuid.uuid4()})
    if form.is_valid():
        key = form.cleaned_data["creation_key"] or uuid.uuid4()
        campaign, _created = Campaign.objects.get_or_create(
            creation_key=key, defaults=form.written() | {"created_by": request.user}
        )
        messages.success(request, _("Saved. Look at it, try it on yourself, then schedule it."))
        return redirect(campaign)
    return _writing_page(request, form)


@marketers_only
def edit(request: MarketerRequest, pk: int) -> HttpResponse:
    """Change a draft, unless it changed under the writer's hands."""
    campaign = get_object_or_404(Campaign.objects.select_related("purpose"), pk=pk)
    if not campaign.is_draft:
        messages.info(request, _("Only a draft can be changed. Unschedule this campaign first."))
        return redirect(campaign)
    form = CampaignForm(request.POST or None, instance=campaign, initial={"version": campaign.version})
    if form.is_valid():
        campaign.version = form.cleaned_data["version"] or 0
        try:
            launch.edit(campaign, **form.written())
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
        _("This campaign was changed while you were writing. Saving again replaces that change with what is here."),
    )
    return _writing_page(request, form, current)


def _writing_page(request: MarketerRequest, form: CampaignForm, campaign: Campaign | None = None) -> HttpResponse:
    return render(
        request,
        "campaigns/write.html",
        {"form": form, "campaign": campaign, "fields": FIELDS},
    )


@require_POST
@marketers_only
def duplicate(request: MarketerRequest, pk: int) -> HttpResponse:
    """Start a draft from a campaign; asked twice by one page, it makes one."""
    campaign = get_object_or_404(Campaign, pk=pk)
    try:
        key = uuid.UUID(request.POST.get("creation_key", ""))
    except ValueError:
        key = uuid.uuid4()
    copied = {name: getattr(campaign, name) for name in (*CampaignForm.Meta.fields, "channel")}
    copied["name"] = (_("Copy of %(name)s") % {"name": campaign.name})[:200]
    copy, _created = Campaign.objects.get_or_create(creation_key=key, defaults=copied | {"created_by": request.user})
    messages.success(request, _("This is a copy, a draft of its own."))
    return redirect("campaigns:edit", copy.pk)
