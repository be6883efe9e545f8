from typing import cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaigns import rulebook
from prospects.access import allowed_to


@require_POST
@allowed_to(rulebook.MAY_ANSWER)
def acknowledge(request: HttpRequest) -> HttpResponse:
    """An administrator answers for the rulebook chosen."""
    rulebook.acknowledge(cast(User, request.user), at=timezone.now())
    messages.success(request, _("Noted: you answer for using the founding article's rulebook."))
    return redirect("start")
