"""What staff fill in to bring a file in: which file, what its columns hold, where it comes from."""

import hashlib
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consent.law import SourceKind
from consent.models import Notice, Purpose
from consent.vocabulary import Channel
from prospects.imports import extra_columns
from prospects.imports.columns import Field
from prospects.imports.declaration import ConsentColumns, Declaration
from prospects.models import Import, Prospect, Source

_LARGEST_UPLOAD = 1 << 30


class UploadForm(forms.Form):
    """The file, and what its rows are."""

    kind = forms.ChoiceField(label=gettext_lazy("What the file holds"), choices=Import.Kind.choices)
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "CSV, whatever its encoding and delimiter, or XLSX. It is erased 30 days after the import."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.xls,.ods"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > _LARGEST_UPLOAD:
            raise ValidationError(_("The file is larger than 1 GB: import it with manage.py import_contacts."))
        return file


class ColumnsForm(forms.Form):
    """One choice for each column of the file."""

    def __init__(self, *args: Any, headings: Sequence[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self._count = len(headings)
        self._held = dict(Field.choices) | dict(extra_columns.choices())
        for place, heading in enumerate(headings):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=heading or _("Column %(number)s") % {"number": place + 1},
                choices=[("", _("not imported")), *self._held.items()],
                required=False,
                widget=forms.Select(attrs={"class": "form-select form-select-sm"}),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        held = [field for field in cleaned.values() if field]
        if double := {field for field in held if held.count(field) > 1}:
            labels = ", ".join(str(self._held[field]) for field in sorted(double))
            raise ValidationError(_("Two columns are said to hold the same: %(fields)s.") % {"fields": labels})
        return cleaned

    def columns(self) -> dict[str, int]:
        """Which column holds which field."""
        chosen = ((self.cleaned_data[f"column_{place}"], place) for place in range(self._count))
        return {field: place for field, place in chosen if field}


def initial_columns(columns: dict[str, int]) -> dict[str, str]:
    """The guess, as the form's first values."""
    return {f"column_{place}": field for field, place in columns.items()}


class DeclarationForm(forms.Form):
    """Where the details of the whole file come from. What rows say in columns of their own goes before it."""

    source = forms.ChoiceField(
        label=gettext_lazy("Where these details come from"),
        choices=[
            ("", gettext_lazy("choose")),
            *Source.Kind.choices,
            (SourceKind.PUBLIC_WEB.value, gettext_lazy("found on the Internet")),
        ],
    )
    collected_by = forms.CharField(
        label=gettext_lazy("Who collected them"),
        max_length=200,
        help_text=gettext_lazy("A person, a shop, a service."),
    )
    collected_on = forms.DateField(
        label=gettext_lazy("The day when the people gave them"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Never the day of the import. Leave empty where a column holds it."),
    )
    place = forms.CharField(
        label=gettext_lazy("Where"), max_length=500, required=False, help_text=gettext_lazy("Form, page, shop, fair.")
    )
    partner = forms.CharField(
        label=gettext_lazy("Partner"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("For a partner's list: its name. Each row then needs a proof of its own."),
    )
    notice = forms.ModelChoiceField(
        Notice.objects.published(),
        label=gettext_lazy("Notice that the people were shown"),
        required=False,
        help_text=gettext_lazy("Only where it was shown with a free way to refuse: they then count as informed."),
    )
    evidence = forms.FileField(
        label=gettext_lazy("Proof of the collection"),
        required=False,
        help_text=gettext_lazy("Its name and digest are kept; keep the file itself."),
    )
    person = forms.ChoiceField(label=gettext_lazy("The people are"), choices=Prospect.Kind.choices)
    month_first = forms.BooleanField(label=gettext_lazy("Days are written month/day/year"), required=False)
    purpose = forms.ModelChoiceField(
        Purpose.objects.all(),
        label=gettext_lazy("Consents in the file are for"),
        required=False,
        help_text=gettext_lazy(
            "A row's consent comes in only with its own day, how it was given, and the wording read."
        ),
    )
    channel = forms.ChoiceField(label=gettext_lazy("on the channel"), choices=Channel.choices, required=False)

    def clean_evidence(self) -> dict[str, str]:
        file = self.cleaned_data["evidence"]
        if not file:
            return {}
        digest = hashlib.sha256()
        for chunk in file.chunks():
            digest.update(chunk)
        return {"file": file.name[:200], "sha256": digest.hexdigest()}

    def declaration(self, columns: dict[str, int]) -> Declaration:
        """What was declared, with the columns where rows prove their consent."""
        said = self.cleaned_data
        consents: tuple[ConsentColumns, ...] = ()
        if said["purpose"] and Field.CONSENT_ON.value in columns:
            how, wording = columns.get(Field.CONSENT_HOW.value), columns.get(Field.CONSENT_WORDING.value)
            on = columns[Field.CONSENT_ON.value]
            consents = (ConsentColumns(said["purpose"].pk, said["channel"] or Channel.EMAIL.value, on, how, wording),)
        return Declaration(
            source=said["source"],
            collected_by=said["collected_by"],
            collected_on=said["collected_on"].isoformat() if said["collected_on"] else "",
            place=said["place"],
            partner=said["partner"],
            notice_id=said["notice"].pk if said["notice"] else None,
            evidence=said["evidence"],
            consents=consents,
            person=said["person"],
            month_first=said["month_first"],
        )


class ObjectionsForm(forms.Form):
    """A list of objections needs no source: it concerns addresses, and makes nobody known."""

    month_first = forms.BooleanField(label=gettext_lazy("Days are written month/day/year"), required=False)

    def declaration(self, _columns: dict[str, int]) -> Declaration:
        return Declaration(source=Source.Kind.UNKNOWN.value, month_first=self.cleaned_data["month_first"])
