from smtplib import SMTPException
from typing import cast

import structlog
from django.contrib import messages
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from prospects.access import allowed_to
from staff.accounts import accounts, deactivate, give_roles, open_account, reactivate, send_invitation
from staff.forms import InvitationForm, RolesForm
from staff.roles import KEEP_ACCOUNTS, roles_of

log = structlog.get_logger(__name__)


@require_safe
@allowed_to(KEEP_ACCOUNTS)
def list_accounts(request: HttpRequest) -> HttpResponse:
    """Show who works here, with which roles."""
    people = [(user, roles_of(user), _may_change(request, user)) for user in accounts()]
    return render(request, "staff/accounts.html", {"people": people})


@allowed_to(KEEP_ACCOUNTS)
def invite(request: HttpRequest) -> HttpResponse:
    """Make an account and mail its owner the link to choose a password."""
    form = InvitationForm(request.POST or None, initial={"language": get_language()})
    if form.is_valid():
        said = form.cleaned_data
        user = open_account(said["email"], said["first_name"], said["last_name"], form.chosen())
        _note(request, user, ADDITION, "Invited.")
        _send_invitation(request, user, said["language"])
        return redirect("accounts")
    return render(request, "staff/invite.html", {"form": form})


@allowed_to(KEEP_ACCOUNTS)
def change_roles(request: HttpRequest, pk: int) -> HttpResponse:
    """Give and take roles, of anybody but oneself and superusers."""
    user = _changeable(request, pk)
    form = RolesForm(
        request.POST if request.method == "POST" else None, initial={"roles": [role.name for role in roles_of(user)]}
    )
    if form.is_valid():
        give_roles(user, form.chosen())
        _note(request, user, CHANGE, f"Roles: {', '.join(role.name for role in form.chosen()) or 'none'}.")
        messages.success(request, _("The roles of %(person)s are kept.") % {"person": _name(user)})
        return redirect("accounts")
    return render(request, "staff/roles.html", {"form": form, "person": user})


@require_POST
@allowed_to(KEEP_ACCOUNTS)
def end_account(request: HttpRequest, pk: int) -> HttpResponse:
    """Deactivate: whoever is signed in with it is out at the next click."""
    user = _changeable(request, pk)
    deactivate(user)
    _note(request, user, CHANGE, "Deactivated.")
    messages.success(request, _("%(person)s may not enter any more.") % {"person": _name(user)})
    return redirect("accounts")


@require_POST
@allowed_to(KEEP_ACCOUNTS)
def invite_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Send another invitation to whoever has no password, back from a dismissal or not."""
    user = _changeable(request, pk)
    if user.has_usable_password():
        messages.info(request, _("%(person)s has a password already.") % {"person": _name(user)})
        return redirect("accounts")
    if not user.is_active:
        reactivate(user)
        _note(request, user, CHANGE, "Invited again.")
    _send_invitation(request, user, get_language() or "fr")
    return redirect("accounts")


def _send_invitation(request: HttpRequest, user: User, language: str) -> None:
    try:
        send_invitation(user, language)
    except (SMTPException, OSError) as error:
        log.warning("an invitation did not leave", error=type(error).__name__)
        messages.error(
            request, _("The account is there, but the mail server did not take the invitation: send it again.")
        )
    else:
        messages.success(request, _("An invitation is on its way to %(address)s.") % {"address": user.email})


def _changeable(request: HttpRequest, pk: int) -> User:
    user = get_object_or_404(User, pk=pk)
    if not _may_change(request, user):
        raise PermissionDenied
    return user


def _may_change(request: HttpRequest, user: User) -> bool:
    """Nobody locks themselves out; superusers are kept in the admin, by superusers."""
    return user.pk != request.user.pk and not user.is_superuser


def _note(request: HttpRequest, user: User, flag: int, words: str) -> None:
    by = cast(User, request.user)
    LogEntry.objects.log_actions(by.pk, [user], flag, words, single_object=True)


def _name(user: User) -> str:
    return user.get_full_name() or user.get_username()
