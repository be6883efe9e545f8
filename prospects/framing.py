"""Frames on other websites: refused everywhere, but to the websites that staff listed on a form, for that form."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation

from consent.models import SignupForm

Response = TypeVar("Response", bound=HttpResponseBase)
APP = "embed"


def is_framed(request: HttpRequest) -> bool:
    """Whether this page is the one made for frames: without header, and whose links open elsewhere."""
    return request.resolver_match is not None and request.resolver_match.app_name == APP


def frame(request: HttpRequest) -> dict[str, bool]:
    """Tell templates whether they are drawn for a frame."""
    return {"framed": is_framed(request)}


def framed(view: Callable[..., Response]) -> Callable[..., Response]:
    """Let the websites of its form show a view in a frame, in the language that the address names.

    The language is in the path: a frame sets no cookie.
    """

    @wraps(view)
    def shown(request: HttpRequest, slug: str, language: str = "", **rest: Any) -> Response:
        if language:
            if language not in dict(settings.LANGUAGES):
                raise Http404
            translation.activate(language)
        response = view(request, slug, **rest)
        if origins := SignupForm.objects.filter(slug=slug).values_list("origins", flat=True).first():
            response._csp_replace = {"frame-ancestors": origins}  # type: ignore[attr-defined]
            response.xframe_options_exempt = True  # type: ignore[attr-defined]
        return response

    return shown
