"""What an SMS gateway tells: reports of delivery, and what people text back. It asks with GET, as Kannel does."""

from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from campaigns.texting.incoming import take_in_text
from campaigns.texting.reports import arrived, did_not_arrive, is_genuine
from prospects.texting.gateway import Gateway, Text
from prospects.texting.provider import Provider


@csrf_exempt  # the seal in the address says that it was made here
@never_cache
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, name: UUID, seal: str, channel: str) -> HttpResponse:
    """Take in what became of one text."""
    if not is_genuine(channel, name, seal):
        raise Http404
    told = {**request.GET.dict(), **request.POST.dict()}
    match told.get("type"):  # of Kannel: delivered, not delivered, refused by the operator
        case "1":
            arrived(name)
        case "2" | "16":
            did_not_arrive(name, told.get("answer", ""), at=timezone.now())
    return HttpResponse(content_type="text/plain")


@csrf_exempt  # the secret in the address says who asks
@never_cache
@require_http_methods(["GET", "POST"])
def incoming(request: HttpRequest, secret: str) -> HttpResponse:
    """Take in a text from a phone, and answer with what the gateway is to text back; nothing for nothing."""
    if not settings.SMS_INCOMING_SECRET or not constant_time_compare(secret, settings.SMS_INCOMING_SECRET):
        raise Http404
    told = {**request.GET.dict(), **request.POST.dict()}
    answer = take_in_text(told.get("from", ""), told.get("text", ""), at=timezone.now())
    return HttpResponse(answer, content_type="text/plain; charset=utf-8")


@csrf_exempt  # the signature says who calls
@never_cache
@require_POST
def called(request: HttpRequest, gateway: Callable[[], Gateway | None]) -> HttpResponse:
    """Take in a signed call of a described provider: a report, or a text from a phone, which is answered by a text."""
    provider = gateway()
    if not isinstance(provider, Provider) or provider.calls is None:
        raise Http404
    try:
        told = provider.read_call(request.body, request.headers.get(provider.calls.header, ""))
        name = UUID(told.name) if told and told.name else None
    except ValueError:
        return HttpResponseBadRequest()
    if told is None:
        raise PermissionDenied
    if told.sender:
        answer = take_in_text(told.sender, told.text, at=timezone.now())
        if answer:
            provider.send(Text(told.sender, answer))
    elif name and told.status in provider.calls.arrived:
        arrived(name)
    elif name and told.status in provider.calls.not_delivered:
        did_not_arrive(name, told.words, at=timezone.now())
    return HttpResponse(content_type="text/plain")
