"""What whoever makes a key must say."""

from datetime import datetime, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from api.models import ApiKey, Endpoint, Event, Scope


class KeyForm(forms.ModelForm):  # type: ignore[type-arg] # generic for the type checker alone
    """Which program, what it may do, until when, how often."""

    scopes = forms.MultipleChoiceField(
        label=_("It may"),
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only what the program needs."),
    )
    months = forms.TypedChoiceField(
        label=_("Ends"),
        choices=[(1, _("in a month")), (6, _("in six months")), (12, _("in a year")), (0, _("never"))],
        coerce=int,
        initial=12,
    )

    class Meta:
        model = ApiKey
        fields = ["name", "scopes", "months", "per_minute"]

    def expires_at(self) -> datetime | None:
        """The moment at which the key ends; None for never."""
        months: int = self.cleaned_data["months"]
        return timezone.now() + timedelta(days=round(months * 30.44)) if months else None


class EndpointForm(forms.ModelForm):  # type: ignore[type-arg] # generic for the type checker alone
    """Which program is told, of what, and whether it needs the address."""

    events = forms.MultipleChoiceField(
        label=_("Is told when"), choices=Event.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Endpoint
        fields = ["name", "url", "events", "tells_address", "is_active"]
        widgets = {"url": forms.URLInput}
