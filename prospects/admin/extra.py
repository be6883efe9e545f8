"""Extra fields: defined by staff, asked on the person's page."""

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from consent.admin.base import ModelAdmin, ModelForm, StackedInline
from consent.admin.signup_form import SignupFormAdmin
from consent.models import SignupForm
from prospects.extra_inputs import input_for
from prospects.extras import forget_values
from prospects.models import ExtraField, Prospect, Question
from prospects.models.extra import PREFIX, checked


@admin.register(ExtraField)
class ExtraFieldAdmin(ModelAdmin):
    list_display = ["slug", "label_fr", "label_en", "kind", "in_mails", "why"]
    when_empty = _("No extra field yet. Add one for what you need to know of people, and say why.")
    fields = ["slug", ("label_fr", "label_en"), "kind", "options", "why", "in_mails"]

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


class QuestionInline(StackedInline):
    """Which extra fields a form asks for."""

    model = Question
    extra = 0
    verbose_name_plural = _("Extra fields asked for")


class AskingFormAdmin(SignupFormAdmin):
    """The editor of forms, with the questions that this app adds to them."""

    inlines = [QuestionInline]


admin.site.unregister(SignupForm)
admin.site.register(SignupForm, AskingFormAdmin)


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
        try:
            self.instance.extra = known | checked(values, self.extras)
        except ValidationError as error:
            for slug, problems in error.message_dict.items():
                self.add_error(PREFIX + slug, problems)
        return cleaned


def person_form(fields: Mapping[str, ExtraField]) -> type[PersonForm]:
    """Make the form of people who have these extra fields."""
    asked = {PREFIX + slug: input_for(field, day=AdminDateWidget) for slug, field in fields.items()}
    return type("PersonForm", (PersonForm,), {**asked, "extras": fields})
