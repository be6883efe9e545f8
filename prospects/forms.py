"""The public form, built from what staff defined."""

from collections.abc import Sequence
from copy import deepcopy
from datetime import datetime
from functools import cache, cached_property, partial
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Field, Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from consent.addresses import normalise
from consent.boxes import boxes_shown
from consent.forms import box_fields, box_name
from consent.models import Box, SignupForm
from consent.vocabulary import Medium
from prospects import stamps
from prospects.models import Question
from prospects.models.extra import PREFIX
from prospects.proof_of_work import FIELD as PROOF
from prospects.proof_of_work import ProvenForm, proof_field
from prospects.questions import answers, question_fields, questions_of
from prospects.sending import Sending

STAMP = "stamp"
# Its name promises a robot something to fill; people never see it.
HONEYPOT = "subject"

_MISSING = {
    Medium.EMAIL: gettext_lazy("Enter your e-mail address: we write to it once, for you to confirm."),
    Medium.PHONE: gettext_lazy("Enter your phone number, or untick the boxes about it."),
    Medium.POST: gettext_lazy("Enter your postal address, or untick the boxes about it."),
}


class VisitorForm(ProvenForm):
    """A form whose every field may be left empty, but for the address that a ticked box or the answer needs."""

    def __init__(
        self,
        signup_form: SignupForm,
        data: QueryDict | None = None,
        *,
        at: datetime,
        carried: QueryDict | None = None,
        questions: Sequence[Question] | None = None,
    ) -> None:
        super().__init__(data)
        self.is_carried = carried is not None
        self.sent = data or QueryDict()
        self.signup_form = signup_form
        self.at = at
        self.boxes = boxes_shown(signup_form.notice, at=at)
        self.stamp: stamps.Stamp | None = None
        self.addresses: dict[Medium, str] = {}
        self.questions = questions_of(signup_form) if questions is None else questions
        self.extra: dict[str, Any] = {}
        details = deepcopy(_detail_fields(get_language() or "", *_asked_for(signup_form)))
        details |= question_fields(self.questions)
        if carried:
            for name in details.keys() & carried.keys():
                self.initial[name] = str(carried[name]).replace("\0", "")[:500]
        self.fields |= details | box_fields(self.boxes) | deepcopy(_unseen_fields(get_language() or ""))
        self.shown = shown_by(signup_form, self.boxes)
        self.initial[STAMP] = partial(stamps.issue, self.shown, at=at)  # only where the form is drawn

    @cached_property
    def helper(self) -> FormHelper:
        """How the form is drawn: most that are sent never are."""
        return _helper(self)

    def sending(self, *, language: str, page: str, network: str) -> Sending:
        """Return what the visitor sent, once the form is valid."""
        return Sending(
            form=self.signup_form,
            notice=self.signup_form.notice,
            boxes=tuple(self.boxes),
            ticked=frozenset(box.pk for box in self.boxes if self.cleaned_data.get(box_name(box))),
            addresses=self.addresses,
            first_name=self.cleaned_data.get("first_name", ""),
            last_name=self.cleaned_data.get("last_name", ""),
            language=language,
            page=page,
            network=network,
            at=self.at,
            extra=self.extra,
        )

    def ask_again(self, message: str) -> None:
        """Show the form once more, with a fresh stamp and everything else as the visitor left it."""
        renewed = self.sent.copy()
        renewed[STAMP] = stamps.issue(self.shown, at=self.at)
        renewed[HONEYPOT] = ""
        self.data = renewed
        self.add_error(None, message)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = self.cleaned_data
        for medium in (Medium.EMAIL, Medium.PHONE, Medium.POST):
            if typed := cleaned.get(medium):
                try:
                    self.addresses[medium] = normalise(medium, typed)
                except ValidationError as error:
                    self.add_error(medium, error)
        try:
            self.extra = answers(cleaned, self.questions)
        except ValidationError as error:
            for slug, problems in error.message_dict.items():
                self.add_error(PREFIX + slug, problems)
        for medium in self.sending(language="", page="", network="").missing:
            if medium not in self.errors:
                self.add_error(medium, _MISSING[medium])
        if not self.errors:
            self._read_stamp(cleaned)
        return cleaned

    def _read_stamp(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get(HONEYPOT):
            self.ask_again(
                _("A field that people cannot see was filled in, perhaps by your browser. Please send again.")
            )
            return
        try:
            self.stamp = stamps.read(cleaned.get(STAMP, ""), self.shown, at=self.at)
        except stamps.HastyStamp:
            self.add_error(None, _("That was very fast. Please press the button once more."))
        except stamps.BadStamp:
            self.ask_again(
                _("This page has changed, or was open for a long time. Look again, then press the button once more.")
            )
        else:
            self.read_proof(cleaned.get(PROOF, ""))


def shown_by(signup_form: SignupForm, boxes: list[Box]) -> str:
    """Name what a form shows: a stamp of one wording, in one language, sends no other."""
    return f"{signup_form.slug}.{get_language()}.{signup_form.notice_id}.{'-'.join(str(box.pk) for box in boxes)}"


def _asked_for(signup_form: SignupForm) -> tuple[bool, bool, bool, bool]:
    return signup_form.asks_name, signup_form.asks_email, signup_form.asks_phone, signup_form.asks_post


@cache
def _detail_fields(language: str, name: bool, email: bool, phone: bool, post: bool) -> dict[str, forms.Field]:
    """Return the fields of a form that asks for this, made once for each language: every form takes a copy."""
    fields: dict[str, forms.Field] = {}
    if name:
        fields["first_name"] = _text(_("First name"), autocomplete="given-name")
        fields["last_name"] = _text(_("Last name"), autocomplete="family-name")
    if email:
        fields[Medium.EMAIL.value] = forms.CharField(
            label=_("E-mail address"),
            required=False,
            max_length=254,
            widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        )
    if phone:
        fields[Medium.PHONE.value] = forms.CharField(
            label=_("Phone number"),
            required=False,
            max_length=40,
            widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
            help_text=_(
                "We call nobody for commercial purposes without their prior consent, unless the call concerns a "
                "contract in progress (French Consumer Code, art. L223-1 and L223-2)."
            ),
        )
    if post:
        fields[Medium.POST.value] = forms.CharField(
            label=_("Postal address"),
            required=False,
            max_length=500,
            widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "street-address"}),
        )
    return fields


@cache
def _unseen_fields(language: str) -> dict[str, forms.Field]:
    """Return the fields that no person fills, made once for each language: every form takes a copy."""
    return {
        HONEYPOT: forms.CharField(required=False, label=_("Leave this field empty")),
        STAMP: forms.CharField(required=False, widget=forms.HiddenInput),
        PROOF: proof_field(),
    }


def _text(label: str, **attributes: str) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=100, widget=forms.TextInput(attrs=attributes))


class BoxesForm(forms.Form):
    """The notice and its boxes alone, on the page of a confirmation mail: drawn unticked, always."""

    def __init__(self, boxes: list[Box]) -> None:
        super().__init__()
        self.fields |= box_fields(boxes)
        self.helper = _bare_helper()
        self.helper.layout = Layout(*_notice_and_boxes(boxes))


def _bare_helper() -> FormHelper:
    """No CSRF token: a stamp or a mail's own address stands in, and no cookie is set."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    return helper


def _notice_and_boxes(boxes: list[Box]) -> list[HTML | Fieldset]:
    """Informed first, asked then."""
    agreed = [box_name(box) for box in boxes if box.kind == Box.Kind.OPT_IN]
    refused = [box_name(box) for box in boxes if box.kind == Box.Kind.OPT_OUT]
    return [
        HTML("{% include 'prospects/notice.html' %}"),
        *([Fieldset(_("What you agree to, if you like"), *agreed, css_class="boxes")] if agreed else []),
        *([Fieldset(_("What you do not want"), *refused, css_class="boxes")] if refused else []),
    ]


def _helper(form: VisitorForm) -> FormHelper:
    """Lay out details, notice and boxes in this order."""
    details = [name for name in form.fields if not name.startswith("box_") and name not in (HONEYPOT, STAMP, PROOF)]
    helper = _bare_helper()
    helper.layout = Layout(
        *details,
        Div(Field(HONEYPOT, tabindex="-1", autocomplete="off"), css_class="apart", aria_hidden="true"),
        STAMP,
        PROOF,
        *_notice_and_boxes(form.boxes),
    )
    return helper
