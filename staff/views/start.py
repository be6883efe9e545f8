from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from prospects.access import allowed_to
from staff.roles import PRODUCE_CAMPAIGN, roles_of


@require_safe
@never_cache
@login_required
def start(request: HttpRequest) -> HttpResponse:
    """Lead whoever signed in to the page on which their day starts."""
    for role in roles_of(request.user):
        return redirect(role.start)
    return render(request, "staff/no_role.html")


@require_safe
@allowed_to(PRODUCE_CAMPAIGN)
def operations(request: HttpRequest) -> HttpResponse:
    """Tell operators what they may do, and what they may not."""
    return render(request, "staff/operations.html")
