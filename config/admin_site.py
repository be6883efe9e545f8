"""The admin site: Loyal's name on it, and on its first page what is still to be set up."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from campaigns import rulebook
from prospects.access import ANSWER_REQUESTS
from prospects.rights.reminding import requests_due
from staff.roles import SET_UP
from staff.setup.steps import unfinished_steps
from staff.sign_in import few_failures

# What staff open every day comes first.
ORDER = ["prospects", "consent", "campaigns", "django_celery_beat", "auth"]


class LoyalAdminSite(AdminSite):
    site_title = site_header = _("Loyal – administration")
    index_title = _("Administration")
    enable_nav_sidebar = True

    @method_decorator(few_failures)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().login(request, extra_context)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        may_set_up = request.user.is_active and request.user.has_perm(SET_UP)
        known = {
            "first_steps": unfinished_steps() if may_set_up else [],
            "rulebook_warning": rulebook.warning(),
            "requests": requests_due(timezone.now()) if request.user.has_perm(ANSWER_REQUESTS) else None,
        }
        return super().index(request, known | (extra_context or {}))

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        apps = super().get_app_list(request, app_label)
        return sorted(apps, key=lambda app: ORDER.index(app["app_label"]) if app["app_label"] in ORDER else len(ORDER))
