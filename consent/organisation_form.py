"""What staff fill in about the organisation, its logo included."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from consent.models import Organisation
from consent.pictures import keep_picture

LOGO_WIDTH = 480

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Organisation]
else:
    ModelForm = forms.ModelForm


def https_by_default(field: Any, **options: Any) -> Any:
    """A web address typed without its scheme is https."""
    return field.formfield(**(options | ({"assume_scheme": "https"} if isinstance(field, models.URLField) else {})))


class OrganisationForm(ModelForm):
    """A picture that is brought is read, drawn anew and kept; without one, the logo stays as it is."""

    new_logo = forms.FileField(
        label=_("New logo"),
        required=False,
        help_text=_("PNG, JPEG, GIF or WebP."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/gif,image/webp"}),
    )
    without_logo = forms.BooleanField(label=_("Show no logo"), required=False)

    class Meta:
        model = Organisation
        fields = "__all__"
        formfield_callback = https_by_default
        widgets = {"colour": forms.TextInput(attrs={"type": "color"})}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned["kept_logo"] = None if cleaned.get("without_logo") else self.instance.logo
        if brought := cleaned.get("new_logo"):
            try:
                cleaned["kept_logo"] = keep_picture(brought, max_width=LOGO_WIDTH)
            except ValidationError as error:
                self.add_error("new_logo", error)
        return cleaned
