"""What an SMS gateway tells: reports of delivery, and what people text back. It asks with GET, as Kannel does."""

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from campaigns.texting.incoming import take_in_text
from campaigns.texting.reports import arrived, did_not_arrive, is_genuine
from consent.vocabulary import Channel


@csrf_exempt  # the seal in the address says that it was made here
@never_cache
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, name: UUID, seal: str) -> HttpResponse:
    """Take in what became of one text."""
    if not is_genuine(Channel.SMS, name, seal):
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
