from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consent.vocabulary import Language
from staff.roles import ROLES, Role


class RolesForm(forms.Form):
    """Which roles somebody has; none is a choice too."""

    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"),
        choices=lambda: [(role.name, role.title) for role in ROLES],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def chosen(self) -> list[Role]:
        return [role for role in ROLES if role.name in self.cleaned_data["roles"]]


class InvitationForm(RolesForm):
    first_name = forms.CharField(label=gettext_lazy("First name"), max_length=150, required=False)
    last_name = forms.CharField(label=gettext_lazy("Last name"), max_length=150, required=False)
    email = forms.EmailField(label=gettext_lazy("E-mail address"), max_length=150)
    language = forms.ChoiceField(label=gettext_lazy("Language of the invitation"), choices=Language)
    field_order = ["first_name", "last_name", "email", "roles", "language"]

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if User.objects.filter(email__iexact=email).exists() or User.objects.filter(username__iexact=email).exists():
            raise ValidationError(_("There is an account with this address already."))
        return email


class AddressForm(forms.Form):
    """Where the link to a new password goes."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
