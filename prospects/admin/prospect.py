from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from consent.admin.base import LargeTableAdmin, without_shortcuts
from consent.vocabulary import Medium
from prospects.admin.dealings import CallInline, ContractInline, HoldInline, PurchaseInline, RequestInline
from prospects.admin.doors import DoorsAdmin
from prospects.admin.panels import PersonPage
from prospects.dealings import record_call, record_purchase, record_request, take_back_purchase
from prospects.merging import merge
from prospects.models import CallAttempt, ContactDetail, InformationRequest, Prospect, Purchase
from prospects.search import find


@admin.register(Prospect)
class ProspectAdmin(DoorsAdmin, LargeTableAdmin):
    """One page per person, with all that is known; what comes in by hand comes through the domain's doors."""

    list_display = ["name", "addresses", "occupation"]
    list_filter = ["kind", "language"]
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
    readonly_fields = ["created_at"]
    actions = ["merge_people"]
    inlines = [PurchaseInline, ContractInline, RequestInline, CallInline, HoldInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Prospect]:
        details = ContactDetail.objects.order_by("pk")
        return super().get_queryset(request).prefetch_related(Prefetch("details", details))

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> Any:
        return find(search_term, queryset) if search_term.strip() else queryset, False

    def has_delete_permission(self, request: HttpRequest, obj: Prospect | None = None) -> bool:
        return False

    def get_form(self, request: HttpRequest, obj: Prospect | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        without_shortcuts(form.base_fields.get("activity"))
        return form

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        prospect = self.get_object(request, object_id)
        known = {"title": prospect.name, "page": PersonPage(request, prospect)} if prospect else {}
        return super().change_view(request, object_id, form_url, {**known, **(extra_context or {})})

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Record what was added through the domain, so that what follows from it does."""
        for row in formset.save(commit=False):
            if isinstance(row, CallAttempt):
                record_call(row, noted_by=request.user.get_username())
            elif isinstance(row, InformationRequest):
                record_request(row)
            elif isinstance(row, Purchase):
                record_purchase(row)
            else:
                row.save()
        for row in formset.deleted_objects:
            if isinstance(row, Purchase):
                take_back_purchase(row)
            else:
                row.delete()

    @admin.action(description=_("Merge two records of one person"), permissions=["change"])
    def merge_people(self, request: HttpRequest, people: QuerySet[Prospect]) -> None:
        """Merge into the record that is older; every provenance is kept."""
        chosen = list(people.order_by("pk")[:3])
        try:
            if len(chosen) != 2:
                raise ValidationError(_("Choose two people who are still on record."))
            kept = merge(*chosen)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
            return
        done = _("Merged with %(other)s; every provenance is kept.") % {"other": chosen[1]}
        self.log_change(request, kept, str(done))
        messages.success(request, f"{capfirst(str(kept))}: {done}")

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
