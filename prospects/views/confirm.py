from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from consent.forms import box_name
from consent.markdown import layers
from prospects.clients import client_address, shortened
from prospects.forms import BoxesForm
from prospects.limits import limited
from prospects.links import BadLink, absolute, read_confirmation_token, thanks_token
from prospects.models import PendingSignup
from prospects.sending import Choice, Outcome, Sending, boxes_asked, seen_on_page
from prospects.signup import Press, refuse
from prospects.signup import confirm as press_button
from prospects.views.speaking import speak


@csrf_exempt  # the token in the address, known to the mailbox alone, is what lets one press
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("personal_page", "GET", "POST", open_when_blind=True)
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show what the button confirms; a press, and never a mere look, confirms it, or refuses it.

    Where a program sent the details, the page asks what nobody was asked yet: the notice and its boxes stand on it.
    """
    try:
        pk = read_confirmation_token(token)
    except BadLink as error:
        raise Http404 from error
    now = timezone.now()
    pending = PendingSignup.objects.select_related("form", "notice").filter(pk=pk).first()
    if pending is not None:
        speak(request, pending.language)
    language = get_language() or "fr"
    asked = boxes_asked(pending, at=now) if pending is not None else []
    press = None
    if request.method == "POST":
        if "refuse" in request.POST:
            press = refuse(pk, at=now)
        else:
            choice = Choice(
                ticked=frozenset(box.pk for box in asked if box_name(box) in request.POST),
                language=language,
                page=absolute("confirm", token).removesuffix(f"{token}/"),
            )
            network = shortened(client_address(request))
            press = press_button(pk, seen=request.POST.get("seen", ""), network=network, at=now, choice=choice)
    elif pending is None or pending.expires_at <= now:
        press = Press.EXPIRED
    elif pending.status == PendingSignup.Status.CONFIRMED:
        press = Press.ALREADY
    elif pending.status == PendingSignup.Status.REFUSED:
        press = Press.REFUSED

    if press in (None, Press.CHANGED) and pending is not None:
        return _ask(request, pending, press, seen=seen_on_page(pending, language, at=now), at=now)
    context: dict[str, Any] = {"form": pending.form if pending else None, "press": press}
    if pending is not None and pending.asks_at_confirmation and press is not Press.EXPIRED:
        # What the form gives, it gives to everybody, whatever was ticked.
        token = thanks_token(pending.form.slug, Outcome.NOTHING)
        context |= {"signup_form": pending.form, "token": token}
    return render(request, "prospects/confirmed.html", context)


def _ask(request: HttpRequest, pending: PendingSignup, press: Press | None, *, seen: str, at: datetime) -> HttpResponse:
    context: dict[str, Any] = {"pending": pending, "form": pending.form, "press": press, "seen": seen}
    if not pending.asks_at_confirmation:
        return render(request, "prospects/confirm.html", context | {"sending": Sending.of(pending)})
    essentials, details = layers(pending.notice.information)
    context |= {"boxes": BoxesForm(boxes_asked(pending, at=at)), "essentials": essentials, "details": details}
    return render(request, "prospects/confirm_choice.html", context)
