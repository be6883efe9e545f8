from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consent.admin.base import LargeTableAdmin, without_shortcuts
from consent.admin.widgets import SplitDateTime
from consent.vocabulary import Medium
from prospects.admin.actions import ACTIONS
from prospects.admin.doors import DoorsAdmin
from prospects.admin.extra import person_form
from prospects.admin.joining import MergeAdmin, to_merge_screen
from prospects.admin.panels import PersonPage
from prospects.admin.why import WhyAdmin
from prospects.models import ContactDetail, ExtraField, Prospect
from prospects.models.extra import PREFIX
from prospects.search import find


@admin.register(Prospect)
class ProspectAdmin(DoorsAdmin, MergeAdmin, WhyAdmin, LargeTableAdmin):
    """One page per person, with all that is known; what comes in by hand comes through the domain's doors."""

    list_display = ["name", "addresses", "occupation"]
    when_empty = _("Nobody yet. People come in by a form, by the import of a file, or by the button below.")
    list_filter = ["kind", "language", ("restricted_at", admin.EmptyFieldListFilter)]
    list_select_related = ["activity"]
    search_fields = ["last_name"]  # makes the box appear; `find` does the search
    search_help_text = _("A name or an address, or its beginning, or № 12. Accents and capitals do not matter.")
    fields = [
        ("first_name", "last_name"),
        ("kind", "language"),
        ("company", "activity"),
        ("born_on", "time_zone"),
        ("restricted_at", "created_at"),
    ]
    readonly_fields = ["restricted_at", "created_at"]
    actions = ["merge_people"]
    formfield_overrides = {models.DateTimeField: {"form_class": forms.SplitDateTimeField, "widget": SplitDateTime}}

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> Any:
        found = find(search_term, queryset) if search_term.strip() else queryset
        return found.prefetch_related(Prefetch("details", ContactDetail.objects.order_by("pk"))), False

    def has_delete_permission(self, request: HttpRequest, obj: Prospect | None = None) -> bool:
        return False

    def get_fieldsets(self, request: HttpRequest, obj: Prospect | None = None) -> Any:
        fieldsets: list[tuple[Any, Any]] = [(None, {"fields": self.fields})]
        if self.has_change_permission(request, obj) and (extras := _extras(request)):
            fieldsets.append((_("Extra fields"), {"fields": [PREFIX + slug for slug in extras]}))
        return fieldsets

    def get_form(self, request: HttpRequest, obj: Prospect | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **{**kwargs, "form": person_form(_extras(request))})
        without_shortcuts(form.base_fields.get("activity"))
        return form

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        prospect = self.get_object(request, object_id)
        known = {"title": prospect.name, "page": PersonPage(request, prospect), "actions": ACTIONS} if prospect else {}
        return super().change_view(request, object_id, form_url, {**known, **(extra_context or {})})

    @admin.action(description=_("Merge two records of one person"), permissions=["change"])
    def merge_people(self, request: HttpRequest, people: QuerySet[Prospect]) -> HttpResponse | None:
        """Lead to the screen where the two are compared."""
        chosen = list(people.order_by("pk")[:3])
        if len(chosen) != 2:
            messages.error(request, gettext("Choose two people who are still on record."))
            return None
        return to_merge_screen(*chosen)

    @admin.display(description=_("name"))
    def name(self, prospect: Prospect) -> str:
        return prospect.name

    @admin.display(description=_("addresses"))
    def addresses(self, prospect: Prospect) -> SafeString:
        """Those by which one recognises somebody in a list; a postal address takes a person's page."""
        shown = (detail.address for detail in prospect.details.all() if detail.medium != Medium.POST)
        return format_html_join(mark_safe("<br>"), "{}", ((address,) for address in shown))

    @admin.display(description=_("kind"))
    def occupation(self, prospect: Prospect) -> str:
        known = (prospect.company, prospect.activity) if prospect.kind == Prospect.Kind.PROFESSIONAL else ()
        return ", ".join(str(part) for part in known if part) or prospect.get_kind_display()


def _extras(request: HttpRequest) -> dict[str, ExtraField]:
    """The extra fields, read once a page."""
    if not hasattr(request, "extra_fields"):
        request.extra_fields = {field.slug: field for field in ExtraField.objects.all()}  # type: ignore[attr-defined]
    fields: dict[str, ExtraField] = request.extra_fields  # type: ignore[attr-defined]
    return fields
