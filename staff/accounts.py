"""Accounts of whoever works here: invited by mail, given roles, dismissed."""

from collections.abc import Collection, Iterable

from django.contrib.auth.models import Group, User
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import transaction
from django.db.models import QuerySet
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from prospects.links import absolute
from prospects.mail import compose
from staff.roles import ROLES, Role


class InvitationTokens(PasswordResetTokenGenerator):
    """Good once, for as long as PASSWORD_RESET_TIMEOUT: a token says nothing once a password was chosen."""

    key_salt = "staff.accounts.InvitationTokens"


invitation_tokens = InvitationTokens()


def accounts() -> QuerySet[User]:
    """Return every account with its roles, those that work first."""
    return User.objects.prefetch_related("groups").order_by("-is_active", "last_name", "first_name", "username")


@transaction.atomic
def open_account(email: str, first_name: str, last_name: str, roles: Collection[Role]) -> User:
    """Make an account that nobody can enter until its owner has chosen a password."""
    user = User(username=email.lower(), email=email.lower(), first_name=first_name, last_name=last_name)
    user.set_unusable_password()
    user.save(force_insert=True)
    give_roles(user, roles)
    return user


@transaction.atomic
def give_roles(user: User, roles: Collection[Role]) -> None:
    """Let somebody do what these roles may do, and no more of what the table knows."""
    ours = Group.objects.filter(name__in=[role.name for role in ROLES])
    user.groups.remove(*ours)
    user.groups.add(*ours.filter(name__in=[role.name for role in roles]))
    user.is_staff = user.is_superuser or any(role.opens_the_admin for role in roles)
    user.save(update_fields=["is_staff"])


def deactivate(user: User) -> None:
    """End an account and every session of it at once, for good: a new password is a new beginning."""
    user.is_active = False
    user.set_unusable_password()
    user.save(update_fields=["is_active", "password"])


def reactivate(user: User) -> None:
    """Let somebody come back, by a new invitation."""
    user.is_active = True
    user.save(update_fields=["is_active"])


def send_invitation(user: User, language: str) -> None:
    """Mail the link by which somebody chooses a password. The tokens of earlier invitations stay good as long."""
    link = absolute("accept_invitation", _uid(user), invitation_tokens.make_token(user))
    compose("invitation", user.email, language, {"link": link, "username": user.get_username()}).send()


def accounts_at(email: str) -> list[int]:
    """The numbers of the active accounts of an address. Numbers, not the address, are what a queue may hold."""
    return list(User.objects.filter(email__iexact=email, is_active=True).order_by("pk").values_list("pk", flat=True))


def send_password_links(accounts: Iterable[int], language: str) -> None:
    """Mail to each of these accounts, if still active, the link by which it gets a new password."""
    tokens = PasswordResetTokenGenerator()
    for user in User.objects.filter(pk__in=accounts, is_active=True):
        if user.has_usable_password():
            link = absolute("new_password", _uid(user), tokens.make_token(user))
            compose("new_password", user.email, language, {"link": link, "username": user.get_username()}).send()


def _uid(user: User) -> str:
    return urlsafe_base64_encode(force_bytes(user.pk))
