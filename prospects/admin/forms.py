"""The doors at which staff bring something in by hand."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consent.admin.widgets import SplitDateTime
from consent.law.words import SourceKind
from consent.models import Notice
from consent.vocabulary import Language, Medium
from prospects.intake import Person, Provenance
from prospects.models import Activity, Prospect, Source

# What was found on the Internet can be said, to be refused in words (rule 4).
SOURCES = [("", "—"), *Source.Kind.choices, (SourceKind.PUBLIC_WEB, _("found on the Internet"))]


def validate_past(moment: datetime) -> None:
    if moment > timezone.now():
        raise ValidationError(_("This lies in the future."))


def moment_field(label: Any, **options: Any) -> forms.SplitDateTimeField:
    return forms.SplitDateTimeField(label=label, widget=SplitDateTime, validators=[validate_past], **options)


class SourceForm(forms.Form):
    """Where details come from."""

    source_kind = forms.ChoiceField(
        label=_("Where do these details come from?"),
        choices=SOURCES,
    )
    collected_at = moment_field(_("Collected on"), required=False)
    collected_by = forms.CharField(label=_("Collected by"), max_length=200, required=False)
    place = forms.CharField(label=_("Where"), max_length=500, required=False, help_text=_("Form, page, shop, fair."))
    partner = forms.CharField(label=_("Partner"), max_length=200, required=False)
    notice = forms.ModelChoiceField(Notice.objects.published(), label=_("Notice shown"), required=False)
    informed = forms.BooleanField(
        label=_("The person was told that you may write or call, and given a free way to refuse"), required=False
    )
    evidence = forms.CharField(
        label=_("What proves it"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The paper form's number, the order, the partner's own record."),
    )

    source_fields: list[str | tuple[str, ...]] = [
        "source_kind",
        "collected_at",
        ("collected_by", "place"),
        "partner",
        "notice",
        "informed",
        "evidence",
    ]

    def __init__(self, *args: Any, noted_by: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.noted_by = noted_by

    def provenance(self) -> Provenance:
        asked = self.cleaned_data
        return Provenance(
            kind=asked["source_kind"],
            collected_at=asked["collected_at"],
            collected_by=asked["collected_by"] or self.noted_by,
            place=asked["place"],
            partner=asked["partner"],
            notice=asked["notice"],
            informed=asked["informed"],
            evidence={"described": asked["evidence"], "noted_by": self.noted_by} if asked["evidence"] else {},
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("source_kind") not in ("", None, Source.Kind.UNKNOWN) and not cleaned.get("collected_at"):
            self.add_error("collected_at", _("Say when; a source without its day is an unknown one."))
        return cleaned


class KnownSourceForm(SourceForm):
    """The source of details that were in quarantine for want of one: nothing counts without proof."""

    fieldsets = [(None, {"fields": SourceForm.source_fields})]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["evidence"].required = True
        kinds: forms.ChoiceField = self.fields["source_kind"]  # type: ignore[assignment]
        kinds.choices = [choice for choice in SOURCES if choice[0] != Source.Kind.UNKNOWN]


class NewProspectForm(SourceForm):
    """A person brought in by hand, never without a source."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Prospect.Kind.choices)
    first_name = forms.CharField(label=_("First name"), max_length=150, required=False)
    last_name = forms.CharField(label=_("Last name"), max_length=150, required=False)
    company = forms.CharField(label=_("Company"), max_length=200, required=False)
    activity = forms.ModelChoiceField(Activity.objects.all(), label=_("Activity"), required=False, to_field_name="slug")
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)
    born_on = forms.DateField(label=_("Born on"), required=False, widget=AdminDateWidget)

    email = forms.CharField(label=_("E-mail address"), max_length=254, required=False)
    phone = forms.CharField(label=_("Phone number"), max_length=30, required=False)
    fax = forms.CharField(label=_("Fax number"), max_length=30, required=False)
    post = forms.CharField(
        label=_("Postal address"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    fieldsets = [
        (None, {"fields": ["kind", ("first_name", "last_name"), "company", "activity", ("language", "born_on")]}),
        (_("Addresses"), {"fields": [("email", "phone"), "fax", "post"]}),
        (_("Source"), {"fields": SourceForm.source_fields}),
    ]

    def person(self) -> Person:
        asked = self.cleaned_data
        activity = asked["activity"]
        return Person(
            activity=activity.slug if activity else None,
            **{name: asked[name] for name in ("kind", "first_name", "last_name", "company", "language", "born_on")},
        )

    def addresses(self) -> dict[Medium, str]:
        typed = {medium: self.cleaned_data[medium] for medium in (Medium.EMAIL, Medium.PHONE, Medium.FAX, Medium.POST)}
        return {medium: address for medium, address in typed.items() if address}
