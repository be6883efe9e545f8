"""Who may enter the marketers' workspace: members of the Marketers group, through the permission that it holds."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import urlsplit, urlunsplit

from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect, reswap, retarget

from campaigns import kept_writing, rulebook

MARKETERS, OPERATORS = "Marketers", "Operators"
RUN_CAMPAIGN = "campaigns.run_campaign"
APPROVE_CAMPAIGN = "campaigns.approve_campaign"

P = ParamSpec("P")


class MarketerRequest(HttpRequest):
    """A request of somebody who may run campaigns."""

    user: User
    htmx: Any
    rulebook_warning: str


def marketers_only(
    view: Callable[Concatenate[MarketerRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Ask visitors to sign in, and refuse those who may not run campaigns."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return _to_login(request)
        if not request.user.has_perm(RUN_CAMPAIGN):
            raise PermissionDenied
        marketer = cast(MarketerRequest, request)
        marketer.rulebook_warning = rulebook.warning()
        response = view(marketer, *args, **kwargs)
        # A shared computer's Back button must not show the workspace after signing out.
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return guarded


def _to_login(request: HttpRequest) -> HttpResponse:
    """Send to the sign-in page; a part of a page that asks is told to leave the page, unless it holds unsaved words."""
    if request.headers.get("Keep-Page"):
        response = render(request, "campaigns/parts/saved.html", {"state": "signed_out"}, status=401)
        return retarget(reswap(response, "innerHTML"), "#saved")
    if request.headers.get("HX-Request"):
        page = request.headers.get("HX-Current-URL", "/")
        return HttpResponseClientRedirect(redirect_to_login(page).url)
    kept_writing.keep(request)
    return redirect_to_login(_page_of(request))


def _page_of(request: HttpRequest) -> str:
    """The page on which one goes on: where a button stood, for what is no page itself."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    page = urlsplit(request.headers.get("Referer", ""))
    return (
        urlunsplit(("", "", page.path, page.query, ""))
        if page.netloc == request.get_host()
        else reverse("campaigns:home")
    )
