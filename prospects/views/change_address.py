from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from consent.addresses import normalise
from consent.stop_links import BadStopToken, read_stop_token
from consent.vocabulary import MEDIUM_OF, Medium
from prospects.change_mails import Mailbox
from prospects.change_of_address import ask, press, refuse
from prospects.clients import client_address, shortened
from prospects.limits import closed_for_a_moment, count, limited, too_many
from prospects.links import BadLink, read_change_token
from prospects.models import AddressChange
from prospects.tasks import wake_confirmation_mails
from prospects.turning_on import BoxesForm, on_offer
from prospects.views.speaking import speak


class NewAddressForm(forms.Form):
    """The one field of a wish to be written to elsewhere."""

    address = forms.CharField(
        label=gettext_lazy("New e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false", "class": "form-control"}),
        error_messages={"required": gettext_lazy("Enter the address to which we should write from now on.")},
    )

    def clean_address(self) -> str:
        try:
            return normalise(Medium.EMAIL, self.cleaned_data["address"])
        except ValidationError as error:
            raise ValidationError(error.messages) from error


@csrf_exempt  # the token in the address is what lets one ask, and both mailboxes have to agree
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("address_change", "POST")
def ask_to_change_address(request: HttpRequest, token: str) -> HttpResponse:
    """Take a new address, and mail both. The answer is the same whoever asks, and whoever is known."""
    try:
        written = read_stop_token(token)
    except BadStopToken as error:
        raise Http404 from error
    if MEDIUM_OF[written.channel] != Medium.EMAIL:
        raise Http404
    form = NewAddressForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "prospects/change_address_ask.html", {"form": form, "token": token})
    try:
        if wait := count("address_change", str(written.address_key)):
            return too_many(request, wait)
        language = get_language() or settings.LANGUAGE_CODE
        ask(written.address_key, form.cleaned_data["address"], language=language, at=timezone.now())
        wake_confirmation_mails()
    except (RedisError, OperationalError):
        return closed_for_a_moment(request)
    return render(request, "prospects/change_address_asked.html", {"days": settings.PENDING_SIGNUP_DAYS})


@csrf_exempt  # the token in the address, known to one mailbox alone, is what lets one press
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("personal_page", "GET", "POST", open_when_blind=True)
def change_address(request: HttpRequest, token: str) -> HttpResponse:
    """Show one of the two mailboxes what would change; a press, and never a mere look, says yes or no."""
    try:
        pk, name = read_change_token(token)
        mailbox = Mailbox(name)
    except (BadLink, ValueError) as error:
        raise Http404 from error
    now = timezone.now()
    change = AddressChange.objects.filter(pk=pk, expires_at__gt=now).first()
    if change is not None:
        speak(request, change.language)
    boxes = on_offer(at=now) if mailbox is Mailbox.NEW else []
    form = BoxesForm(boxes, request.POST if request.method == "POST" else None)
    context = {"change": change, "form": form, "mailbox": mailbox, "step": "expired" if change is None else None}
    if change is not None and request.method == "POST" and form.is_valid():
        if "refuse" in request.POST:
            context["step"] = refuse(pk, at=now)
        else:
            network = shortened(client_address(request))
            context["step"] = press(pk, mailbox, ticked=form.ticked(), network=network, at=now)
    return render(request, "prospects/change_address.html", context)
