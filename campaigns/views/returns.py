from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from campaigns.returns.providers import PROVIDERS, read_events
from campaigns.returns.take_in import take_in


@csrf_exempt
@require_http_methods(["HEAD", "POST"])
def receive(request: HttpRequest, provider: str) -> HttpResponse:
    """Take in what a mail provider tells, if it is one of ours and proves it. HEAD only asks whether we are there."""
    key = settings.PROVIDER_WEBHOOKS.get(provider)
    if not key or provider not in PROVIDERS:
        raise Http404
    if request.method == "POST":
        for understood in read_events(PROVIDERS[provider], key, request):
            take_in(understood, at=timezone.now())
    return HttpResponse()
