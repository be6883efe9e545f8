from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from campaigns.clicks import is_robot, note_click
from campaigns.models import Link


@require_safe
@never_cache
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """Lead to the address that the link was made for, and to no other; a reader's click is counted."""
    name, _stop, visit = token.partition(".")
    link = get_object_or_404(Link, token=name)
    if request.method == "GET" and not is_robot(request.headers):
        note_click(link, visit, at=timezone.now())
    return HttpResponseRedirect(link.url, headers={"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"})
