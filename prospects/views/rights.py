"""Where somebody uses their rights: ask, show by a link who asks, see what is done, take the file."""

from http import HTTPStatus

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from consent.address_keys import key_of_normalised
from consent.stop_links import stop_token
from consent.vocabulary import Channel, Medium
from prospects.clients import client_address, shortened
from prospects.limits import closed_for_a_moment, count, limited, too_many
from prospects.links import BadLink, read_rights_file_token, read_rights_token, rights_file_token
from prospects.models import RightsRequest
from prospects.rights.asking import ask, detail_at, object_now
from prospects.rights.files import make_file
from prospects.rights.forms import AskForm, CorrectForm, StopForm, WhyForm
from prospects.rights.granting import LinkEnded, prove, waiting
from prospects.rights.words import OF_RIGHT, remedies, terms, what_stays
from prospects.tasks import wake_confirmation_mails, wake_mails_if_possible
from prospects.views.speaking import speak

Right = RightsRequest.Right
NO_PURPOSE = 0  # the way to a change of address from here, not from a message about some purpose


@csrf_exempt  # nobody is signed in; all that a press does is to send a mail to the address itself
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("rights_request", "POST")
def rights(request: HttpRequest) -> HttpResponse:
    """Say which rights there are, and take a wish. The answer is the same whether or not the address is known."""
    if request.method != "POST":
        return _page(request, AskForm(initial={"right": request.GET.get("right", "")}), StopForm())
    form = AskForm(request.POST)
    if not form.is_valid():
        return _page(request, form, StopForm())
    right, address = form.cleaned_data["right"], form.cleaned_data["address"]
    try:
        if wait := count("rights_request", str(key_of_normalised(Medium.EMAIL, address))):
            return too_many(request, wait)
        ask(right, address, language=get_language() or settings.LANGUAGE_CODE, at=timezone.now())
        wake_confirmation_mails()
    except (RedisError, OperationalError):
        return closed_for_a_moment(request)
    context = {"said": OF_RIGHT[Right(right)], "hours": settings.RIGHTS_LINK_HOURS}
    return render(request, "prospects/rights/asked.html", context)


@csrf_exempt  # whatever sent it: the person said stop, or somebody did them no harm
@never_cache
@require_POST
def rights_stop(request: HttpRequest) -> HttpResponse:
    """Stop everything at an address, at once. Never limited, and the answer tells nothing of who is known."""
    form = StopForm(request.POST)
    if not form.is_valid():
        return _page(request, AskForm(), form)
    medium, address = form.cleaned_data["stop_address"]
    object_now(medium, address, network=shortened(client_address(request)), at=timezone.now())
    return render(request, "prospects/rights/stopped.html")


def _page(request: HttpRequest, form: AskForm, stop_form: StopForm) -> HttpResponse:
    context = {"form": form, "stop_form": stop_form, "terms": terms(), "stop": OF_RIGHT[Right.OBJECTION]}
    return render(request, "prospects/rights/rights.html", context | {"remedies": remedies()})


@csrf_exempt  # the token, known to one mailbox alone, is what lets one press
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("personal_page", "GET", "POST", open_when_blind=True)
def rights_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show whoever reads the mailbox what they asked; a press, never a mere look, opens the request, once."""
    now = timezone.now()
    try:
        wish = waiting(read_rights_token(token), now)
    except BadLink as error:
        raise Http404 from error
    except LinkEnded:
        return render(request, "prospects/rights/old_link.html")
    speak(request, wish.language)
    form = _form_of(wish, request)
    if form.is_valid():
        changes = form.corrections() if isinstance(form, CorrectForm) else None
        try:
            wish = prove(wish.pk, words=form.cleaned_data.get("words", ""), changes=changes, at=now)
        except LinkEnded:  # pressed twice at the same moment
            return render(request, "prospects/rights/old_link.html")
        wake_mails_if_possible()
        if wish.gives_file(now):
            return redirect("rights_file", rights_file_token(wish.pk))
        return render(request, "prospects/rights/granted.html", _context(wish))
    return render(request, "prospects/rights/link.html", _context(wish) | {"form": form})


def _form_of(wish: RightsRequest, request: HttpRequest) -> CorrectForm | WhyForm:
    posted = request.POST if request.method == "POST" else None
    detail = detail_at(wish.medium, wish.address) if wish.right == Right.RECTIFICATION else None
    return CorrectForm(posted, instance=detail.prospect) if detail else WhyForm(posted)


def _context(wish: RightsRequest) -> dict[str, object]:
    corrects = wish.right == Right.RECTIFICATION
    return {
        "wish": wish,
        "said": OF_RIGHT[Right(wish.right)],
        "moves": stop_token(wish.address_key, Channel.EMAIL, NO_PURPOSE, key_id=wish.key_id) if corrects else "",
        "what_stays": what_stays() if wish.right == Right.ERASURE else [],
        "remedies": remedies(),
        "asks_why": corrects or wish.right == Right.RESTRICTION,
    }


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("personal_page", "GET", "POST", open_when_blind=True)  # type: ignore[arg-type] # a file is an answer too
def rights_file(request: HttpRequest, token: str) -> HttpResponseBase:
    """Give the file of somebody's data on a press: programs that follow the links of mails take nothing."""
    now = timezone.now()
    try:
        pk = read_rights_file_token(token)
    except BadLink as error:
        raise Http404 from error
    granted = RightsRequest.objects.select_related("prospect").filter(pk=pk).first()
    if granted is None or not granted.gives_file(now):
        return render(request, "prospects/rights/old_link.html", status=HTTPStatus.GONE)
    speak(request, granted.language)
    if request.method != "POST":
        return render(request, "prospects/rights/file.html", {"wish": granted})
    try:
        if wait := count("rights_file", str(pk)):
            return too_many(request, wait)
    except RedisError:
        return closed_for_a_moment(request)
    name = f"{granted.right}-{timezone.localdate():%Y-%m-%d}.zip"
    return FileResponse(make_file(granted), as_attachment=True, filename=name, content_type="application/zip")
