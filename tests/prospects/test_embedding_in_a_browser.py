"""A form of Loyal's on somebody else's website, in a real browser: in a frame, and from a form of its own."""

import re

import pytest
from playwright.sync_api import expect

from consent.embedding import snippets
from consent.models import Permission
from prospects.models import PendingSignup, Prospect
from tests.accessibility import DESK, PHONE, Complaints, problems
from tests.factories import make_form, make_notice, make_organisation, make_purpose
from tests.prospects.signing_up import confirmation_link
from tests.websites import website

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
HASTE = 2200  # milliseconds: nobody fills a form faster
WORDS = {
    "fr": {
        "title": "La lettre",
        "frame": re.compile("^La lettre"),
        "email": "Adresse e-mail",
        "send": "Envoyer",
        "box": "Oui, je veux la lettre",
        "mailbox": "Encore une étape : regardez dans votre messagerie",
        "continue": "Continuer",
        "confirm": "Oui, je confirme",
    },
    "en": {
        "title": "The letter",
        "frame": re.compile("^The letter"),
        "email": "E-mail address",
        "send": "Send",
        "box": "Yes, I want the letter",
        "mailbox": "One more step: look in your mailbox",
        "continue": "Continue",
        "confirm": "Yes, I confirm",
    },
}


@pytest.fixture
def form(transactional_db):
    make_organisation()
    notice = make_notice(
        {
            "purpose": make_purpose(slug="lettre", name_fr="La lettre", name_en="The letter"),
            "label_fr": WORDS["fr"]["box"],
            "label_en": WORDS["en"]["box"],
        }
    )
    return make_form(slug="lettre", notice=notice, title_fr="La lettre", title_en="The letter", asks_name=True)


def policy_of_host(site):
    """The strictest that lets a form of Loyal's in, as the documentation says."""
    return f"default-src 'none'; base-uri 'none'; script-src {site}; frame-src {site}; form-action {site}"


def host_page(language, content):
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>Une boutique</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"></head>'
        f"<body><main><h1>Une boutique</h1>{content}</main></body></html>"
    )


@pytest.fixture
def host(site, form):
    """Another website with each way to embed the form, in both languages, which the form's staff listed."""
    script, frame, own_form = (snippet.html for snippet in snippets(form))
    pages = {"/other/": host_page("de", script.replace("data-form", 'data-lang="en" data-form'))}
    for language in ("fr", "en"):
        pages[f"/{language}/"] = host_page(language, script)
        pages[f"/{language}/frame/"] = host_page(language, frame.replace("/fr/", f"/{language}/"))
        pages[f"/{language}/form/"] = host_page(language, own_form)
    with website(pages, policy=policy_of_host(site)) as origin:
        form.origins = [origin]
        form.save()
        yield origin


def look(page):
    """Ask that the frame be as tall as what it holds, and that the page around it and it shut nobody out."""
    height = page.frames[1].evaluate("Math.ceil(document.body.getBoundingClientRect().height)")
    expect(page.locator("iframe")).to_have_attribute("height", str(height))
    assert problems(page) == []
    assert problems(page.frames[1]) == []


@pytest.mark.parametrize(("language", "size", "scheme"), [("fr", PHONE, "light"), ("en", DESK, "dark")])
def test_one_line_of_script_shows_the_form_which_works_there_and_sets_no_cookie(
    browser, site, host, form, mailbox, language, size, scheme
):
    words = WORDS[language]
    # The browser asks for the other language: the form speaks the page's.
    context = browser.new_context(locale="en" if language == "fr" else "fr", viewport=size, color_scheme=scheme)
    page = context.new_page()
    complaints = Complaints().listen(page)

    page.goto(f"{host}/{language}/")
    expect(page.locator("iframe")).to_have_attribute("title", words["frame"])
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", level=1)).to_have_text(words["title"])
    look(page)
    assert not frame.get_by_role("checkbox").is_checked()

    frame.get_by_label(words["email"]).fill("camille@example.test")
    frame.get_by_label(words["box"]).check()
    page.wait_for_timeout(HASTE)
    frame.get_by_role("button", name=words["send"], exact=True).click()
    expect(frame.get_by_role("heading", level=1)).to_have_text(words["mailbox"])
    look(page)

    pending = PendingSignup.objects.get()
    assert (pending.language, pending.page) == (language, f"{site}/s/lettre/embed/{language}/")
    assert context.cookies() == []
    assert complaints == []
    context.close()


def test_the_script_believes_no_size_but_the_frame_s_own(page, host):
    page.goto(f"{host}/fr/")
    expect(page.locator("iframe")).not_to_have_attribute("height", "900")

    page.evaluate(
        """() => new Promise((heard) => {
          window.addEventListener("message", () => setTimeout(heard), { once: true });
          window.postMessage({ height: 5, title: "Somebody else's" }, "*");
        })"""
    )

    look(page)
    expect(page.locator("iframe")).to_have_attribute("title", WORDS["fr"]["frame"])


def test_the_line_may_name_another_language_than_its_page(page, host):
    page.goto(f"{host}/other/")

    expect(page.frame_locator("iframe").get_by_role("heading", level=1)).to_have_text("The letter")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_without_a_script_the_frame_and_the_form_work(browser, host, form, mailbox, language):
    words = WORDS[language]
    context = browser.new_context(java_script_enabled=False, locale=language)
    page = context.new_page()
    page.goto(f"{host}/{language}/frame/")
    frame = page.frame_locator("iframe")

    frame.get_by_label(words["email"]).fill("camille@example.test")
    frame.get_by_label(words["box"]).check()
    page.wait_for_timeout(HASTE)
    frame.get_by_role("button", name=words["send"], exact=True).click()

    expect(frame.get_by_role("heading", level=1)).to_have_text(words["mailbox"])
    assert PendingSignup.objects.get().ticked == [form.notice.boxes.get().pk]
    assert context.cookies() == []
    context.close()


def test_a_website_that_is_not_listed_is_refused(page, host, form):
    form.origins = ["https://elsewhere.example.test"]
    form.save()
    said = Complaints().listen(page)

    page.goto(f"{host}/fr/frame/")

    expect(page.frame_locator("iframe").get_by_role("heading", level=1)).to_have_count(0)
    assert any("frame-ancestors" in complaint for complaint in said)


@pytest.mark.parametrize(("language", "script"), [("fr", True), ("en", False)])
def test_a_form_of_the_website_s_own_brings_the_details_and_the_boxes_are_ticked_on_loyal_s_page(
    browser, site, host, form, mailbox, language, script
):
    words = WORDS[language]
    context = browser.new_context(locale=language, java_script_enabled=script, viewport=PHONE)
    page = context.new_page()
    complaints = Complaints().listen(page)
    page.goto(f"{host}/{language}/form/")
    page.locator("input[name=first_name]").fill("Camille")
    page.locator("input[name=email]").fill("camille@example.test")
    page.locator("button").click()

    expect(page.get_by_role("heading", level=1)).to_have_text(words["title"])
    assert page.url == f"{site}/s/lettre/details/"
    expect(page.get_by_label(words["email"])).to_have_value("camille@example.test")
    assert not page.get_by_role("checkbox").is_checked()
    assert not PendingSignup.objects.exists()
    if script:
        assert problems(page) == []

    page.get_by_label(words["box"]).check()
    page.wait_for_timeout(HASTE)
    page.get_by_role("button", name=words["send"], exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(words["mailbox"])
    page.goto(site + confirmation_link(mailbox, "camille@example.test"))
    page.get_by_role("button", name=words["confirm"], exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()

    assert Prospect.objects.get().first_name == "Camille"
    assert Permission.objects.get().confirmed_at is not None
    assert context.cookies() == []
    assert complaints == []
    context.close()
