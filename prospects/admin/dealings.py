"""Purchases, contracts, requests, calls and holds: noted on pages of their own, never rewritten there."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from consent.admin.base import ModelAdmin, ModelChoiceField, ModelMultipleChoiceField
from consent.admin.widgets import SplitDateTime
from prospects.admin.acting import ActingForm
from prospects.admin.forms import moment_field
from prospects.dealings import record_call, record_purchase, record_request, take_back_purchase, take_back_request
from prospects.models import (
    Activity,
    CallAttempt,
    Contract,
    Family,
    InformationRequest,
    LegalHold,
    Purchase,
)

_LATEST = 100


class FamiliesField(ModelMultipleChoiceField):
    """Several product families, kept as their paths."""

    def __init__(self, **options: Any) -> None:
        super().__init__(Family.objects.all(), to_field_name="path", label=_("Product families"), **options)

    def clean(self, value: Any) -> Any:
        return [family.path for family in super().clean(value)]


class FamilyField(ModelChoiceField):
    """One product family, kept as its path."""

    def __init__(self, **options: Any) -> None:
        super().__init__(Family.objects.all(), to_field_name="path", label=_("Product family"), **options)

    def clean(self, value: Any) -> Any:
        family = super().clean(value)
        return family.path if family else ""


class PurchaseForm(ActingForm):
    at = moment_field(_("Bought on"), initial=timezone.now)
    family = FamilyField()
    reference = forms.CharField(
        label=_("Reference"), max_length=100, required=False, help_text=_("Of the order or the bill.")
    )

    fieldsets = [(None, {"fields": ["at", "family", "reference"]})]

    def record(self) -> None:
        purchase = Purchase(prospect=self.prospect, **self.cleaned_data)
        purchase.full_clean(exclude=["prospect"])
        record_purchase(purchase)


class ContractForm(ActingForm):
    families = FamiliesField()
    starts_on = forms.DateField(label=_("First day"), widget=AdminDateWidget)
    ends_on = forms.DateField(
        label=_("Last day"), widget=AdminDateWidget, required=False, help_text=_("Empty while it is open-ended.")
    )

    fieldsets = [(None, {"fields": ["families", ("starts_on", "ends_on")]})]

    def record(self) -> None:
        contract = Contract(prospect=self.prospect, **self.cleaned_data)
        contract.full_clean(exclude=["prospect"])
        contract.save(force_insert=True)


class RequestForm(ActingForm):
    at = moment_field(_("Asked on"), initial=timezone.now)
    families = FamiliesField()
    evidence = forms.CharField(
        label=_("What proves it"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    fieldsets = [(None, {"fields": ["at", "families", "evidence"]})]
    explanation = _("One call back answers it, within five working days (R223-4).")

    def record(self) -> None:
        record_request(InformationRequest(prospect=self.prospect, **self.cleaned_data))


class CallForm(ActingForm):
    at = moment_field(_("Called on"), initial=timezone.now)
    outcome = forms.ChoiceField(label=_("Outcome"), choices=CallAttempt.Outcome.choices)
    agreed_from = forms.SplitDateTimeField(label=_("Agreed slot from"), widget=SplitDateTime(), required=False)
    agreed_until = forms.SplitDateTimeField(label=_("Agreed slot until"), widget=SplitDateTime(), required=False)
    note = forms.CharField(label=_("Note"), max_length=500, required=False)

    fieldsets = [(None, {"fields": ["at", "outcome", ("agreed_from", "agreed_until"), "note"]})]
    explanation = _("Attempts count too: four in thirty days at most (D223-9). A refusal is an objection to calls.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        refused = cleaned.get("outcome") == CallAttempt.Outcome.REFUSED
        if refused and not self.prospect.details.filter(medium="phone").exists():
            raise ValidationError(_("This person has no phone number: record an objection to all channels instead."))
        return cleaned

    def record(self) -> None:
        record_call(CallAttempt(prospect=self.prospect, **self.cleaned_data), noted_by=self.noted_by)


class HoldForm(ActingForm):
    reason = forms.CharField(label=_("Reason"), max_length=500)
    starts_at = forms.SplitDateTimeField(label=_("From"), widget=SplitDateTime(), initial=timezone.now)
    ends_at = forms.SplitDateTimeField(label=_("Until"), widget=SplitDateTime())
    forbids_erasure = forms.BooleanField(label=_("Nothing may be erased meanwhile"), initial=True, required=False)

    fieldsets = [(None, {"fields": ["reason", ("starts_at", "ends_at"), "forbids_erasure"]})]
    explanation = _("For a dispute or an inquiry: nobody writes to or calls this person before it ends.")

    def record(self) -> None:
        hold = LegalHold(prospect=self.prospect, **self.cleaned_data)
        hold.full_clean(exclude=["prospect"])
        hold.save(force_insert=True)


class MistakeForm(ActingForm):
    """A purchase, contract or request that was noted by mistake."""

    what = forms.ChoiceField(label=_("Noted by mistake"))

    fieldsets = [(None, {"fields": ["what"]})]
    explanation = _("It goes for good, with the sign of life that it was taken for.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds: dict[str, type[Purchase | Contract | InformationRequest]] = {
            "purchase": Purchase,
            "contract": Contract,
            "request": InformationRequest,
        }
        self.rows: dict[str, Purchase | Contract | InformationRequest] = {
            f"{name}-{row.pk}": row
            for name, model in kinds.items()
            for row in model._default_manager.filter(prospect=self.prospect).order_by("-pk")[:_LATEST]
        }
        self.fields["what"].choices = [  # type: ignore[attr-defined]
            (name, f"{row._meta.verbose_name}: {row}") for name, row in self.rows.items()
        ]

    def record(self) -> None:
        row = self.rows[self.cleaned_data["what"]]
        if isinstance(row, Purchase):
            take_back_purchase(row)
        elif isinstance(row, InformationRequest):
            take_back_request(row)
        else:
            row.delete()


class _FromThePersonsPage(ModelAdmin):
    """Reached from the person's page alone, to give an end to what has begun; noted there."""

    ended: str
    formfield_overrides: ClassVar[Any] = {
        models.DateTimeField: {"form_class": forms.SplitDateTimeField, "widget": SplitDateTime}
    }

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return super().log_change(request, obj.prospect, self.ended)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:prospects_prospect_change", args=[obj.prospect_id]))


@admin.register(Contract)
class ContractAdmin(_FromThePersonsPage):
    ended = gettext_noop("The end of a contract is noted.")
    readonly_fields = ["prospect", "families", "starts_on"]
    fields = [*readonly_fields, "ends_on"]


@admin.register(LegalHold)
class LegalHoldAdmin(_FromThePersonsPage):
    ended = gettext_noop("The end of a legal hold is noted.")
    readonly_fields = ["prospect", "reason", "starts_at", "forbids_erasure"]
    fields = [*readonly_fields, "ends_at"]


@admin.register(Family)
class FamilyAdmin(ModelAdmin):
    list_display = ["path", "name_fr", "name_en"]
    when_empty = _("No product family yet. Purchases and campaigns name them, such as garden/tools.")
    search_fields = ["path", "name_fr", "name_en"]


@admin.register(Activity)
class ActivityAdmin(ModelAdmin):
    list_display = ["slug", "name_fr", "name_en"]
    when_empty = _("No activity yet. Professionals have one, and a campaign to them is about what they do.")
    search_fields = ["slug", "name_fr", "name_en"]
