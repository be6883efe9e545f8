"""Who may sign in to the demonstration, each with the rights of one role."""

from collections.abc import Mapping

from django.contrib.auth.models import Group, Permission, User
from django.db.models import Q

from campaigns.access import MARKETERS

DATA_PROTECTION = "Data protection"


def open_accounts(passwords: Mapping[str, str]) -> None:
    """Make an account of each role, or give it this password again."""
    roles = {
        "admin": {"is_staff": True, "is_superuser": True},
        "marketing": {"is_staff": False, "is_superuser": False},
        "dpo": {"is_staff": True, "is_superuser": False},
    }
    for username, password in passwords.items():
        user, _created = User.objects.update_or_create(username=username, defaults=roles[username])
        user.set_password(password)
        user.save(update_fields=["password"])
    Group.objects.get(name=MARKETERS).user_set.add(*User.objects.filter(username="marketing"))
    _data_protection().user_set.add(*User.objects.filter(username="dpo"))


def _data_protection() -> Group:
    """The group that sees all the evidence and keeps people's rights and notices, and sends nothing."""
    group, _created = Group.objects.get_or_create(name=DATA_PROTECTION)
    ours = Q(content_type__app_label__in=["consent", "prospects"])
    seen = Q(content_type__app_label="campaigns", codename__startswith="view_")
    group.permissions.set(Permission.objects.filter(ours | seen))
    return group
