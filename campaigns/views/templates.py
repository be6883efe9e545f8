from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaigns import starts
from campaigns.access import MarketerRequest, marketers_only
from campaigns.models import Campaign, Template


@marketers_only
def listed(request: MarketerRequest) -> HttpResponse:
    """What a campaign may start from: what comes with Loyal, and what marketers saved."""
    saved = Template.objects.select_related("saved_by")
    return render(request, "campaigns/templates.html", {"built_in": starts.BUILT_IN, "saved": saved})


@require_POST
@marketers_only
def save(request: MarketerRequest, pk: int) -> HttpResponse:
    """Keep a campaign's words and look for the next ones; saved again under its name, it replaces what it was."""
    campaign = get_object_or_404(Campaign, pk=pk)
    starts.save(campaign, by=request.user)
    messages.success(request, _("“%(name)s” is among the templates.") % {"name": campaign.name})
    return redirect("campaigns:templates")


@require_POST
@marketers_only
def remove(request: MarketerRequest, pk: int) -> HttpResponse:
    """Remove a saved template; campaigns that started from it keep what they have."""
    if Template.objects.filter(pk=pk).delete()[0]:
        messages.success(request, _("The template is removed."))
    return redirect("campaigns:templates")
