from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from consent.admin.base import URLS_ARE_HTTPS, ModelAdmin
from consent.models import Organisation, Purpose


@admin.register(Organisation)
class OrganisationAdmin(ModelAdmin):
    """The one organisation: its page instead of a list, whether or not it was filled in."""

    formfield_overrides = URLS_ARE_HTTPS
    fieldsets = [
        (None, {"fields": ["name", "legal_identity", "address", "website", "colour"]}),
        (_("Who answers questions"), {"fields": ["email", "phone", "data_protection_contact"]}),
        (_("Who signs the mails"), {"fields": ["sender_name", "sender_email"]}),
    ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponseRedirect:
        return HttpResponseRedirect(reverse("admin:consent_organisation_change", args=[1]))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Organisation:
        return Organisation.objects.current()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Purpose)
class PurposeAdmin(ModelAdmin):
    list_display = ["slug", "name_fr", "name_en", "partner"]
    prepopulated_fields = {"slug": ["name_fr"]}

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return {} if obj else self.prepopulated_fields
