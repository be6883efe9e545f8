from datetime import datetime
from functools import partial
from http import HTTPStatus

import structlog
from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from consent.markdown import layers
from consent.models import SignupForm
from consent.open_forms import open_form
from prospects import form_pages
from prospects.admission import admit
from prospects.clients import client_address, counted_as, shortened
from prospects.forms import VisitorForm
from prospects.framing import framed, is_framed
from prospects.limits import closed_for_a_moment, limited, too_many
from prospects.links import BadLink, OldLink, read_thanks_token, thanks_token
from prospects.sending import Outcome, Sending
from prospects.signup import receive
from prospects.stamps import Stamp, Use
from prospects.tasks import wake_confirmation_mails
from prospects.turnstile import note

log = structlog.get_logger(__name__)


@csrf_exempt  # the stamp stands in: no cookie is set on a public page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("signup", "POST")
def signup(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a public form, and receive what a visitor sends with it."""
    now, opened = timezone.now(), open_form(slug)
    if opened is None:
        return _not_open(request, slug, at=now)
    if request.method != "POST":
        return form_pages.show(request, opened, partial(_page, request), at=now)
    try:
        return _receive(request, VisitorForm(opened.form, request.POST, at=now))
    except RedisError:
        return closed_for_a_moment(request)


def _page(request: HttpRequest, form: VisitorForm) -> HttpResponse:
    essentials, details = layers(form.signup_form.notice.information)
    context = {"signup_form": form.signup_form, "form": form, "essentials": essentials, "details": details}
    if form.is_carried:
        context["action"] = reverse("signup", args=[form.signup_form.slug])
    return render(request, "prospects/signup.html", context)


def _not_open(request: HttpRequest, slug: str, *, at: datetime) -> HttpResponse:
    """Say that the form is closed; to staff who look before they open it, it shows itself and takes nothing."""
    signup_form = get_object_or_404(SignupForm.objects.select_related("notice"), slug=slug)
    is_ready = signup_form.notice.published_at is not None
    if is_ready and request.method == "GET" and request.user.has_perm("consent.view_signupform"):
        return _page(request, VisitorForm(signup_form, at=at))
    return render(request, "prospects/signup_closed.html", {"signup_form": signup_form}, status=HTTPStatus.GONE)


@never_cache
@require_safe
def thanks(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """Say what became of a sending, and give the form's resource to everybody, ticked or not."""
    signup_form = get_object_or_404(SignupForm, slug=slug)
    try:
        outcome = Outcome(read_thanks_token(token, slug))
    except OldLink:
        return redirect(_address(request, slug))
    except BadLink as error:
        raise Http404 from error
    context = {
        "signup_form": signup_form,
        "outcome": outcome,
        "token": token,
        "address": _address(request, slug),
    }
    return render(request, "prospects/thanks.html", context)


embedded = framed(signup)
embedded_thanks = framed(thanks)


@csrf_exempt  # nothing is recorded, and nobody is signed in here
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("carried_form", "POST", open_when_blind=True)
def carry(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a form with the details that a form on another website sent along. Nothing is kept of them before a press.

    A tick sent along is not looked at: a box is ticked where its wording is shown, and nowhere else.
    """
    opened = open_form(slug)
    if opened is None:
        return _not_open(request, slug, at=timezone.now())
    if request.method != "POST":
        return redirect("signup", slug)
    return _page(request, VisitorForm(opened.form, at=timezone.now(), carried=request.POST))


def _address(request: HttpRequest, slug: str) -> str:
    """Where the form stands for this visitor: on our page, or in the frame."""
    return (
        reverse("embed:form_in", args=[slug, get_language()]) if is_framed(request) else reverse("signup", args=[slug])
    )


@never_cache
@require_safe
def resource(request: HttpRequest, slug: str, token: str) -> HttpResponseBase:
    """Serve the file that the form gives, to whoever comes from its thank-you page."""
    signup_form = get_object_or_404(SignupForm, slug=slug, resource=SignupForm.Resource.FILE)
    try:
        read_thanks_token(token, slug)
    except OldLink:
        return redirect(signup_form)
    except BadLink as error:
        raise Http404 from error
    try:
        return FileResponse(signup_form.resource_file.open(), as_attachment=True)
    except FileNotFoundError as error:
        raise Http404 from error


def _receive(request: HttpRequest, form: VisitorForm) -> HttpResponse:
    """Record what was sent, once for each stamp, or show the form again."""
    if not form.is_valid():
        return _page(request, form)
    address = client_address(request)
    assert form.stamp is not None  # noqa: S101 - a valid form has one
    page = settings.SITE_URL + _address(request, form.signup_form.slug)
    sending = form.sending(language=get_language() or "fr", page=page, network=shortened(address))
    admitted = admit(sending.digest, stamp=form.stamp, proof=form.proof, client=counted_as(address))
    if admitted.wait:
        return too_many(request, admitted.wait)
    if admitted.used_proof:
        form.refuse_proof()
        return _page(request, form)
    if admitted.use is Use.SPENT:
        form.ask_again(_("This form was sent already. If you want to send something else, press the button once more."))
        return _page(request, form)
    if admitted.use is not Use.REPEATED:
        outcome = receive(sending, stamp=form.stamp.number)
        _note_as_recorded(form.stamp, sending, mail_is_due=outcome is Outcome.TO_CONFIRM)
    slug, token = form.signup_form.slug, thanks_token(form.signup_form.slug, sending.outcome)
    if is_framed(request):
        return redirect("embed:thanks", slug, sending.language, token)
    return redirect("thanks", slug, token)


def _note_as_recorded(stamp: Stamp, sending: Sending, *, mail_is_due: bool) -> None:
    """Note that the stamp did its work and, in the same step, have the mail that is due sent."""
    recorded = stamp.finish(sending.digest)
    try:
        if mail_is_due:
            wake_confirmation_mails(noting=recorded)
        else:
            note(recorded)
    except (RedisError, OperationalError, OSError) as error:
        # Recorded all the same: if the visitor sends it again, receiving it twice changes nothing; beat sends the mail.
        log.warning("stamp not marked as spent, or mail not sent for", error=type(error).__name__)
