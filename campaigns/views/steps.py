"""Steps of a campaign's life that one button takes: a GET asks, a POST acts."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns import launch
from campaigns.access import MarketerRequest, marketers_only
from campaigns.models import Campaign

Status = Campaign.Status


@dataclass(frozen=True)
class Step:
    """What a button does, asks first and says afterwards; `leads_to` is where a second press finds the campaign."""

    take: Callable[[Campaign], object]
    title: str | Promise
    explanation: str | Promise
    button: str | Promise
    done: str | Promise
    leads_to: frozenset[str]
    is_final: bool = False


STEPS = {
    "pause": Step(
        launch.pause,
        gettext_lazy("Pause this campaign?"),
        gettext_lazy("What is leaving at this moment still leaves; everybody else waits until you resume."),
        gettext_lazy("Pause"),
        gettext_lazy("Paused. Nobody else receives it until you resume."),
        frozenset({Status.PAUSED}),
    ),
    "resume": Step(
        launch.resume,
        gettext_lazy("Go on sending?"),
        gettext_lazy("Sending goes on with those who wait; nobody receives it twice, and the law is asked again."),
        gettext_lazy("Resume"),
        gettext_lazy("Sending goes on."),
        frozenset({Status.RUNNING, Status.DONE}),
    ),
    "cancel": Step(
        lambda campaign: launch.cancel(campaign, at=timezone.now()),
        gettext_lazy("Cancel this campaign for good?"),
        gettext_lazy(
            "Nobody else will receive it. This cannot be undone; what was sent stays sent. "
            "You may duplicate it to send it another day."
        ),
        gettext_lazy("Cancel the campaign"),
        gettext_lazy("Cancelled. Nobody else receives it."),
        frozenset({Status.CANCELLED}),
        is_final=True,
    ),
    "unschedule": Step(
        launch.unschedule,
        gettext_lazy("Take this campaign back?"),
        gettext_lazy("It becomes a draft again, and leaves only once you schedule it anew."),
        gettext_lazy("Back to draft"),
        gettext_lazy("It is a draft again."),
        frozenset({Status.DRAFT}),
    ),
    "send-late": Step(
        lambda campaign: launch.send_late(campaign, at=timezone.now()),
        gettext_lazy("Send it now, although it is late?"),
        gettext_lazy("Read it again: what it says about days and offers may no longer be true."),
        gettext_lazy("Send it now"),
        gettext_lazy("It leaves within seconds."),
        frozenset({Status.SCHEDULED, Status.RUNNING, Status.DONE}),
    ),
    "delete": Step(
        launch.discard,
        gettext_lazy("Delete this draft?"),
        gettext_lazy("What you wrote is gone for good."),
        gettext_lazy("Delete the draft"),
        gettext_lazy("The draft is deleted."),
        frozenset(),
        is_final=True,
    ),
}


@marketers_only
def take(request: MarketerRequest, pk: int, step: str) -> HttpResponse:
    """Ask whether to take a step, or take it. A second press finds it taken and says nothing more."""
    if step not in STEPS:
        raise Http404
    chosen = STEPS[step]
    if step == "delete" and request.method == "POST" and not Campaign.objects.filter(pk=pk).exists():
        return redirect("campaigns:home")
    campaign = get_object_or_404(Campaign, pk=pk)
    if request.method != "POST":
        return render(request, "campaigns/step.html", {"campaign": campaign, "step": chosen})
    try:
        chosen.take(campaign)
    except launch.OutOfTurn:
        campaign.refresh_from_db(fields=["status"])
        if campaign.status not in chosen.leads_to:
            messages.warning(request, _("Nothing was done: this campaign has moved on meanwhile. See where it stands."))
    else:
        messages.success(request, str(chosen.done))
    return redirect("campaigns:home") if step == "delete" else redirect("campaigns:campaign", pk)
