"""Who works here: one table of roles, each a Django group with what it may do and the page on which its day starts."""

from collections import defaultdict
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, Group, Permission, User
from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaigns.access import APPROVE_CAMPAIGN, MARKETERS, OPERATORS, RUN_CAMPAIGN
from prospects.access import ADMINISTRATORS, ANSWER_REQUESTS, DATA_PROTECTION, EXPORT_LISTS, IMPORT_CONTACTS
from staff.models import Grant

PRODUCE_CAMPAIGN = "campaigns.produce_campaign"
CALL_FOR_CAMPAIGN = "campaigns.call_for_campaign"
KEEP_ACCOUNTS = "auth.change_user"
SET_UP = "consent.change_organisation"
KEEP_KEYS = "api.keep_keys"

# What is written before anybody sees it: purposes, notices with their boxes, forms.
_WORDING = tuple(f"consent.*_{model}" for model in ("purpose", "notice", "box", "signupform"))


@dataclass(frozen=True)
class Role:
    """A group; the permissions are `app.codename`, with `*` for any."""

    name: str
    title: str | Promise
    permissions: tuple[str, ...]
    start: str
    opens_the_admin: bool = False

    def grants(self, permission: str) -> bool:
        """Say whether this role comes with that permission."""
        return any(fnmatchcase(permission, pattern) for pattern in self.permissions)


# Somebody who has several roles starts on the page of the first.
ROLES = (
    Role(
        ADMINISTRATORS,
        _("Administrators"),
        (
            *(SET_UP, "consent.view_organisation", "consent.*_sender", *_WORDING),
            *(IMPORT_CONTACTS, EXPORT_LISTS, ANSWER_REQUESTS),
            *("prospects.*_family", "prospects.*_activity", "prospects.view_purgerun", "prospects.view_sourcerefusal"),
            *("prospects.*_question", "admin.view_logentry"),
            *(KEEP_ACCOUNTS, KEEP_KEYS, "django_celery_beat.*", "campaigns.view_campaign"),
        ),
        start="admin:index",
        opens_the_admin=True,
    ),
    Role(
        DATA_PROTECTION,
        _("Data protection"),
        ("consent.view_*", *_WORDING, "prospects.*", "campaigns.view_*", "admin.view_logentry"),
        start="admin:index",
        opens_the_admin=True,
    ),
    Role(MARKETERS, _("Marketers"), (RUN_CAMPAIGN, APPROVE_CAMPAIGN), start="campaigns:home"),
    Role(OPERATORS, _("Operators"), (PRODUCE_CAMPAIGN, CALL_FOR_CAMPAIGN), start="operations"),
)


def roles_of(user: AbstractBaseUser | AnonymousUser) -> list[Role]:
    """Return the roles that somebody has; a superuser is an administrator, in a group or not."""
    if not isinstance(user, User):
        return []
    names = {group.name for group in user.groups.all()}
    return [role for role in ROLES if role.name in names or (user.is_superuser and role.name == ADMINISTRATORS)]


def create_groups(**_signal: Any) -> None:
    """Make each group with its permissions, and give it what a later version brings; what staff took away stays away.

    A group from before this was noted is taken to have been given everything.
    """
    if Grant._meta.db_table not in connection.introspection.table_names():
        return  # migrated back to before it
    every = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type")
    }
    given: dict[str, set[str]] = defaultdict(set)
    for role_name, name in Grant.objects.values_list("role", "permission"):
        given[role_name].add(name)
    for role in ROLES:
        group, created = Group.objects.get_or_create(name=role.name)
        new = {name for name in every if role.grants(name)} - (set() if created else given[role.name])
        if created or given[role.name]:
            group.permissions.add(*(every[name] for name in new))
        Grant.objects.bulk_create([Grant(role=role.name, permission=name) for name in new], ignore_conflicts=True)
