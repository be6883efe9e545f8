from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from campaigns.in_browser import shown_in_browser
from campaigns.view_links import campaign_of_view
from campaigns.views.preview import MAIL_HEADERS
from consent.stop_links import BadStopToken, read_stop_token
from prospects.limits import limited

# Personal: kept by nobody, found by no search engine, and told to no site to which its links lead.
PRIVATE = {"X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "no-referrer"}
ALONE = {
    "Content-Security-Policy": MAIL_HEADERS["Content-Security-Policy"].replace(
        "frame-ancestors 'self'; sandbox", "frame-ancestors 'none'; sandbox allow-popups"
    ),
    "X-Frame-Options": "DENY",
}


@never_cache
@require_safe
@limited("personal_page", "GET", open_when_blind=True)
def view_in_browser(request: HttpRequest, token: str, word: str) -> HttpResponse:
    """Show a reader a message that they got by mail, for whom a mail program shows it badly."""
    try:
        reader = read_stop_token(token)
    except BadStopToken as error:
        raise Http404 from error
    campaign_id = campaign_of_view(word)
    if campaign_id is None:
        raise Http404
    shown = shown_in_browser(campaign_id, reader, at=timezone.now())
    if shown is None:
        response = render(request, "campaigns/gone.html", {"token": token}, status=HTTPStatus.GONE)
    else:
        response = HttpResponse(shown.html, headers=ALONE)
    for name, value in PRIVATE.items():
        response.headers[name] = value
    return response
