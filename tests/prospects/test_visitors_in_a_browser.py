"""A visitor's way through the site, in a real browser, both languages, on a phone and at a desk."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from consent.models import Objection, Permission
from consent.stop_links import stop_token
from prospects.links import fresh_token
from prospects.models import ContactDetail
from tests.accessibility import DESK, PHONE, Complaints, problems
from tests.factories import make_form, make_notice, make_organisation, make_purpose
from tests.prospects.signing_up import confirmation_link

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

WORDS = {
    "fr": {
        "email": "Adresse e-mail",
        "send": "Envoyer",
        "mailbox": "Encore une étape : regardez dans votre messagerie",
        "confirm": "Oui, je confirme",
        "confirmed": "Merci, c’est confirmé",
        "stop": "Arrêter",
        "stopped": "C’est arrêté",
        "yours": "Vos données",
        "agree": "Accepter ce que j’ai coché",
        "recorded": "C’est enregistré",
        "box": "Oui, je veux la lettre",
    },
    "en": {
        "email": "E-mail address",
        "send": "Send",
        "mailbox": "One more step: look in your mailbox",
        "confirm": "Yes, I confirm",
        "confirmed": "Thank you, it is confirmed",
        "stop": "Stop",
        "stopped": "It is stopped",
        "yours": "Your data",
        "agree": "Agree to what I ticked",
        "recorded": "Recorded",
        "box": "Yes, I want the letter",
    },
}


@pytest.fixture
def form():
    make_organisation()
    notice = make_notice(
        {
            "purpose": make_purpose(slug="lettre", name_fr="La lettre", name_en="The letter"),
            "label_fr": "Oui, je veux la lettre",
            "label_en": "Yes, I want the letter",
        },
        information_fr="Maison Exemple vous écrit.\n\n---\n\n## Vos droits\n\nÀ tout moment.",
        information_en="Maison Exemple writes to you.\n\n---\n\n## Your rights\n\nAt any time.",
    )
    return make_form(slug="lettre", notice=notice, asks_name=True, asks_phone=True, asks_post=True)


@pytest.mark.parametrize(("language", "size"), [("fr", PHONE), ("en", DESK)], ids=["fr-phone", "en-desk"])
def test_a_visitor_signs_up_confirms_chooses_and_stops(page: Page, site, mailbox, form, language, size):
    words = WORDS[language]
    page.set_viewport_size(size)
    complaints = Complaints().listen(page)

    def seen(path: str) -> None:
        page.goto(f"{site}{path}")
        assert problems(page) == []

    seen(f"/?lang={language}")
    page.get_by_role("link", name=form.title_fr if language == "fr" else form.title_en).click()
    assert problems(page) == []
    box = page.get_by_label(words["box"])
    expect(box).not_to_be_checked()
    box.focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name=words["send"]).click()

    expect(page.get_by_role("alert")).to_be_visible()
    expect(box).to_be_checked()
    assert problems(page) == []
    page.get_by_label(words["email"]).fill("camille@example.test")
    time.sleep(2)  # the shortest time in which anybody fills a form
    page.get_by_role("button", name=words["send"]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(words["mailbox"])
    assert problems(page) == []

    seen(confirmation_link(mailbox, "camille@example.test"))
    page.get_by_role("button", name=words["confirm"]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(words["confirmed"])
    assert problems(page) == []
    detail = ContactDetail.objects.get()
    permission = Permission.objects.get()

    token = stop_token(detail.address_key, "email", permission.purpose_id)
    seen(f"/p/{token}/")
    seen(f"/u/{token}/")
    page.get_by_role("button", name=words["stop"], exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(words["stopped"])
    assert problems(page) == []
    assert Objection.objects.get().purpose == permission.purpose

    seen(f"/m/{fresh_token(detail.pk)}/")
    expect(page.get_by_role("heading", level=1)).to_have_text(words["yours"])
    page.get_by_label(words["box"]).check()
    page.get_by_role("button", name=words["agree"]).click()
    expect(page.get_by_role("status")).to_contain_text(words["recorded"])
    assert problems(page) == []

    assert complaints == []
    cookies = page.context.cookies()
    assert [cookie["name"] for cookie in cookies] == ["django_language"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_other_page_is_usable_too_in_a_colour_that_nobody_can_read_on_white(page: Page, site, scheme):
    make_organisation(colour="#f5d90a")
    make_form(slug="ouverte")
    make_form(slug="fermee", is_open=False)
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size(PHONE)
    for path in ("/", "/s/ouverte/", "/s/fermee/", "/nothing-here", "/u/broken/", "/login/"):
        page.goto(f"{site}{path}")
        assert problems(page) == []


def test_a_browser_solves_the_captcha_unseen_while_the_form_is_filled(page: Page, site, form, settings):
    settings.HOURLY_LIMITS = settings.HOURLY_LIMITS | {"unproven_signup": 0}
    complaints = Complaints().listen(page)
    page.goto(f"{site}/s/lettre/")
    proof = page.locator("input[name=proof]")
    assert proof.input_value() == ""
    page.get_by_label("Adresse e-mail").fill("camille@example.test")
    page.get_by_label("Oui, je veux la lettre").check()
    expect(proof).not_to_have_value("")
    assert "robot" not in page.locator("body").inner_text()
    time.sleep(2)
    page.get_by_role("button", name="Envoyer").click()

    expect(page.get_by_role("heading", level=1)).to_have_text(WORDS["fr"]["mailbox"])
    assert complaints == []
    page.go_back()
    expect(page.get_by_label("Adresse e-mail")).to_be_visible()
    assert proof.input_value() == ""


def test_whoever_sends_before_the_work_is_done_waits_for_it_and_is_told(page: Page, site, form, settings):
    settings.HOURLY_LIMITS = settings.HOURLY_LIMITS | {"unproven_signup": 0}
    held = []
    page.route("**/challenge/", lambda route: held.append(route))
    page.goto(f"{site}/s/lettre/")
    page.get_by_label("Adresse e-mail").fill("camille@example.test")
    page.get_by_label("Oui, je veux la lettre").check()
    time.sleep(2)
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_role("status")).to_be_visible()
    assert problems(page) == []
    held.pop().continue_()

    expect(page.get_by_role("heading", level=1)).to_have_text(WORDS["fr"]["mailbox"])


def test_a_captcha_that_cannot_be_had_keeps_nobody_from_signing_up(page: Page, site, form):
    page.route("**/challenge/", lambda route: route.fulfill(status=503))
    page.goto(f"{site}/s/lettre/")
    page.get_by_label("Adresse e-mail").fill("camille@example.test")
    page.get_by_label("Oui, je veux la lettre").check()
    time.sleep(2)
    page.get_by_role("button", name="Envoyer").click()

    expect(page.get_by_role("heading", level=1)).to_have_text(WORDS["fr"]["mailbox"])


def test_the_form_works_without_javascript(browser, site, mailbox, form):
    with browser.new_context(java_script_enabled=False, locale="fr-FR") as context:
        page = context.new_page()
        page.goto(f"{site}/s/lettre/")
        page.get_by_label("Adresse e-mail").fill("camille@example.test")
        page.get_by_label("Oui, je veux la lettre").check()
        time.sleep(2)
        page.get_by_role("button", name="Envoyer").click()
        page.goto(f"{site}{confirmation_link(mailbox, 'camille@example.test')}")
        page.get_by_role("button", name="Oui, je confirme").click()

        assert context.cookies() == []
    assert Permission.objects.get().confirmed_at is not None


def test_the_form_is_filled_with_the_keyboard_alone(page: Page, site, form):
    page.goto(f"{site}/s/lettre/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    reached = []
    for _press in range(20):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.name || document.activeElement.textContent.trim()"))

    names = [name for name in reached if re.fullmatch(r"first_name|last_name|email|phone|post|box_\d+", name)]
    assert names[:5] == ["first_name", "last_name", "email", "phone", "post"]
    assert names[5].startswith("box_")
    assert "subject" not in reached
    assert "Envoyer" in reached


def test_a_page_with_a_fault_does_not_pass_for_usable(page: Page):
    """What the tests of pages rely on."""
    page.set_viewport_size(PHONE)
    page.set_content("<html><body><img src='data:,'><input><p style='width:900px'>wide</p></body></html>")

    found = " ".join(problems(page))

    assert "image-alt" in found and "label" in found and "wider than the window" in found
