"""Which language a page speaks: the one chosen by a link, else the browser's."""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation


class LanguageMiddleware(LocaleMiddleware):
    """Django's choice of language, and before it the visitor's own: `?lang=en`.

    Only somebody who follows such a link gets a cookie, for this browser session, holding the two letters.
    """

    def process_request(self, request: HttpRequest) -> None:
        chosen = _chosen(request)
        if chosen is None:
            super().process_request(request)
        else:
            translation.activate(chosen)
            request.LANGUAGE_CODE = chosen

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        chosen = _chosen(request)
        if chosen is not None and request.method == "GET":
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME, chosen, httponly=True, samesite="Lax", secure=request.is_secure()
            )
        return super().process_response(request, response)


def _chosen(request: HttpRequest) -> str | None:
    language = request.GET.get("lang")
    return language if language in dict(settings.LANGUAGES) else None
