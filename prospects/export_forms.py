"""What whoever takes a list out must say."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from prospects.models import Export


class TakeOutForm(forms.Form):
    """In which format, what for and, where the list leaves the organisation, to whom it goes."""

    format = forms.ChoiceField(label=_("Format"), choices=Export.Format.choices)
    why = forms.CharField(
        label=_("What for"),
        max_length=500,
        help_text=_("Kept in the register, with your name and the number of rows. Name nobody here."),
    )
    recipient = forms.CharField(
        label=_("Who receives it"),
        max_length=200,
        help_text=_("The outside organisation. Whoever asks which recipients had their data is told this name."),
    )

    def __init__(self, *args: Any, leaves: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not leaves:
            del self.fields["recipient"]
