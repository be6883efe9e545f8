from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaigns import rulebook
from campaigns.access import MarketerRequest, marketers_only


@require_POST
@marketers_only
def acknowledge(request: MarketerRequest) -> HttpResponse:
    """An administrator answers for the rulebook chosen."""
    if not rulebook.may_acknowledge(request.user):
        raise PermissionDenied
    rulebook.acknowledge(request.user, at=timezone.now())
    messages.success(request, _("Noted: you answer for using the founding article's rulebook."))
    return redirect("campaigns:home")
