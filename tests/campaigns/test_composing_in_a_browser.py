"""The composer in a real browser: sections by the keyboard, drafts saved as one types, every page for everybody."""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from campaigns import launch, starts
from campaigns.illustrations import add
from campaigns.models import Campaign
from campaigns.sections import blank
from tests.accessibility import DESK, PHONE, problems
from tests.campaigns.test_sections import BUTTON, HEADING, TEXT, png
from tests.factories import make_campaign, make_marketer, make_organisation, make_purpose

pytestmark = pytest.mark.django_db(transaction=True)

SAVED = {"fr": "Enregistré à", "en": "Saved at"}


@pytest.fixture
def marketer(transactional_db):
    make_organisation()
    return make_marketer(username="claude", email="claude@maison.example.test")


@pytest.fixture
def opened(browser, site, client, marketer):
    """Opens a signed-in marketer's page in a language and a window."""
    contexts = []

    def open_page(language="fr", window=DESK, scheme="light"):
        client.force_login(marketer)
        context = browser.new_context(locale=language, viewport=window, color_scheme=scheme)
        context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_sections_are_written_moved_and_saved_by_the_keyboard_alone(opened, site, language):
    purpose = make_purpose(name_en="Offers")
    page = opened(language)
    page.goto(f"{site}/campaigns/new/")
    keyboard = page.keyboard

    page.locator("[name=subject]").focus()
    keyboard.type("Nos nouvelles")
    page.locator("[name=section-0-text]").focus()
    keyboard.type("Bonjour")
    page.locator("[value='add:button']").focus()
    keyboard.press("Enter")
    expect(page.locator("[name=section-2-words]")).to_be_focused()
    keyboard.type("Voir")
    keyboard.press("Tab")
    keyboard.type("https://shop.example.test/")

    page.locator("[value='up:2']").focus()
    keyboard.press("Enter")
    expect(page.locator("[value='up:1']")).to_be_focused()
    keyboard.press("Space")
    expect(page.locator("[name=section-0-words]")).to_have_value("Voir")
    expect(page.locator("[value='down:0']")).to_be_focused()

    page.locator("[name=section-1-text]").focus()
    keyboard.press("End")
    keyboard.type(", ")
    page.locator("[data-field=first_name]").focus()
    with page.expect_response(
        lambda answer: "autosave" in answer.url and "first_name" in (answer.request.post_data or "")
    ):
        keyboard.press("Enter")
    expect(page.locator("[name=section-1-text]")).to_have_value("Bonjour, {{ first_name }}")

    expect(page.frame_locator("#preview .mail-light").locator("h1")).to_have_text("Bonjour, Camille")
    expect(page.locator("#saved")).to_contain_text(SAVED[language])
    expect(page).to_have_url(re.compile(r"/campaigns/\d+/edit/$"))
    page.reload()
    expect(page.locator("[name=section-1-text]")).to_have_value("Bonjour, {{ first_name }}")
    campaign = Campaign.objects.get()
    assert [section["kind"] for section in campaign.sections] == ["button", "heading", "text"]
    assert (campaign.subject, campaign.purpose) == ("Nos nouvelles", purpose)


def test_a_picture_is_brought_into_a_section_and_seen_in_the_mail(opened, site):
    campaign = make_campaign(format="sections", sections=[blank("image"), TEXT], body="")
    page = opened()
    page.goto(f"{site}/campaigns/{campaign.pk}/edit/")

    page.locator("[name=section-0-picture-file]").set_input_files(
        {"name": "Le pré.png", "mimeType": "image/png", "buffer": png().read()}
    )
    expect(page.get_by_role("img", name="Le pré")).to_be_visible()
    page.locator("[name=section-0-alternative]").fill("Un pré au printemps")

    expect(page.frame_locator("#preview .mail-light").get_by_role("img")).to_have_attribute(
        "alt", "Un pré au printemps"
    )
    page.get_by_text("Texte seul").click()
    expect(page.locator("#preview .mail-text")).to_contain_text("Un pré au printemps")
    expect(page.locator("#saved")).to_contain_text("Enregistré à")


def test_two_people_who_write_at_once_lose_nothing(opened, site, marketer):
    campaign = make_campaign(format="sections", sections=[HEADING, TEXT], body="")
    page = opened()
    page.goto(f"{site}/campaigns/{campaign.pk}/edit/")
    blaise = make_marketer(username="blaise")
    launch.edit(Campaign.objects.get(pk=campaign.pk), by=blaise, subject="De Blaise")

    page.locator("[name=subject]").fill("De Claude")
    expect(page.locator("#saved")).to_contain_text("blaise a modifié cette campagne")
    campaign.refresh_from_db()
    assert campaign.subject == "De Blaise"

    page.locator(".writing-end").get_by_role("button", name="Enregistrer le brouillon").click()
    expect(page.locator("main")).to_contain_text("Cette campagne a été modifiée pendant que vous écriviez")
    page.locator(".writing-end").get_by_role("button", name="Enregistrer le brouillon").click()
    expect(page).to_have_url(f"{site}{campaign.get_absolute_url()}")
    campaign.refresh_from_db()
    assert campaign.subject == "De Claude"
    assert "De Blaise" in [version.content["subject"] for version in campaign.versions.all()]


def test_a_session_that_ends_while_one_writes_loses_nothing(opened, site, client, marketer):
    campaign = make_campaign()
    page = opened()
    page.goto(f"{site}/campaigns/{campaign.pk}/edit/")
    Session.objects.all().delete()

    page.locator("[name=body]").fill("Écrit après la fin")
    expect(page.locator("#saved")).to_contain_text("Votre session a pris fin")
    expect(page.locator("[name=body]")).to_have_value("Écrit après la fin")

    client.force_login(marketer)
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])
    page.get_by_role("button", name="Je me suis reconnecté").click()
    expect(page.locator("#saved")).to_contain_text("Enregistré à")
    campaign.refresh_from_db()
    assert campaign.body == "Écrit après la fin"


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(("window", "scheme"), [(PHONE, "light"), (DESK, "dark")])
def test_no_page_of_the_composer_shuts_anybody_out(opened, site, marketer, language, window, scheme):
    picture = add(png(), by=marketer)
    make_purpose(name_en="Offers")
    written = [HEADING, blank("image") | {"picture": picture.picture_id, "alternative": "Un pré"}, TEXT, BUTTON]
    written += [blank("columns") | {"left_text": "Un"}, blank("divider"), blank("spacer"), blank("footnote")]
    campaign = make_campaign(format="sections", sections=written, body="", subject="ATTENTION, LISEZ CECI !!")
    launch.edit(campaign, by=marketer, subject="Une fois")
    launch.edit(Campaign.objects.get(pk=campaign.pk), by=marketer, subject="Deux fois")
    starts.save(Campaign.objects.get(pk=campaign.pk), by=marketer)
    number = campaign.versions.last().number
    page = opened(language, window, scheme)

    for address in ("templates/", "pictures/", f"{campaign.pk}/versions/", f"{campaign.pk}/versions/{number}/"):
        page.goto(f"{site}/campaigns/{address}")
        assert problems(page) == [], address

    page.goto(f"{site}/campaigns/{campaign.pk}/edit/")
    expect(page.locator("#preview .mail-light")).to_be_visible()
    for look in ("desk", "phone", "dark", "text"):
        page.locator(f"label[for=look-{look}]").click()
        assert problems(page) == [], look
    for form in ("markdown", "mjml", "sections"):
        page.locator("[name=format]").select_option(form)
        expect(page.locator("[name=body]")).to_be_visible(visible=form != "sections")
        assert problems(page) == [], form
    assert page.locator("html").get_attribute("lang") == language
