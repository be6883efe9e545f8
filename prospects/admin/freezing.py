"""A freeze of somebody's data (GDPR art. 18), begun and ended on the person's page."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from prospects.admin.acting import ActingForm
from prospects.rights.freezing import freeze, lift


class FreezeForm(ActingForm):
    fieldsets = [(None, {"fields": []})]
    explanation = _(
        "The data are kept, and nothing else is done with them: no message leaves, and no purge erases them. A request "
        "that came by letter or by phone is better entered under “Requests”, which freezes them too."
    )

    def record(self) -> None:
        freeze(self.prospect, at=timezone.now())


class LiftForm(ActingForm):
    why = forms.CharField(
        label=_("Why"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The person reads it as you write it."),
    )
    told_by_staff = forms.BooleanField(
        label=_("I told the person myself, by letter or by phone"),
        required=False,
        help_text=_("Otherwise a mail tells them first, and the freeze ends once it has left."),
    )

    fieldsets = [(None, {"fields": ["why", "told_by_staff"]})]
    explanation = _("Nobody's freeze ends before they are told (GDPR art. 18(3)).")

    def record(self) -> None:
        lift(self.prospect, self.cleaned_data["why"], told_by_staff=self.cleaned_data["told_by_staff"])
