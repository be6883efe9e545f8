"""The boxes of a form: nobody but the visitor ticks one, and nobody must."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import get_language

from consent.bilingual import in_language
from consent.models import Box
from consent.vocabulary import Language


class ConsentBoxInput(forms.CheckboxInput):
    """A tick box drawn ticked only where this visitor ticked it in this very request, and never as required."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        drawn = context["widget"]["attrs"]
        drawn.pop("required", None)
        if not self.check_test(value):
            drawn.pop("checked", None)
        return context

    def use_required_attribute(self, initial: Any) -> bool:
        return False


class _UntickedBoundField(BoundField):
    """A box on its form, whose first value is nobody's choice but "no"."""

    @cached_property
    def initial(self) -> bool:
        return False


class ConsentBoxField(forms.BooleanField):
    """A yes or a no that the visitor may leave alone (GDPR art. 4(11) and 7(4)): it cannot be ticked or required."""

    widget = ConsentBoxInput

    def __init__(self, *, required: bool = False, initial: bool = False, **options: Any) -> None:
        if required:
            raise ValueError("a consent box cannot be required")
        if initial:
            raise ValueError("a consent box cannot be ticked beforehand")
        super().__init__(required=False, initial=False, **options)

    def __setattr__(self, name: str, value: Any) -> None:
        if name in ("required", "initial") and value:
            raise ValueError(f"a consent box is never {name}")
        super().__setattr__(name, value)

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> BoundField:
        return _UntickedBoundField(form, self, field_name)


def box_name(box: Box) -> str:
    """Return the name of a box's field."""
    return f"box_{box.pk}"


def box_fields(boxes: Iterable[Box]) -> dict[str, ConsentBoxField]:
    """Return one field for each box, labelled in the active language, with what the law wants said beside it."""
    language = get_language() or Language.FRENCH
    return {
        box_name(box): ConsentBoxField(
            label=in_language(box, "label", language), help_text=" ".join(box.mentions(language))
        )
        for box in boxes
    }
