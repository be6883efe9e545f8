"""What a marketer says of a campaign that comes again."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.forms import LONGEST_WAIT
from campaigns.models import Series
from campaigns.paris_time import PARIS
from campaigns.recurrence import Every

_WEEKDAYS = [(number, capfirst(WEEKDAYS[number])) for number in range(7)]

if TYPE_CHECKING:
    SeriesModelForm = forms.ModelForm[Series]
else:  # generic for the type checker alone
    SeriesModelForm = forms.ModelForm


class SeriesForm(SeriesModelForm):
    """How often, on which days, at which hour, and until when."""

    every = forms.ChoiceField(
        label=gettext_lazy("How often"),
        choices=[(value, capfirst(label)) for value, label in Series.Frequency.choices],
        widget=forms.RadioSelect,
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("On these days of the week"),
        choices=_WEEKDAYS,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("For every week."),
    )
    weekday = forms.TypedChoiceField(label=gettext_lazy("Weekday"), choices=_WEEKDAYS, coerce=int, required=False)

    class Meta:
        model = Series
        fields = [
            *("every", "weekdays", "month_day", "nth", "weekday"),
            *("clock", "first_on", "last_on", "at_most"),
        ]
        widgets = {
            "clock": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "first_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "last_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("every") == Every.WEEK and not cleaned.get("weekdays"):
            self.add_error("weekdays", _("Choose at least one day."))
        first, last = cleaned.get("first_on"), cleaned.get("last_on")
        if first and last and last < first:
            self.add_error("last_on", _("This day is before the first one."))
        if first and first > timezone.localdate(timezone=PARIS) + LONGEST_WAIT:
            self.add_error("first_on", _("This day is more than a year away. Choose an earlier one."))
        cleaned["weekday"] = cleaned.get("weekday") or 0
        if cleaned.get("at_most") == 0:
            self.add_error("at_most", ValidationError(_("At least once.")))
        return cleaned

    def rule(self) -> dict[str, Any]:
        """The rule, by the series' own names."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}
