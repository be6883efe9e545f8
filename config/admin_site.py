"""The admin site: Loyal's name on it, and on its first page what is still to be set up."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from consent.first_steps import first_steps


class LoyalAdminSite(AdminSite):
    site_title = site_header = _("Loyal – administration")
    index_title = _("Administration")
    enable_nav_sidebar = True

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        return super().index(request, {"first_steps": first_steps(), **(extra_context or {})})
