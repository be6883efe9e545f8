from collections import Counter
from collections.abc import Iterable

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.access import MarketerRequest, marketers_only
from campaigns.audience import Line
from campaigns.delivery.again import send_unknown_again
from campaigns.launch import OutOfTurn
from campaigns.models import Campaign, Message

NAMES_SHOWN = 500


@marketers_only
def unknown(request: MarketerRequest, pk: int) -> HttpResponse:
    """Messages whose end nobody knows, counted; sent again once a person says that they know what that may mean."""
    campaign = get_object_or_404(Campaign, pk=pk)
    lacks_word = request.method == "POST" and "know" not in request.POST
    if request.method == "POST" and not lacks_word:
        return _send_again(request, campaign)
    theirs = Message.objects.filter(campaign=campaign, status=Message.Status.UNKNOWN)
    lines = _lines(theirs.values_list("reason").order_by().annotate(count=Count("pk")))
    names = theirs.order_by("pk").values_list("message_id", flat=True)[:NAMES_SHOWN]
    return render(
        request,
        "campaigns/unknown.html",
        {
            "campaign": campaign,
            "lines": lines,
            "total": sum(line.count for line in lines),
            "names": [name.hex for name in names if name],
            "shown": NAMES_SHOWN,
            "may_go_on": campaign.status != Campaign.Status.CANCELLED,
            "lacks_word": lacks_word,
        },
    )


def _lines(counts: Iterable[tuple[str, int]]) -> list[Line]:
    """Why nobody knows, in words: a server's own may quote an address, and are left out."""
    found: Counter[str] = Counter()
    for reason, count in counts:
        if reason == "lease_expired":
            found[_("the program that sent them was stopped")] += count
        else:
            found[_("the mail server did not answer, or broke off, after it had them")] += count
    return [Line(words, count) for words, count in found.most_common()]


def _send_again(request: MarketerRequest, campaign: Campaign) -> HttpResponse:
    try:
        queued = send_unknown_again(campaign)
    except OutOfTurn:
        messages.warning(request, _("Nothing was done: this campaign was cancelled."))
        return redirect(campaign)
    if queued:
        said = ngettext("%(count)s message waits to leave again.", "%(count)s messages wait to leave again.", queued)
        messages.success(request, said % {"count": queued})
    return redirect(campaign)
