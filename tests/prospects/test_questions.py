"""Signup forms ask for extra fields: typed, kept until confirmed, then known of the person."""

import json
from contextlib import suppress
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import assume, given
from hypothesis import strategies as st

from consent.models import SignupForm
from prospects.extra_inputs import input_for
from prospects.extras import forget_values
from prospects.intake import Person, Provenance, take_in
from prospects.models import ExtraField, PendingSignup, Prospect, Question, Source
from prospects.models.extra import checked
from tests.factories import make_form, make_organisation
from tests.prospects.signing_up import confirmation_link, press, send, sign_up_and_confirm

pytestmark = pytest.mark.django_db
ME = "camille@example.test"


def make_field(slug="shoe_size", kind="number", **fields):
    return ExtraField.objects.create(
        **{"slug": slug, "label_fr": "Pointure", "label_en": "Shoe size", "kind": kind, "why": "Chaussures", **fields}
    )


@pytest.fixture
def form():
    make_organisation()
    return make_form(slug="lettre")


def ask(form, field, **how):
    return Question.objects.create(form=form, field=field, **how)


def confirmed(client, mailbox, form, **typed):
    return sign_up_and_confirm(client, mailbox, form, ME, tick=form.notice.boxes.all(), **typed)


def test_an_answer_waits_for_the_button_and_is_then_known(client, mailbox, form):
    ask(form, make_field())
    send(client, form, email=ME, tick=form.notice.boxes.all(), extra_shoe_size="41")
    assert PendingSignup.objects.get().answers["extra"] == {"shoe_size": 41}
    assert not Prospect.objects.exists()

    press(client, confirmation_link(mailbox, ME))

    assert Prospect.objects.get().extra == {"shoe_size": 41}
    assert PendingSignup.objects.get().answers == {}
    assert Source.objects.get().evidence["answered"] == "shoe_size"


def test_a_form_asks_for_what_staff_chose_and_nothing_else(client, mailbox, form):
    make_field()

    confirmed(client, mailbox, form, extra_shoe_size="41")

    assert Prospect.objects.get().extra == {}
    assert "Pointure" not in client.get("/s/lettre/").content.decode()


def test_what_was_not_answered_is_not_noted(client, mailbox, form):
    ask(form, make_field())

    confirmed(client, mailbox, form, extra_shoe_size="")

    assert Prospect.objects.get().extra == {}


def test_an_answer_that_does_not_fit_is_said_beside_its_field(client, form):
    ask(form, make_field())

    for typed in ("forty", "1e300"):
        page = send(client, form, email=ME, tick=form.notice.boxes.all(), extra_shoe_size=typed).content.decode()
        assert 'id="error_1_id_extra_shoe_size"' in page, typed
    assert not PendingSignup.objects.exists()


def test_yes_or_no_is_chosen_from_a_list_and_never_a_box(client, form):
    ask(form, make_field("club", "yes_no", label_fr="Membre du club"))

    page = client.get("/s/lettre/").content.decode()

    assert '<select name="extra_club"' in page
    assert page.count('type="checkbox"') == form.notice.boxes.count()


@pytest.mark.parametrize(("language", "label"), [("fr", "Pointure"), ("en", "Shoe size")])
def test_the_page_asks_in_its_own_language(client, form, language, label):
    ask(form, make_field())

    assert label in client.get("/s/lettre/", headers={"accept-language": language}).content.decode()


def test_a_page_that_was_drawn_follows_its_fields(client, form):
    page = client.get("/s/lettre/").content.decode()
    assert "Pointure" not in page

    question = ask(form, make_field())
    assert "Pointure" in client.get("/s/lettre/").content.decode()

    ExtraField.objects.update(label_fr="Taille de chaussure")
    assert "Taille de chaussure" in client.get("/s/lettre/").content.decode()

    question.delete()
    assert "chaussure" not in client.get("/s/lettre/").content.decode()


def test_a_page_with_questions_asks_the_database_one_question(client, form, django_assert_num_queries):
    ask(form, make_field())
    client.get("/s/lettre/")

    with django_assert_num_queries(1):
        client.get("/s/lettre/")


def test_only_a_form_that_promises_an_answer_may_demand_one(client, form):
    question = ask(form, make_field(), is_required=True)
    assert "required" not in client.get("/s/lettre/").content.decode().split("extra_shoe_size", 1)[1].split(">")[0]

    SignupForm.objects.update(resource=SignupForm.Resource.REQUEST)
    page = send(client, form, email=ME).content.decode()

    assert question.field.slug in page and 'id="error_1_id_extra_shoe_size"' in page
    assert not PendingSignup.objects.exists()


def test_staff_choose_the_questions_of_a_form(admin_client, form):
    field = make_field()
    page = f"/admin/consent/signupform/{form.pk}/change/"
    shown = admin_client.get(page).context["adminform"].form.initial
    data = {name: value for name, value in shown.items() if value not in (None, False, "")}
    rows = {"questions-TOTAL_FORMS": "1", "questions-INITIAL_FORMS": "0", "questions-0-field": field.pk}

    refused = admin_client.post(page, data | rows | {"questions-0-is_required": "on"})
    assert refused.status_code == 200 and not Question.objects.exists()
    admin_client.post(page, data | rows)

    assert Question.objects.get().field == field


def test_a_preview_shows_the_questions_that_are_chosen(admin_client, form):
    data = {"title_fr": "T", "slug": "t", "asks_email": "on", "notice": form.notice_id, "resource": "none"}
    rows = {"questions-0-field": make_field().pk, "questions-1-field": ""}

    shown = admin_client.post("/prospects/forms/preview/", data | rows).content.decode()
    assert "Pointure" in shown
    without = admin_client.post("/prospects/forms/preview/", data | rows | {"questions-0-DELETE": "on"})
    assert "Pointure" not in without.content.decode()


def test_who_confirms_corrects_what_was_known_of_the_fields_they_answered(client, mailbox, form):
    ask(form, make_field())
    confirmed(client, mailbox, form, extra_shoe_size="41")
    Prospect.objects.update(extra={"shoe_size": 41, "colour": "bleu"})
    PendingSignup.objects.all().delete()

    confirmed(client, mailbox, form, extra_shoe_size="42")

    assert Prospect.objects.get().extra == {"shoe_size": 42, "colour": "bleu"}


def test_whoever_else_lets_somebody_in_again_corrects_nothing():
    def arrive(**extra):
        provenance = Provenance(Source.Kind.PAPER, collected_at=timezone.now() - timedelta(days=1))
        return take_in(Person(extra=extra), {"email": ME}, provenance, at=timezone.now(), door="staff")

    arrive(shoe_size=41)
    known = arrive(shoe_size=42, colour="bleu")

    assert known.extra == {"shoe_size": 41, "colour": "bleu"}
    assert Prospect.objects.get().extra == known.extra


def test_a_field_that_goes_takes_along_the_answers_that_wait(client, mailbox, form):
    field = make_field()
    ask(form, field)
    ask(form, make_field("club", "yes_no"))
    send(client, form, email=ME, tick=form.notice.boxes.all(), extra_shoe_size="41", extra_club="True")

    forget_values(["shoe_size"])
    field.delete()
    assert PendingSignup.objects.get().answers["extra"] == {"club": True}
    press(client, confirmation_link(mailbox, ME))

    assert Prospect.objects.get().extra == {"club": True}


def test_a_choice_that_is_offered_no_more_is_not_noted(client, mailbox, form):
    ask(form, make_field("size", "choice", options=["S", "M"]))
    send(client, form, email=ME, tick=form.notice.boxes.all(), extra_size="S")

    ExtraField.objects.update(options=["M"])
    press(client, confirmation_link(mailbox, ME))

    assert Prospect.objects.get().extra == {}


WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=40)
VALUES = {
    "text": WORDS.map(str.strip).filter(bool),
    "number": st.integers(-(10**15), 10**15) | st.floats(-1e15, 1e15, allow_nan=False),
    "date": st.dates(),
    "yes_no": st.booleans(),
    "choice": st.sampled_from(["S", "M"]),
}


@given(st.sampled_from(sorted(VALUES)).flatmap(lambda kind: st.tuples(st.just(kind), VALUES[kind])))
def test_what_is_kept_is_what_was_typed_whatever_the_kind(kind_and_value):
    kind, value = kind_and_value
    field = ExtraField(slug="x", label_fr="x", kind=kind, options=["S", "M"] if kind == "choice" else [])
    kept = checked({"x": value}, {"x": field})

    asked = input_for(field)
    shown = str(asked.prepare_value(kept["x"]))
    assume(len(shown) < 1000)

    assert checked({"x": asked.clean(shown)}, {"x": field}) == kept
    assert checked(kept, {"x": field}) == kept
    prospect = Prospect.objects.create(extra=json.loads(json.dumps(kept)))
    prospect.refresh_from_db()
    assert prospect.extra == kept
    prospect.delete()


@given(st.sampled_from(sorted(VALUES)), st.none() | st.text() | st.floats() | st.booleans() | st.lists(st.integers()))
def test_whatever_arrives_is_kept_in_its_kind_or_refused(kind, value):
    field = ExtraField(slug="x", label_fr="x", kind=kind, options=["S", "M"] if kind == "choice" else [])
    with suppress(ValidationError):
        json.dumps(checked({"x": value}, {"x": field}), allow_nan=False).encode()
