from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from consent.models import Act, Purpose
from consent.stop_links import BadStopToken, Stop, read_stop_token
from consent.stops import obey

METHODS = ["GET", "HEAD", "OPTIONS", "POST"]
# Our own page says so in the address of its button; a mail program (RFC 8058) posts to the bare address. Neither's body
# is ever read: whatever it holds, and however broken it is, the person said stop.
FROM_PAGE = "page"


@csrf_exempt
@never_cache
@require_http_methods(METHODS)
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Show what a stop link stops; any POST stops it, at once and for good."""
    return _answer(request, token, everything=False)


@csrf_exempt
@never_cache
@require_http_methods(METHODS)
def stop_all(request: HttpRequest, token: str) -> HttpResponse:
    """The same for everything that we send to this address."""
    return _answer(request, token, everything=True)


def _answer(request: HttpRequest, token: str, *, everything: bool) -> HttpResponse:
    if request.method == "OPTIONS":
        return HttpResponse(headers={"Allow": ", ".join(METHODS)})
    try:
        wanted = read_stop_token(token)
    except BadStopToken as error:
        raise Http404 from error
    purpose = Purpose.objects.filter(pk=wanted.purpose_id).first()
    if request.method == "POST":
        _record(request, wanted, everything=everything)
    context = {
        "token": token,
        "purpose": purpose,
        "channel": wanted.channel,
        "everything": everything,
        "stopped": request.method == "POST",
    }
    return render(request, "prospects/stop.html", context)


def _record(request: HttpRequest, wanted: Stop, *, everything: bool) -> None:
    """Record the stop, and return only once it is committed."""
    origin = Act.Origin.STOP_LINK if FROM_PAGE in request.GET else Act.Origin.ONE_CLICK
    with transaction.atomic(durable=True):
        obey(wanted, everything=everything, at=timezone.now(), origin=origin)
