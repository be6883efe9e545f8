"""Who may sign in to the demonstration, each with the rights of one role."""

from collections.abc import Mapping

from django.contrib.auth.models import Group, User

from campaigns.access import MARKETERS, OPERATORS
from prospects.access import DATA_PROTECTION

ROLES = {"marketing": MARKETERS, "dpo": DATA_PROTECTION, "operator": OPERATORS}


def open_accounts(passwords: Mapping[str, str]) -> None:
    """Make an account of each role, or give it this password again."""
    flags = {
        "admin": {"is_staff": True, "is_superuser": True},
        "marketing": {"is_staff": False, "is_superuser": False},
        "dpo": {"is_staff": True, "is_superuser": False},
        "operator": {"is_staff": False, "is_superuser": False},
    }
    for username, password in passwords.items():
        user, _created = User.objects.update_or_create(username=username, defaults=flags[username])
        user.set_password(password)
        user.save(update_fields=["password"])
        if role := ROLES.get(username):
            user.groups.add(Group.objects.get(name=role))
