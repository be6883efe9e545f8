"""A visitor's way through the site, in a real browser, both languages, on a phone and at a desk."""

import re
import time
from datetime import timedelta

import pytest
from django.db.models import F
from playwright.sync_api import Page, expect

from consent.models import Objection, Permission
from consent.preferences import State, preferences
from consent.stop_links import stop_token
from prospects.links import fresh_token, keep_token
from prospects.models import ContactDetail, PendingSignup
from prospects.tasks import send_confirmation_mails
from tests.accessibility import DESK, PHONE, Complaints, problems
from tests.factories import make_detail, make_form, make_notice, make_organisation, make_purpose
from tests.mailbox import text_of
from tests.prospects.signing_up import confirmation_link, mail_again_tomorrow

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

WORDS = {
    "fr": {
        "email": "Adresse e-mail",
        "send": "Envoyer",
        "mailbox": "Encore une étape : regardez dans votre messagerie",
        "confirm": "Oui, je confirme",
        "refuse": "Non, tout effacer",
        "confirmed": "Merci, c’est confirmé",
        "already": "Vous aviez déjà confirmé",
        "ended": "Ce lien n’est plus valable",
        "erased": "C’est effacé",
        "stop": "Arrêter",
        "stop everything": "Tout arrêter",
        "stopped": "C’est arrêté",
        "yours": "Vos données",
        "agree": "Accepter ce que j’ai coché",
        "recorded": "C’est enregistré",
        "box": "Oui, je veux la lettre",
        "change": "Changer mon adresse",
        "new": "Nouvelle adresse e-mail",
        "both": "Écrire aux deux adresses",
        "asked": "Regardez dans les deux messageries",
        "yes": "Oui, la changer",
        "no": "Non, ne rien changer",
        "halfway": "La moitié est faite",
        "changed": "Votre adresse est changée",
    },
    "en": {
        "email": "E-mail address",
        "send": "Send",
        "mailbox": "One more step: look in your mailbox",
        "confirm": "Yes, I confirm",
        "refuse": "No, erase it",
        "confirmed": "Thank you, it is confirmed",
        "already": "You had confirmed already",
        "ended": "This link has ended",
        "erased": "It is erased",
        "stop": "Stop",
        "stop everything": "Stop everything",
        "stopped": "It is stopped",
        "yours": "Your data",
        "agree": "Agree to what I ticked",
        "recorded": "Recorded",
        "box": "Yes, I want the letter",
        "change": "Change my address",
        "new": "New e-mail address",
        "both": "Mail both addresses",
        "asked": "Look in both mailboxes",
        "yes": "Yes, change it",
        "no": "No, change nothing",
        "halfway": "Half of it is done",
        "changed": "Your address is changed",
    },
}
# Between the two languages, every page is looked at on a phone and at a desk, by day and by night.
LOOKS = {"fr": [(PHONE, "light"), (DESK, "dark")], "en": [(DESK, "light"), (PHONE, "dark")]}
HASTE = 2.1  # seconds: nobody fills a form faster


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


class Visitor:
    """Somebody at a browser, who looks at each page in every light before going on."""

    def __init__(self, page: Page, site: str, language: str) -> None:
        self.page, self.site, self.language = page, site, language
        self.words = WORDS[language]
        self.complaints = Complaints().listen(page)

    def look(self, title: str = "") -> None:
        if title:
            expect(self.page.get_by_role("heading", level=1)).to_have_text(self.words[title])
        for size, scheme in LOOKS[self.language]:
            self.page.set_viewport_size(size)
            self.page.emulate_media(color_scheme=scheme)
            assert problems(self.page) == []

    def open(self, path: str, title: str = "") -> None:
        self.page.goto(f"{self.site}{path}")
        self.look(title)

    def press(self, button: str, title: str = "") -> None:
        self.page.get_by_role("button", name=self.words[button], exact=True).click()
        self.look(title)

    def sign_up(self, address: str) -> None:
        self.page.goto(f"{self.site}/s/lettre/")
        self.page.get_by_label(self.words["email"]).fill(address)
        self.page.get_by_label(self.words["box"]).check()
        time.sleep(HASTE)
        self.press("send", "mailbox")


@pytest.fixture(params=["fr", "en"])
def visitor(page: Page, site, form, request):
    page.goto(f"{site}/?lang={request.param}")
    return Visitor(page, site, request.param)


def path_in(mailbox, address, kind):
    """The path of the one link of that kind in the latest mail to this address."""
    send_confirmation_mails()
    return re.search(rf"https?://[^/]+(/{kind}/\S+)", text_of(mailbox.to(address)[-1])).group(1)


def test_a_visitor_signs_up_confirms_and_stops_and_may_begin_anew(visitor, mailbox):
    page, words = visitor.page, visitor.words
    visitor.look()
    page.get_by_role("main").get_by_role("link").click()
    visitor.look()
    box = page.get_by_label(words["box"])
    expect(box).not_to_be_checked()
    box.focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name=words["send"]).click()

    expect(page.get_by_role("alert")).to_be_visible()
    expect(box).to_be_checked()
    visitor.look()
    page.get_by_label(words["email"]).fill("camille@example.test")
    time.sleep(HASTE)
    visitor.press("send", "mailbox")
    assert not ContactDetail.objects.exists()

    link = confirmation_link(mailbox, "camille@example.test")
    visitor.open(link)
    visitor.press("confirm", "confirmed")
    visitor.open(link, "already")
    detail, permission = ContactDetail.objects.get(), Permission.objects.get()

    token = stop_token(detail.address_key, "email", permission.purpose_id)
    visitor.open(f"/p/{token}/")
    visitor.open(f"/u/{token}/")
    visitor.press("stop", "stopped")
    assert Objection.objects.get().purpose == permission.purpose

    visitor.open(f"/m/{fresh_token(detail.pk)}/", "yours")
    page.get_by_label(words["box"]).check()
    page.get_by_role("button", name=words["agree"]).click()
    expect(page.get_by_role("status")).to_contain_text(words["recorded"])
    visitor.look()
    visitor.open(f"/p/{token}/")
    visitor.press("stop everything")
    expect(page.get_by_role("status")).to_be_visible()

    mail_again_tomorrow()
    visitor.sign_up("camille@example.test")
    visitor.open(confirmation_link(mailbox, "camille@example.test"))
    visitor.press("confirm", "confirmed")
    (now,) = preferences(detail.address_key)
    assert now.state is State.ON

    assert visitor.complaints == []
    assert [cookie["name"] for cookie in page.context.cookies()] == ["django_language"]


def test_a_visitor_changes_address_from_both_mailboxes(visitor, mailbox):
    page, words = visitor.page, visitor.words
    visitor.sign_up("camille@example.test")
    page.goto(f"{visitor.site}{confirmation_link(mailbox, 'camille@example.test')}")
    visitor.press("confirm", "confirmed")
    token = stop_token(ContactDetail.objects.get().address_key, "email", Permission.objects.get().purpose_id)
    page.goto(f"{visitor.site}/p/{token}/")
    page.get_by_role("link", name=words["change"]).click()
    visitor.look("change")
    visitor.press("both", "change")
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label(words["new"]).fill("camille@nouvelle.example.test")
    visitor.press("both", "asked")

    visitor.open(path_in(mailbox, "camille@example.test", "a"))
    visitor.press("yes", "halfway")
    link = path_in(mailbox, "camille@nouvelle.example.test", "a")
    visitor.open(link)
    expect(page.get_by_label(words["box"])).not_to_be_checked()
    page.get_by_label(words["box"]).check()
    visitor.press("yes", "changed")
    visitor.open(link, "ended")

    moved = ContactDetail.objects.get()
    assert moved.address == "camille@nouvelle.example.test"
    visitor.open(f"/m/{fresh_token(moved.pk)}/", "yours")
    assert visitor.complaints == []


def test_a_visitor_says_no_and_an_old_link_says_that_it_has_ended(visitor, mailbox):
    visitor.sign_up("camille@example.test")
    link = confirmation_link(mailbox, "camille@example.test")
    visitor.open(link)
    visitor.press("refuse", "erased")
    PendingSignup.objects.update(expires_at=F("signed_up_at") + timedelta(seconds=1))
    visitor.open(link, "ended")

    assert not ContactDetail.objects.exists()
    assert visitor.complaints == []


def weight(button):
    """What makes a button seen: its size, its colours, its letters."""
    return button.evaluate(
        """element => { const style = getComputedStyle(element), box = element.getBoundingClientRect();
            return [style.color, style.backgroundColor, style.fontSize, style.fontWeight, Math.round(box.height),
                Math.round(box.width)] }"""
    )


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_refusing_is_as_easy_and_as_visible_as_agreeing(page: Page, site, mailbox, form, size):
    page.set_viewport_size(size)
    visitor = Visitor(page, site, "fr")
    words = visitor.words
    visitor.sign_up("camille@example.test")
    page.set_viewport_size(size)
    page.goto(f"{site}{confirmation_link(mailbox, 'camille@example.test')}")
    yes, no = (page.get_by_role("button", name=words[name]) for name in ("confirm", "refuse"))
    assert weight(yes) == weight(no)
    yes.click()
    detail = ContactDetail.objects.get()
    token = stop_token(detail.address_key, "email", Permission.objects.get().purpose_id)

    page.goto(f"{site}/u/{token}/")
    stop = weight(page.get_by_role("button", name=words["stop"], exact=True))
    assert stop[:4] == weight_of(page, site, "/s/lettre/", words["send"])[:4]
    page.goto(f"{site}/p/{token}/address/")
    page.get_by_label(words["new"]).fill("camille@nouvelle.example.test")
    page.get_by_role("button", name=words["both"]).click()
    page.goto(f"{site}{path_in(mailbox, 'camille@nouvelle.example.test', 'a')}")
    yes, no = (page.get_by_role("button", name=words[name]) for name in ("yes", "no"))
    assert weight(yes) == weight(no)


def weight_of(page, site, path, name):
    page.goto(f"{site}{path}")
    return weight(page.get_by_role("button", name=name, exact=True))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_other_page_is_usable_too_in_a_colour_that_nobody_can_read_on_white(page: Page, site, scheme):
    make_organisation(colour="#f5d90a")
    make_form(slug="ouverte")
    make_form(slug="fermee", is_open=False)
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size(PHONE)
    known = make_detail()
    kept, gone = f"/k/{keep_token(known.pk)}/", f"/k/{keep_token(0)}/"
    forgotten = f"/m/{fresh_token(0)}/"
    paths = ("/", "/s/ouverte/", "/s/fermee/", "/nothing-here", "/u/broken/", "/login/", kept, gone, forgotten)
    for path in paths:
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
