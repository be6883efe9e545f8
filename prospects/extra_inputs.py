"""The fields by which people type the value of an extra field, whoever they are."""

from django import forms
from django.utils.translation import gettext as _

from prospects.models import ExtraField
from prospects.models.extra import LONGEST

_YES_NO = {"True": True, "False": False}


class DayInput(forms.DateInput):
    """The browser's own calendar, which speaks ISO whatever the page's language."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def input_for(
    field: ExtraField, *, day: type[forms.DateInput] = DayInput, is_required: bool = False, help_text: str = ""
) -> forms.Field:
    """Return what asks for a value of this kind.

    Yes or no is chosen from a list that begins with neither: a box beside those of consent would be taken for one.
    """
    label = field.label[:1].upper() + field.label[1:]
    match field.kind:
        case ExtraField.Kind.NUMBER:
            return forms.FloatField(label=label, required=is_required, help_text=help_text)
        case ExtraField.Kind.DATE:
            return forms.DateField(label=label, required=is_required, help_text=help_text, widget=day)
        case ExtraField.Kind.CHOICE:
            choices = [("", "—"), *((option, option) for option in field.options)]
            return forms.ChoiceField(label=label, required=is_required, help_text=help_text, choices=choices)
        case ExtraField.Kind.YES_NO:
            return forms.TypedChoiceField(
                label=label,
                required=is_required,
                help_text=help_text,
                choices=[("", "—"), ("True", _("yes")), ("False", _("no"))],
                coerce=_YES_NO.__getitem__,
                empty_value=None,
            )
        case _kind:
            return forms.CharField(label=label, required=is_required, help_text=help_text, max_length=LONGEST)
