"""Purchases, contracts, requests, calls and holds: added on the person's page, never rewritten there."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from consent.admin.base import ModelAdmin, ModelChoiceField, ModelForm, ModelMultipleChoiceField, TabularInline
from prospects.models import (
    Activity,
    CallAttempt,
    ContactDetail,
    Contract,
    Family,
    InformationRequest,
    LegalHold,
    Purchase,
)


class FamiliesField(ModelMultipleChoiceField):
    """Several product families, kept as their paths."""

    def __init__(self, **options: Any) -> None:
        super().__init__(Family.objects.all(), to_field_name="path", label=_("product families"), **options)

    def clean(self, value: Any) -> Any:
        return [family.path for family in super().clean(value)]


class FamilyField(ModelChoiceField):
    """One product family, kept as its path."""

    def __init__(self, **options: Any) -> None:
        super().__init__(Family.objects.all(), to_field_name="path", label=_("product family"), **options)

    def clean(self, value: Any) -> Any:
        family = super().clean(value)
        return family.path if family else ""


class PurchaseForm(ModelForm):
    family = FamilyField()


class ContractForm(ModelForm):
    families = FamiliesField()


class RequestForm(ModelForm):
    families = FamiliesField()


class CallForm(ModelForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        refused = cleaned.get("outcome") == CallAttempt.Outcome.REFUSED
        if refused and not ContactDetail.objects.filter(prospect=self.instance.prospect_id, medium="phone").exists():
            raise ValidationError(_("This person has no phone number: record an objection to all channels instead."))
        return cleaned


class DealingInline(TabularInline):
    """Rows are added here; those there already are shown as they are."""

    extra = 0
    can_delete = True

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class PurchaseInline(DealingInline):
    model = Purchase
    form = PurchaseForm
    fields = ["at", "family", "reference"]
    ordering = ["-at"]


class ContractInline(DealingInline):
    model = Contract
    form = ContractForm
    fields = ["families", "starts_on", "ends_on"]
    ordering = ["-starts_on"]
    show_change_link = True


class RequestInline(DealingInline):
    model = InformationRequest
    form = RequestForm
    fields = ["at", "families", "evidence"]
    ordering = ["-at"]


class CallInline(DealingInline):
    model = CallAttempt
    form = CallForm
    fields = ["at", "outcome", "agreed_from", "agreed_until", "note"]
    ordering = ["-at"]
    can_delete = False


class HoldInline(DealingInline):
    model = LegalHold
    fields = ["reason", "starts_at", "ends_at", "forbids_erasure"]
    ordering = ["-starts_at"]
    can_delete = False
    show_change_link = True


class _FromThePersonsPage(ModelAdmin):
    """Reached from the person's page alone, to give an end to what has begun."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Contract)
class ContractAdmin(_FromThePersonsPage):
    readonly_fields = ["prospect", "families", "starts_on"]
    fields = [*readonly_fields, "ends_on"]


@admin.register(LegalHold)
class LegalHoldAdmin(_FromThePersonsPage):
    readonly_fields = ["prospect", "reason", "starts_at", "forbids_erasure"]
    fields = [*readonly_fields, "ends_at"]


@admin.register(Family)
class FamilyAdmin(ModelAdmin):
    list_display = ["path", "name_fr", "name_en"]
    search_fields = ["path", "name_fr", "name_en"]


@admin.register(Activity)
class ActivityAdmin(ModelAdmin):
    list_display = ["slug", "name_fr", "name_en"]
    search_fields = ["slug", "name_fr", "name_en"]
