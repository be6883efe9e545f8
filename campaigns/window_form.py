"""The days, the hours and the speed at which a campaign may leave."""

from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.models import Campaign


class WindowsForm(forms.Form):
    """Asked where a campaign is scheduled, and where one comes again."""

    days = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Only on these days"),
        choices=[(str(number), capfirst(WEEKDAYS[number])) for number in range(7)],
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None for all."),
    )
    opens = forms.TimeField(
        label=gettext_lazy("Only from"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    closes = forms.TimeField(
        label=gettext_lazy("until"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    no_holidays = forms.BooleanField(label=gettext_lazy("Not on public holidays"), required=False)
    per_hour = forms.IntegerField(
        label=gettext_lazy("At most so many an hour"),
        required=False,
        min_value=1,
        max_value=10_000_000,
        help_text=gettext_lazy("Messages, over all workers; empty for as fast as they are taken."),
    )

    def __init__(self, *args: Any, has_a_speed: bool = True, **options: Any) -> None:
        super().__init__(*args, **options)
        if not has_a_speed:  # people carry its messages, at their own
            del self.fields["per_hour"]

    @staticmethod
    def windows_of(campaign: Campaign) -> dict[str, Any]:
        """What a campaign says already of the days, the hours and the speed at which it may leave."""
        return {
            "days": campaign.window_days,
            "opens": campaign.window_from,
            "closes": campaign.window_until,
            "no_holidays": not campaign.window_holidays,
            "per_hour": campaign.per_hour,
        }

    def windows(self) -> dict[str, Any]:
        """The days, the hours and the speed at which it may leave, by the campaign's own names."""
        return {
            "window_days": sorted(self.cleaned_data["days"]) if len(self.cleaned_data["days"]) < 7 else [],
            "window_from": self.cleaned_data["opens"],
            "window_until": self.cleaned_data["closes"],
            "window_holidays": not self.cleaned_data["no_holidays"],
            "per_hour": self.cleaned_data.get("per_hour"),
        }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        opens, closes = cleaned.get("opens"), cleaned.get("closes")
        if opens is not None and closes is not None and opens >= closes:
            self.add_error("closes", _("This is not after the hour at which it may begin to leave."))
        return cleaned
