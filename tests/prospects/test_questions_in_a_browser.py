"""The extra fields of a form in a real browser: readable by everybody, in both languages, on a phone and at a desk."""

import pytest
from playwright.sync_api import expect

from prospects.models import ExtraField, PendingSignup, Question
from tests.accessibility import DESK, PHONE, problems
from tests.factories import make_form, make_organisation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
FIELDS = {
    "shoe_size": ("number", "pointure", "shoe size"),
    "member_since": ("date", "membre depuis le", "member since"),
    "size": ("choice", "taille", "size"),
    "club": ("yes_no", "membre du club", "member of the club"),
    "colour": ("text", "couleur préférée", "favourite colour"),
}
HASTE = 2200  # milliseconds: nobody fills a form faster
SEND = {"fr": "Envoyer", "en": "Send"}


@pytest.fixture
def form(transactional_db):
    make_organisation()
    form = make_form(slug="lettre", title_en="Our newsletter", asks_name=True)
    for slug, (kind, french, english) in FIELDS.items():
        options = ["S", "M"] if kind == "choice" else []
        field = ExtraField.objects.create(
            slug=slug, label_fr=french, label_en=english, kind=kind, options=options, why="Essai"
        )
        Question.objects.create(form=form, field=field)
    return form


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("viewport", [PHONE, DESK])
def test_a_visitor_answers_what_they_like(browser, site, form, language, viewport):
    context = browser.new_context(locale=language, viewport=viewport)
    page = context.new_page()
    page.goto(f"{site}/s/lettre/")
    assert problems(page) == []

    labels = {slug: words[1 if language == "fr" else 2].capitalize() for slug, words in FIELDS.items()}
    page.locator("#id_email").fill("camille@example.test")
    page.get_by_label(labels["shoe_size"]).fill("41.5")
    page.get_by_label(labels["member_since"]).fill("2020-05-01")
    page.get_by_label(labels["club"]).select_option("False")
    page.get_by_role("checkbox").first.check()
    page.wait_for_timeout(HASTE)
    page.get_by_role("button", name=SEND[language]).click()

    expect(page).not_to_have_url(f"{site}/s/lettre/")
    assert PendingSignup.objects.get().answers["extra"] == {
        "shoe_size": 41.5,
        "member_since": "2020-05-01",
        "club": False,
    }
    context.close()
