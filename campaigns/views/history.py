from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaigns import launch
from campaigns import versions as history
from campaigns.access import MarketerRequest, marketers_only
from campaigns.models import Campaign, Version


@marketers_only
def versions(request: MarketerRequest, pk: int) -> HttpResponse:
    """The versions of a campaign's words: who saved each, and when."""
    campaign = get_object_or_404(Campaign, pk=pk)
    kept = campaign.versions.select_related("saved_by").defer("content")
    return render(request, "campaigns/versions.html", {"campaign": campaign, "versions": kept, "kept": history.KEPT})


@marketers_only
def compare(request: MarketerRequest, pk: int, number: int) -> HttpResponse:
    """What changed from one version to another, or to the words as they are now."""
    version = _version(pk, number)
    other = request.GET.get("with", "")
    newer = _version(pk, int(other)) if other.isdecimal() else None
    words = newer.content if newer else history.words_of(version.campaign)
    return render(
        request,
        "campaigns/version.html",
        {
            "campaign": version.campaign,
            "version": version,
            "newer": newer,
            "changes": history.compare(version.content, words),
            "others": version.campaign.versions.exclude(number=number).defer("content"),
        },
    )


@require_POST
@marketers_only
def restore(request: MarketerRequest, pk: int, number: int) -> HttpResponse:
    """Bring a version's words back, as a new version: what they replace stays in the history."""
    version = _version(pk, number)
    campaign = version.campaign
    seen = request.POST.get("version", "")
    campaign.version = int(seen) if seen.isdecimal() else 0
    try:
        launch.edit(campaign, by=request.user, **version.content)
    except launch.OutOfTurn:
        messages.warning(request, _("Nothing was done: this campaign has moved on meanwhile. See where it stands."))
        return redirect(campaign)
    messages.success(request, _("The earlier words are back."))
    return redirect("campaigns:edit", pk)


def _version(pk: int, number: int) -> Version:
    return get_object_or_404(Version.objects.select_related("campaign", "saved_by"), campaign=pk, number=number)
