from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns import launch
from campaigns.access import APPROVE_CAMPAIGN, MarketerRequest, marketers_only
from campaigns.forms import ApprovalForm
from campaigns.models import Campaign
from campaigns.paris_time import Moment
from campaigns.views.schedule import summary_of


@marketers_only
def approval(request: MarketerRequest, pk: int) -> HttpResponse:
    """Read what somebody else wants to send, then approve it or send it back with a word."""
    if not request.user.has_perm(APPROVE_CAMPAIGN):
        raise PermissionDenied
    campaign = get_object_or_404(Campaign.objects.select_related("purpose", "requested_by"), pk=pk)
    if campaign.status != Campaign.Status.AWAITING_APPROVAL or campaign.send_at is None:
        messages.info(request, _("This campaign does not await approval."))
        return redirect(campaign)
    form = ApprovalForm(request.POST or None, initial={"version": campaign.version})
    if form.is_valid():
        return _decide(request, campaign, form)
    context = {"campaign": campaign, "form": form, "asked": ""}
    return render(request, "campaigns/approval.html", context | summary_of(campaign, Moment(campaign.send_at)))


def _decide(request: MarketerRequest, campaign: Campaign, form: ApprovalForm) -> HttpResponse:
    campaign.version = form.cleaned_data["version"]
    try:
        if "approve" in request.POST:
            launch.approve(campaign, by=request.user, at=timezone.now())
            messages.success(request, _("Approved. It leaves by itself at its time."))
        else:
            launch.send_back(campaign, because=form.cleaned_data["because"])
            messages.success(request, _("Sent back. It is a draft again."))
    except launch.OwnWork:
        messages.warning(request, _("You had a hand in this campaign: somebody else must approve it."))
    except launch.OutOfTurn:
        messages.warning(request, _("Nothing was done: this campaign has moved on meanwhile. See where it stands."))
    return redirect(campaign)
