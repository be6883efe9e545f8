"""What people and staff type about a request."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from consent.addresses import normalise
from consent.law.days import paris_day
from consent.vocabulary import Language, Medium
from prospects.models import Prospect, RightsRequest
from prospects.rights.words import BY_LINK, OF_RIGHT

Right = RightsRequest.Right
_EMAIL = {"autocomplete": "email", "spellcheck": "false", "class": "form-control"}
_TEXT = {"class": "form-control"}


def _normalised(medium: Medium, typed: str) -> str:
    try:
        return normalise(medium, typed)
    except ValidationError as error:
        raise ValidationError(error.messages) from error


class AskForm(forms.Form):
    """Which right, and the address to which the link goes."""

    right = forms.ChoiceField(
        label=gettext_lazy("What do you ask for?"),
        choices=[(right.value, OF_RIGHT[right].lazy_title) for right in BY_LINK],
        error_messages={"required": gettext_lazy("Choose what you ask for.")},
    )
    address = forms.CharField(
        label=gettext_lazy("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs=_EMAIL),
        error_messages={"required": gettext_lazy("Enter your address: the link goes there.")},
    )

    @property
    def rights(self) -> list[tuple[str, Any, bool]]:
        """Each right that may be chosen, with its words, and whether it is."""
        chosen = self["right"].value()
        return [(right.value, OF_RIGHT[right], right.value == chosen) for right in BY_LINK]

    def clean_address(self) -> str:
        return _normalised(Medium.EMAIL, self.cleaned_data["address"])


class StopForm(forms.Form):
    """The address at which everything stops: a mailbox or a telephone."""

    stop_address = forms.CharField(
        label=gettext_lazy("Your e-mail address or your telephone number"),
        max_length=254,
        widget=forms.TextInput(attrs={**_EMAIL, "autocomplete": "email"}),
        error_messages={"required": gettext_lazy("Enter the address or the number that should hear no more of us.")},
    )

    def clean_stop_address(self) -> tuple[Medium, str]:
        typed = self.cleaned_data["stop_address"]
        medium = Medium.EMAIL if "@" in typed else Medium.PHONE
        return medium, _normalised(medium, typed)


class CorrectForm(forms.ModelForm):  # type: ignore[type-arg] # no generic at run time
    """What the person corrects themselves; the rest is for staff to read."""

    words = forms.CharField(
        label=gettext_lazy("Anything else that is wrong or missing"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={**_TEXT, "rows": 4}),
        help_text=gettext_lazy("A telephone number, a postal address: our team looks at it and answers."),
    )

    class Meta:
        model = Prospect
        fields = ["first_name", "last_name", "company", "born_on", "language"]
        widgets = {
            "first_name": forms.TextInput(attrs={**_TEXT, "autocomplete": "given-name"}),
            "last_name": forms.TextInput(attrs={**_TEXT, "autocomplete": "family-name"}),
            "company": forms.TextInput(attrs={**_TEXT, "autocomplete": "organization"}),
            "born_on": forms.DateInput(attrs={**_TEXT, "type": "date"}, format="%Y-%m-%d"),
            "language": forms.Select(attrs={"class": "form-select"}),
        }

    def clean_born_on(self) -> date | None:
        born_on: date | None = self.cleaned_data["born_on"]
        if born_on is not None and born_on > paris_day(timezone.now()):
            raise ValidationError(gettext("This lies in the future."))
        return born_on

    def corrections(self) -> dict[str, Any]:
        """The fields that now say something else."""
        return {name: self.cleaned_data[name] for name in self.changed_data if name != "words"}


class WhyForm(forms.Form):
    """Why the data are to be frozen; nothing depends on it but our understanding."""

    words = forms.CharField(
        label=gettext_lazy("Why, if you wish to say it"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={**_TEXT, "rows": 3}),
    )


class EnterForm(forms.Form):
    """A request that came by letter, by telephone or in person."""

    right = forms.ChoiceField(
        label=gettext_lazy("What is asked for"), choices=[(right, OF_RIGHT[right].lazy_title) for right in Right]
    )
    door = forms.ChoiceField(
        label=gettext_lazy("How it came"),
        choices=[(door, door.label) for door in RightsRequest.Door if door != RightsRequest.Door.PAGE],
    )
    came_on = forms.DateTimeField(
        label=gettext_lazy("When it came"),
        initial=timezone.now,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    medium = forms.ChoiceField(
        label=gettext_lazy("Of whom"), choices=[(medium, medium.label) for medium in Medium if medium != "bluetooth"]
    )
    address = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The e-mail address, number or postal address of whoever asks. Answers go there."),
    )
    person = forms.IntegerField(
        label=gettext_lazy("Number of the person"),
        min_value=1,
        required=False,
        help_text=gettext_lazy("Only where several people share this number or postal address."),
    )
    identity = forms.CharField(
        label=gettext_lazy("How identity was shown"),
        max_length=200,
        help_text=gettext_lazy("Such as: called back on the number on record. Name nobody, copy no identity card."),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=Language.choices)
    words = forms.CharField(
        label=gettext_lazy("What the person wrote"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean_came_on(self) -> Any:
        if self.cleaned_data["came_on"] > timezone.now():
            raise ValidationError(gettext("This lies in the future."))
        return self.cleaned_data["came_on"]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if {"medium", "address"} <= found.keys():
            try:
                found["address"] = _normalised(Medium(found["medium"]), found["address"])
            except ValidationError as error:
                self.add_error("address", error)
        return found


class ReasonForm(forms.Form):
    """A reason that the person reads and the register keeps."""

    why = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The person reads it as you write it, and the register keeps it: name nobody."),
    )


class AcceptForm(forms.Form):
    """What to say beside a request that is granted."""

    answer = forms.CharField(
        label=gettext_lazy("What to add to the answer"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The person reads it as you write it, and the register keeps it: name nobody."),
    )
    without_notes = forms.BooleanField(
        label=gettext_lazy("Leave staff's notes out: they speak of others, or of a dispute"), required=False
    )

    def __init__(self, *args: Any, right: str, **options: Any) -> None:
        super().__init__(*args, **options)
        if right != Right.ACCESS:
            del self.fields["without_notes"]
