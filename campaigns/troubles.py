"""What keeps a campaign from being sent: kept as a code or as a mail server's words, said in the reader's language."""

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.models import Campaign

FAILURES = "too_many_failures"
COMPLAINTS = "too_many_complaints"

_STOPPED: dict[str, str | Promise] = {
    FAILURES: gettext_lazy("Stopped by itself: %(share)s%% of its mails failed. Find out why before you resume it."),
    COMPLAINTS: gettext_lazy(
        "Stopped by itself: %(share)s%% of its readers complained. Find out why before you resume it."
    ),
}


def stopped(code: str, share: float) -> str:
    """Return what a campaign keeps that stopped by itself."""
    return f"{code} {share:.4f}"


def trouble_words(campaign: Campaign) -> str:
    """Say what a campaign waits for; nothing where a person paused it. A server's own words may quote an address."""
    code, _space, share = campaign.trouble.partition(" ")
    if words := _STOPPED.get(code):
        return str(words) % {"share": number_format(100 * float(share), decimal_pos=1)}
    if campaign.trouble and campaign.status == Campaign.Status.RUNNING:
        return _("The mail servers do not take messages at this moment. Sending goes on by itself once they do.")
    return ""
