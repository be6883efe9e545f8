"""What every form has by which staff note what concerns one person."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise

from consent.admin.base import ModelChoiceField, ModelMultipleChoiceField
from prospects.models import ContactDetail, Prospect


class ActingForm(forms.Form):
    """Something that staff note about one person."""

    fieldsets: ClassVar[Sequence[tuple[Any, Mapping[str, Any]]]] = ()
    explanation: ClassVar[str | Promise] = ""

    def __init__(self, *args: Any, prospect: Prospect, noted_by: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.prospect = prospect
        self.noted_by = noted_by

    def record(self) -> None:
        """Hand what was asked to the domain. May raise ValidationError."""
        raise NotImplementedError


class DetailField(ModelChoiceField):
    """One of the person's addresses, shown as it is written."""

    def label_from_instance(self, obj: ContactDetail) -> str:
        return f"{obj.address} ({obj.get_medium_display()})"


class DetailsField(ModelMultipleChoiceField):
    """Some of the person's addresses, shown as they are written."""

    def label_from_instance(self, obj: ContactDetail) -> str:
        return f"{obj.address} ({obj.get_medium_display()})"
