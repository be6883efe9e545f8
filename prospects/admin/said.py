"""What a person said to staff: an objection, a consent on paper, where they are really to be reached."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consent.law.days import paris_day, start_of_day
from consent.models import Box, Notice, Purpose
from consent.scans import read_scan
from consent.vocabulary import Channel, Language
from prospects.admin.acting import ActingForm, DetailField, DetailsField
from prospects.admin.forms import moment_field
from prospects.correcting import Correction, correct_address, set_deliverable
from prospects.models import ContactDetail, Source
from prospects.objections import Told, ToldBy, record_told_objection
from prospects.paper import Paper, record_paper_consent


class ObjectionForm(ActingForm):
    channel = forms.ChoiceField(label=_("Channel"), choices=[("", _("all channels")), *Channel.choices], required=False)
    purpose = forms.ModelChoiceField(
        Purpose.objects.all(), label=_("Purpose"), empty_label=_("all purposes"), required=False
    )
    told_at = moment_field(_("Told on"), initial=timezone.now)
    told_by = forms.ChoiceField(label=_("How"), choices=ToldBy.choices)
    reference = forms.CharField(
        label=_("Reference"),
        max_length=100,
        required=False,
        help_text=_("Of the letter or call, without name or address: proofs outlive the person's erasure."),
    )

    fieldsets = [(None, {"fields": [("channel", "purpose"), "told_at", ("told_by", "reference")]})]
    explanation = _("It stands at once, whatever else is true, and nobody but the person lifts it.")

    def record(self) -> None:
        asked = self.cleaned_data
        told = Told(at=asked["told_at"], by=asked["told_by"], noted_by=self.noted_by, reference=asked["reference"])
        record_told_objection(self.prospect, told, channel=asked["channel"] or None, purpose=asked["purpose"])


class PaperForm(ActingForm):
    """A consent given on paper."""

    notice = forms.ModelChoiceField(
        Notice.objects.published(), label=_("Notice printed on it"), widget=forms.HiddenInput
    )
    language = forms.ChoiceField(label=_("Language of the paper"), choices=Language.choices)
    ticked = forms.ModelMultipleChoiceField(
        Box.objects.none(), label=_("Boxes ticked on it"), widget=forms.CheckboxSelectMultiple
    )
    details = DetailsField(
        ContactDetail.objects.none(), label=_("Addresses written on it"), widget=forms.CheckboxSelectMultiple
    )
    given_on = forms.DateField(label=_("Signed on"), widget=AdminDateWidget)
    collected_by = forms.CharField(
        label=_("Collected by"), max_length=200, help_text=_("Shop, fair or member of staff who took the paper.")
    )
    scan = forms.FileField(label=_("Scan of the paper"), help_text=_("PDF, PNG or JPEG, 10 MB at most."))

    fieldsets = [
        (_("What the paper says"), {"fields": ["notice", "language", "ticked", "details"]}),
        (_("Proof"), {"fields": ["given_on", "collected_by", "scan"]}),
    ]
    explanation = _(
        "A paper proves a consent by itself, and lifts no objection: whoever objected confirms a new yes by mail. The "
        "scan is kept as long as the consent that it proves, and three years more."
    )

    def __init__(self, *args: Any, notice: Notice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["notice"].initial = notice
        self.fields["language"].initial = self.prospect.language
        self.fields["ticked"].queryset = notice.boxes.select_related("purpose", "notice")  # type: ignore[attr-defined]
        self.fields["details"].queryset = self.prospect.details.order_by("pk")  # type: ignore[attr-defined]

    def clean_given_on(self) -> Any:
        day = self.cleaned_data["given_on"]
        if day > paris_day(timezone.now()):
            raise ValidationError(_("This lies in the future."))
        return day

    def clean_scan(self) -> Any:
        return read_scan(self.cleaned_data["scan"])

    def record(self) -> None:
        asked = self.cleaned_data
        paper = Paper(
            notice=asked["notice"],
            language=asked["language"],
            ticked=list(asked["ticked"]),
            given_at=start_of_day(asked["given_on"]),
            collected_by=asked["collected_by"],
            noted_by=self.noted_by,
            scan=asked["scan"],
        )
        record_paper_consent(self.prospect, paper, list(asked["details"]), at=timezone.now())


class CorrectionForm(ActingForm):
    detail = DetailField(ContactDetail.objects.none(), label=_("Wrong address"), empty_label=None)
    address = forms.CharField(
        label=_("Right address"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}), strip=True
    )
    told_at = moment_field(_("Told on"), initial=timezone.now)
    kind = forms.ChoiceField(
        label=_("How"),
        choices=[choice for choice in Source.Kind.choices if choice[0] in ("phone", "paper", "in_person")],
    )
    evidence = forms.CharField(label=_("What proves it"), max_length=1000, required=False)

    fieldsets = [(None, {"fields": ["detail", "address", "told_at", ("kind", "evidence")]})]
    explanation = _(
        "The wrong address is not kept. Its objections come along; its consents end: nobody proved that whoever reads "
        "at the right address gave them. Ask the person again, on the form or on paper."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["detail"].queryset = self.prospect.details.order_by("pk")  # type: ignore[attr-defined]

    def record(self) -> None:
        asked = self.cleaned_data
        correction = Correction(
            address=asked["address"],
            told_at=asked["told_at"],
            kind=asked["kind"],
            noted_by=self.noted_by,
            evidence=asked["evidence"],
        )
        correct_address(asked["detail"], correction, at=timezone.now())


class DeliveryForm(ActingForm):
    detail = DetailField(ContactDetail.objects.none(), label=_("Address"), empty_label=None)
    arrives = forms.ChoiceField(
        label=_("What was found"),
        choices=[("", _("Letters or calls come back: it is wrong or out of use")), ("yes", _("It works after all"))],
        required=False,
    )

    fieldsets = [(None, {"fields": ["detail", "arrives"]})]
    explanation = _("Nothing is sent to an address marked as undeliverable, whatever the law allows.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [ContactDetail.State.USABLE, ContactDetail.State.UNDELIVERABLE]
        self.fields["detail"].queryset = self.prospect.details.filter(state__in=states)  # type: ignore[attr-defined]

    def record(self) -> None:
        asked = self.cleaned_data
        if not set_deliverable(asked["detail"], deliverable=bool(asked["arrives"])):
            raise ValidationError(_("That is what is on record already."))
