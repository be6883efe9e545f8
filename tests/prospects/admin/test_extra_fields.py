"""Extra fields that an organisation defines."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from prospects.links import fresh_token
from prospects.models import ExtraField, Prospect
from prospects.models.extra import checked
from tests.factories import make_detail
from tests.prospects.admin.pages import page_of, posted

pytestmark = pytest.mark.django_db
ADD = "/admin/prospects/extrafield/add/"


def make_field(slug="shoe_size", **fields):
    return ExtraField.objects.create(**{"slug": slug, "label_fr": "Pointure", "why": "Chaussures", **fields})


def defined(**fields):
    return {"slug": "shoe_size", "label_fr": "Pointure", "kind": "number", "options": "", "why": "Chaussures", **fields}


def test_staff_define_a_field_and_fill_it_in_on_the_person_s_page(client):
    client.post(ADD, defined())
    prospect = make_detail().prospect

    client.post(page_of(prospect), posted(prospect, extra_shoe_size="41"))

    prospect.refresh_from_db()
    assert prospect.extra == {"shoe_size": 41}
    assert 'value="41' in client.get(page_of(prospect)).content.decode()


def test_what_is_sensitive_is_refused_in_words(client):
    for label in ("Religion", "État de santé", "Handicap", "Opinions politiques", "Trade union"):
        answer = client.post(ADD, defined(slug="something", label_fr=label))
        assert "GDPR art. 9 and 10" in answer.content.decode(), label
    assert not ExtraField.objects.exists()


def test_a_field_of_loyal_s_own_name_is_refused(client):
    client.post(ADD, defined(slug="first_name"))

    assert not ExtraField.objects.exists()


def test_choices_stand_where_there_is_something_to_choose():
    with pytest.raises(IntegrityError), transaction.atomic():
        make_field(kind="choice")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_field(kind="text", options=["a"])


@pytest.mark.parametrize(
    ("kind", "value", "kept"),
    [
        ("text", "bleu", "bleu"),
        ("number", "41.5", 41.5),
        ("date", "2026-01-02", "2026-01-02"),
        ("yes_no", False, False),
        ("choice", "S", "S"),
    ],
)
def test_each_kind_keeps_its_values(kind, value, kept):
    field = make_field(kind=kind, options=["S", "M"] if kind == "choice" else [])

    assert checked({"shoe_size": value}, {"shoe_size": field}) == {"shoe_size": kept}


@pytest.mark.parametrize(("kind", "value"), [("number", "x"), ("date", "32"), ("yes_no", "perhaps"), ("choice", "L")])
def test_what_does_not_fit_is_refused(kind, value):
    field = make_field(kind=kind, options=["S", "M"] if kind == "choice" else [])

    with pytest.raises(ValidationError):
        checked({"shoe_size": value}, {"shoe_size": field})
    with pytest.raises(ValidationError):
        checked({"unknown": value}, {"shoe_size": field})


def test_a_field_that_goes_takes_its_values_along(client):
    field = make_field()
    prospect = make_detail().prospect
    Prospect.objects.update(extra={"shoe_size": 41, "other": 1})

    client.post(f"/admin/prospects/extrafield/{field.pk}/delete/", {"post": "yes"})

    prospect.refresh_from_db()
    assert prospect.extra == {"other": 1}


def test_whoever_asks_sees_what_is_noted_of_them(client):
    make_field(label_en="Shoe size", kind="number")
    detail = make_detail()
    Prospect.objects.update(extra={"shoe_size": 41})

    shown = client.get(reverse("my_data", args=[fresh_token(detail.pk)])).content.decode()

    assert "<dt>Shoe size</dt><dd>41</dd>" in shown
