import logging
from datetime import timedelta
from smtplib import SMTPException

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaigns import channels
from campaigns.access import MarketerRequest, marketers_only
from campaigns.delivery.trial import send_test
from campaigns.models import Campaign

logger = logging.getLogger(__name__)

# Pressing again within this long sends no second test.
SECONDS_BETWEEN_TESTS = 5


@require_POST
@marketers_only
def send(request: MarketerRequest, pk: int) -> HttpResponse:
    """Send the campaign as it stands to the marketer who asks, and to nobody else."""
    campaign = get_object_or_404(Campaign.objects.select_related("purpose"), pk=pk)
    if not channels.of(campaign).sends_tests:
        raise Http404
    address = request.user.email
    if not address:
        messages.error(request, _("Your account has no e-mail address: an administrator can add it."))
    elif (
        not Campaign.objects.not_tested_since(timezone.now() - timedelta(seconds=SECONDS_BETWEEN_TESTS))
        .filter(pk=pk)
        .update(tested_at=timezone.now())
    ):
        messages.info(request, _("A test was sent a moment ago. Look at your mailbox."))
    else:
        _send(request, campaign, address)
    return redirect(campaign)


def _send(request: MarketerRequest, campaign: Campaign, address: str) -> None:
    try:
        send_test(campaign, address)
    except ValidationError as error:
        for message in error.messages:
            messages.error(request, message)
    except (SMTPException, OSError):
        # The server's words may quote addresses; administrators find them in the logs.
        logger.exception("a test mail was not sent")
        messages.error(request, _("The mail server did not take the test. Try again, or tell an administrator."))
    else:
        messages.success(request, _("The test is on its way to %(address)s.") % {"address": address})
        return
    Campaign.objects.filter(pk=campaign.pk).update(tested_at=campaign.tested_at)
