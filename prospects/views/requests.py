"""The requests of people, for staff: what waits and until when, one that came by letter, one answer at a time."""

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from consent.law.days import paris_day
from consent.vocabulary import Medium
from prospects.access import ANSWER_REQUESTS, allowed_to
from prospects.models import Prospect, RightsRequest
from prospects.rights.forms import AcceptForm, EnterForm, ReasonForm
from prospects.rights.handling import Noted, accept, enter, extend, recipients_told, refuse
from prospects.rights.words import OF_RIGHT
from prospects.tasks import wake_mails_if_possible

answerers_only = allowed_to(ANSWER_REQUESTS)
Right, Status = RightsRequest.Right, RightsRequest.Status

# Kept in English in the log of staff acts, and read in any language.
_NOTED = {
    "enter": gettext_noop("A request was entered."),
    "extend": gettext_noop("More time was taken for a request."),
    "refuse": gettext_noop("A request was refused."),
    "accept": gettext_noop("A request was granted."),
    "told": gettext_noop("The recipients were told."),
}


@require_safe
@answerers_only
def requests(request: HttpRequest) -> HttpResponse:
    """What waits, the most urgent first, then what was answered."""
    today = paris_day(timezone.now())
    waiting = [(wish, (wish.due_on - today).days) for wish in RightsRequest.objects.open()]
    answered = RightsRequest.objects.filter(answered_at__isnull=False).order_by("-answered_at", "-pk")
    context = {
        "waiting": waiting,
        "untold": RightsRequest.objects.untold(),
        "page": Paginator(answered, 25).get_page(request.GET.get("page")),
        "restricted": Prospect.objects.exclude(restricted_at=None).count(),
    }
    return render(request, "prospects/rights/requests.html", context)


@answerers_only
def enter_request(request: HttpRequest) -> HttpResponse:
    """Enter a request that came by letter, by telephone, by e-mail or in person."""
    form = EnterForm(request.POST or None, initial={"language": get_language()})
    if form.is_valid():
        said = form.cleaned_data
        noted = Noted(
            right=said["right"],
            medium=Medium(said["medium"]),
            address=said["address"],
            door=said["door"],
            came_at=said["came_on"],
            identity=said["identity"],
            language=said["language"],
            words=said["words"],
            person=said["person"],
        )
        try:
            wish = enter(noted, by=_staff(request), at=timezone.now())
        except ValidationError as refusal:
            form.add_error("person", ValidationError(refusal.messages))
        else:
            _note(request, wish, "enter", ADDITION)
            return redirect("request", wish.pk)
    return render(request, "prospects/rights/enter.html", {"form": form})


@require_safe
@answerers_only
def one_request(request: HttpRequest, pk: int) -> HttpResponse:
    """One request: what is known of it, and what may be done."""
    return _page(request, _proven(pk))


@answerers_only
def act_on_request(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Take more time, refuse or grant."""
    wish = _proven(pk)
    if act not in _ACTS:
        raise Http404
    if request.method != "POST":
        return redirect("request", pk)
    form = _forms(wish, request)[act]
    if form.is_valid():
        try:
            _ACTS[act](pk, form.cleaned_data, _staff(request))
        except ValidationError as refusal:
            form.add_error(None, ValidationError(refusal.messages))
        else:
            _note(request, wish, act, CHANGE)
            return redirect("request", pk)
    return _page(request, wish, **{act: form})


def _extend(pk: int, said: dict[str, Any], by: User) -> None:
    extend(pk, said["why"], by=by, at=timezone.now())


def _refuse(pk: int, said: dict[str, Any], by: User) -> None:
    refuse(pk, said["why"], by=by, at=timezone.now())


def _accept(pk: int, said: dict[str, Any], by: User) -> None:
    accept(pk, said["answer"], without_notes=said.get("without_notes", False), by=by, at=timezone.now())


def _told(pk: int, _said: dict[str, Any], by: User) -> None:
    recipients_told(pk, by=by, at=timezone.now())


_ACTS: dict[str, Callable[[int, dict[str, Any], User], None]] = {
    "extend": _extend,
    "refuse": _refuse,
    "accept": _accept,
    "told": _told,
}


def _forms(wish: RightsRequest, request: HttpRequest | None = None) -> dict[str, forms.Form]:
    posted = request.POST if request is not None else None
    return {
        "extend": ReasonForm(posted, prefix="extend"),
        "refuse": ReasonForm(posted, prefix="refuse"),
        "accept": AcceptForm(posted, right=wish.right, prefix="accept"),
        "told": forms.Form(posted),
    }


def _page(request: HttpRequest, wish: RightsRequest, **filled: forms.Form) -> HttpResponse:
    context = {
        "wish": wish,
        "said": OF_RIGHT[Right(wish.right)],
        "forms": _forms(wish) | filled,
        "days": (wish.due_on - paris_day(timezone.now())).days,
        "may_see_person": wish.prospect_id and request.user.has_perm("prospects.change_prospect"),
        "is_mailed": wish.medium == Medium.EMAIL,
    }
    return render(request, "prospects/rights/request.html", context)


def _proven(pk: int) -> RightsRequest:
    """A request whose person showed who they are: of the others nobody is to know."""
    return get_object_or_404(RightsRequest.objects.exclude(status=Status.UNPROVEN), pk=pk)


def _staff(request: HttpRequest) -> User:
    return cast(User, request.user)


def _note(request: HttpRequest, wish: RightsRequest, act: str, flag: int) -> None:
    LogEntry.objects.log_actions(_staff(request).pk, [wish], flag, _NOTED[act], single_object=True)
    messages.success(request, _(_NOTED[act]))
    wake_mails_if_possible()
