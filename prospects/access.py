"""Who may bring people in, take lists out and answer requests: Data protection and Administrators, never marketers."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django_htmx.http import HttpResponseClientRedirect

DATA_PROTECTION, ADMINISTRATORS = "Data protection", "Administrators"
IMPORT_CONTACTS = "prospects.import_contacts"
EXPORT_LISTS = "prospects.export_lists"
ANSWER_REQUESTS = "prospects.answer_requests"

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def allowed_to(permission: str) -> Callable[[View[P]], View[P]]:
    """Ask visitors to sign in, and refuse those without this permission."""

    def guard(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                if request.headers.get("HX-Request"):
                    page = request.headers.get("HX-Current-URL", "/")
                    return HttpResponseClientRedirect(redirect_to_login(page).url)
                return redirect_to_login(request.get_full_path())
            if not request.user.has_perm(permission):
                raise PermissionDenied
            response = view(request, *args, **kwargs)
            # A shared computer's Back button must not show people after signing out.
            response.headers.setdefault("Cache-Control", "no-store")
            return response

        return guarded

    return guard
