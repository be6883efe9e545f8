import re

from django.forms import modelform_factory
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST

from consent.admin.checks import checks_drawn
from consent.markdown import layers
from consent.models import SignupForm
from consent.opening import checks_now
from prospects.access import allowed_to
from prospects.forms import VisitorForm
from prospects.models import ExtraField, Question


@require_POST
@xframe_options_sameorigin
@allowed_to("consent.change_signupform")
def form_preview(request: HttpRequest) -> HttpResponse:
    """Show a form as visitors would see it, with what staff typed and did not save. Nothing in it can be filled in."""
    language = "en" if request.POST.get("language") == "en" else "fr"
    signup_form = _typed(request)
    with translation.override(language):
        if signup_form.notice_id is None:
            return render(request, "prospects/form_preview.html", {"signup_form": signup_form})
        form = VisitorForm(signup_form, at=timezone.now(), questions=_typed_questions(request, signup_form))
        for field in form.fields.values():
            field.disabled = True
        essentials, details = layers(signup_form.notice.information)
        context = {"signup_form": signup_form, "form": form, "essentials": essentials, "details": details}
        return render(request, "prospects/form_preview.html", context)


@require_POST
@allowed_to("consent.change_signupform")
def form_checks(request: HttpRequest) -> HttpResponse:
    """Say what the law asks of the form as it is typed: a part of the editor."""
    signup_form = _typed(request)
    found = checks_now(signup_form, at=timezone.now()) if signup_form.notice_id is not None else []
    return HttpResponse(checks_drawn(found))


def _typed(request: HttpRequest) -> SignupForm:
    """Return the form that was typed, as far as it can be read; it is not saved."""
    editor = modelform_factory(SignupForm, exclude=["resource_file"])(request.POST)
    editor.is_valid()
    return editor.instance


def _typed_questions(request: HttpRequest, signup_form: SignupForm) -> list[Question]:
    """Return the questions that are chosen beside the form, saved or not, but for those to be taken off it."""
    chosen: dict[int, bool] = {}
    rows = (key.removesuffix("-field") for key in request.POST if re.fullmatch(r"questions-\d+-field", key))
    for row in rows:
        number = request.POST[f"{row}-field"]
        if number.isdecimal() and f"{row}-DELETE" not in request.POST:
            chosen[int(number)] = f"{row}-is_required" in request.POST
    fields = ExtraField.objects.in_bulk(chosen)
    return [
        Question(form=signup_form, field=fields[number], is_required=is_required)
        for number, is_required in chosen.items()
        if number in fields
    ]
