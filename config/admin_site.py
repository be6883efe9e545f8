"""The admin site: Loyal's name on it, and on its first page what is still to be set up."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from campaigns import rulebook
from consent.first_steps import first_steps

# What staff open every day comes first.
ORDER = ["prospects", "consent", "campaigns", "django_celery_beat", "auth"]


class LoyalAdminSite(AdminSite):
    site_title = site_header = _("Loyal – administration")
    index_title = _("Administration")
    enable_nav_sidebar = True

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        known = {"first_steps": first_steps(), "rulebook_warning": rulebook.warning()}
        return super().index(request, known | (extra_context or {}))

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        apps = super().get_app_list(request, app_label)
        return sorted(apps, key=lambda app: ORDER.index(app["app_label"]) if app["app_label"] in ORDER else len(ORDER))
