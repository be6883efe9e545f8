"""Accounts and groups in the admin: for superusers, since whoever changes them there can become one.

Administrators invite and dismiss staff on pages of their own, which give the roles of the table and nothing else.
"""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.http import HttpRequest

admin.site.unregister([User, Group])


class _SuperusersOnly:
    def has_module_permission(self, request: HttpRequest) -> bool:
        return _is_superuser(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_superuser(request)

    has_change_permission = has_delete_permission = has_view_permission

    def has_add_permission(self, request: HttpRequest) -> bool:
        return _is_superuser(request)


@admin.register(User)
class AccountAdmin(_SuperusersOnly, UserAdmin):  # type: ignore[type-arg]
    pass


@admin.register(Group)
class RoleAdmin(_SuperusersOnly, GroupAdmin):
    pass


def _is_superuser(request: HttpRequest) -> bool:
    return request.user.is_active and getattr(request.user, "is_superuser", False)
