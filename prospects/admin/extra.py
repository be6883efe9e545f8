"""Extra fields: defined by staff, asked on the person's page."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget
from django.http import HttpRequest
from django.utils.translation import gettext as _

from consent.admin.base import ModelAdmin, ModelForm
from prospects.extras import forget_values
from prospects.models import ExtraField, Prospect
from prospects.models.extra import checked

PREFIX = "extra_"


@admin.register(ExtraField)
class ExtraFieldAdmin(ModelAdmin):
    list_display = ["slug", "label_fr", "label_en", "kind", "why"]
    fields = ["slug", ("label_fr", "label_en"), "kind", "options", "why"]

    def get_readonly_fields(self, request: HttpRequest, obj: ExtraField | None = None) -> list[str]:
        """Values are kept under the name and in the kind; both stay as they are."""
        return ["slug", "kind"] if obj else []

    def delete_model(self, request: HttpRequest, obj: ExtraField) -> None:
        """What nobody defines any more is kept of nobody."""
        forget_values([obj.slug])
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        forget_values(list(queryset.values_list("slug", flat=True)))
        super().delete_queryset(request, queryset)


class PersonForm(ModelForm):
    """A person's own data, extra fields included."""

    extras: Mapping[str, ExtraField] = {}

    class Meta:
        model = Prospect
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for slug in self.extras:
            self.initial[PREFIX + slug] = self.instance.extra.get(slug)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        values = {slug: cleaned.get(PREFIX + slug) for slug in self.extras}
        known = {slug: value for slug, value in self.instance.extra.items() if slug not in self.extras}
        self.instance.extra = known | checked(values, self.extras)
        return cleaned


def person_form(fields: Mapping[str, ExtraField]) -> type[PersonForm]:
    """Make the form of people who have these extra fields."""
    asked = {PREFIX + slug: form_field(field) for slug, field in fields.items()}
    return type("PersonForm", (PersonForm,), {**asked, "extras": fields})


def form_field(field: ExtraField) -> forms.Field:
    """The field that asks for a value of this kind."""
    label = field.label
    match field.kind:
        case ExtraField.Kind.NUMBER:
            return forms.FloatField(label=label, required=False)
        case ExtraField.Kind.DATE:
            return forms.DateField(label=label, required=False, widget=AdminDateWidget)
        case ExtraField.Kind.CHOICE:
            choices = [("", "—"), *((option, option) for option in field.options)]
            return forms.ChoiceField(label=label, required=False, choices=choices)
        case ExtraField.Kind.YES_NO:
            answers = [("", "—"), ("True", _("yes")), ("False", _("no"))]
            return forms.TypedChoiceField(
                label=label,
                required=False,
                choices=answers,
                coerce=lambda value: {"True": True, "False": False}[value],
                empty_value=None,
            )
        case _kind:
            return forms.CharField(label=label, required=False, max_length=1000)
