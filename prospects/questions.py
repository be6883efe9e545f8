"""What signup forms ask beside addresses and names: the extra fields that staff chose for each."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from consent.models import SignupForm
from consent.open_forms import also_show
from prospects.extra_inputs import input_for
from prospects.models import Question
from prospects.models.extra import PREFIX, checked

_VERSION = """
SELECT string_agg(concat_ws('|', question::text, field::text), '|' ORDER BY question.id)
FROM prospects_question AS question JOIN prospects_extrafield AS field ON field.id = question.field_id
WHERE question.form_id = form.id
"""
# The page of a form is drawn once for each version: a label or a choice that changes makes another.
also_show("questions__field", _VERSION)


def questions_of(form: SignupForm) -> list[Question]:
    """The questions of a form that is saved, in their order."""
    return list(form.questions.all()) if form.pk else []


def question_fields(questions: Sequence[Question]) -> dict[str, forms.Field]:
    """The fields of a form that ask these."""
    return {PREFIX + question.field.slug: _field(question) for question in questions}


def answers(cleaned: Mapping[str, Any], questions: Sequence[Question]) -> dict[str, Any]:
    """What was answered, as it is kept. Raises ValidationError, by field."""
    fields = {question.field.slug: question.field for question in questions}
    return checked({slug: cleaned.get(PREFIX + slug) for slug in fields}, fields)


def _field(question: Question) -> forms.Field:
    is_required = question.is_required and question.may_be_required
    help_text = _("We cannot answer you without it.") if is_required else ""
    return input_for(question.field, is_required=is_required, help_text=help_text)
