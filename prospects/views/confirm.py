from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from prospects.clients import client_address, shortened
from prospects.limits import limited
from prospects.links import BadLink, read_confirmation_token
from prospects.models import PendingSignup
from prospects.sending import Sending
from prospects.signup import Press, refuse
from prospects.signup import confirm as press_button
from prospects.views.speaking import speak


@csrf_exempt  # the token in the address, known to the mailbox alone, is what lets one press
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("personal_page", "GET", "POST", open_when_blind=True)
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show what the button confirms; a press, and never a mere look, confirms it, or refuses it."""
    try:
        pk = read_confirmation_token(token)
    except BadLink as error:
        raise Http404 from error
    now = timezone.now()
    pending = PendingSignup.objects.select_related("form", "notice").filter(pk=pk).first()
    if pending is not None:
        speak(request, pending.language)
    press = None
    if request.method == "POST":
        if "refuse" in request.POST:
            press = refuse(pk, at=now)
        else:
            network = shortened(client_address(request))
            press = press_button(pk, seen=request.POST.get("seen", ""), network=network, at=now)
    elif pending is None or pending.expires_at <= now:
        press = Press.EXPIRED
    elif pending.status == PendingSignup.Status.CONFIRMED:
        press = Press.ALREADY
    elif pending.status == PendingSignup.Status.REFUSED:
        press = Press.REFUSED

    context = {"pending": pending, "form": pending.form if pending else None, "press": press}
    if press in (None, Press.CHANGED) and pending is not None:
        return render(request, "prospects/confirm.html", context | {"sending": Sending.of(pending)})
    return render(request, "prospects/confirmed.html", context)
