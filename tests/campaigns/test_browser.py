"""The workspace in a real browser: a campaign from its first word to its results, and every page for everybody."""

import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from campaigns import launch
from campaigns.models import Campaign, Message
from campaigns.paris_time import PARIS
from campaigns.recount import recount
from prospects.models import Activity, Family
from tests.factories import (
    make_campaign,
    make_consent,
    make_detail,
    make_marketer,
    make_message,
    make_organisation,
    make_purpose,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def signed_in(page, site, client, transactional_db):
    """A page of a signed-in marketer's browser, in which any complaint of the console fails the test."""
    make_organisation()
    client.force_login(make_marketer(username="claude", email="claude@maison.example.test"))
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])
    complaints = []
    # A request that the next page cuts short is no complaint.
    cut = ("htmx:afterRequest", "htmx:sendError", "htmx:sendAbort")
    page.on(
        "console",
        lambda message: (
            complaints.append(message.text) if message.type == "error" and not message.text.startswith(cut) else None
        ),
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    assert complaints == []


def test_a_campaign_from_its_first_word_to_its_results(signed_in, site, celery_processes, mailbox):
    page = signed_in
    purpose = make_purpose(name_fr="Lettre de la maison")
    for name in ("ada", "blaise"):
        reader = make_detail(f"{name}@example.test", source={"collected_at": timezone.now() - timedelta(days=1)})
        make_consent(reader, purpose)
    make_detail()

    page.goto(f"{site}/campaigns/")
    page.get_by_role("link", name="Écrire la première campagne").click()
    page.get_by_label("Nom*", exact=True).fill("Réouverture")
    page.get_by_label("Finalité").select_option(label="Lettre de la maison")
    page.get_by_label("Format").select_option(label="un texte simple, en Markdown")
    page.get_by_label("Objet").fill("Nous rouvrons, ")
    page.get_by_role("button", name="prénom").click()
    expect(page.locator("#preview .mail-subject")).to_have_text("Nous rouvrons, Camille")

    page.get_by_label("Message", exact=True).fill("Bonjour {{ prenom }}")
    expect(page.locator("#preview")).to_contain_text("Il n’y a pas de champ « prenom »")
    page.get_by_label("Message", exact=True).fill("Bonjour **{{ first_name }}**")
    expect(page.frame_locator("#preview .mail-light").locator("strong").first).to_have_text("Camille")

    page.get_by_role("button", name="Enregistrer le brouillon").click()
    expect(page.locator("#audience")).to_contain_text("2 peuvent la recevoir, 1 ne le peut pas.")

    page.get_by_role("button", name="M’envoyer un essai").click()
    expect(page.get_by_role("status").first).to_contain_text("L’essai est en route vers claude@maison.example.test")
    assert len(mailbox.to("claude@maison.example.test")) == 1

    page.get_by_role("link", name="Programmer").click()
    soon = timezone.now().astimezone(PARIS) + timedelta(minutes=2)
    page.locator("[name=day]").fill(f"{soon:%Y-%m-%d}")
    page.locator("[name=time]").fill(f"{soon:%H:%M}")
    page.get_by_role("button", name="Lire le résumé").click()
    expect(page.locator(".summary")).to_contain_text("2 peuvent la recevoir")
    page.get_by_role("button", name=re.compile("Programmer")).click()
    expect(page.get_by_role("heading", name="Prête à partir")).to_be_visible()

    # Rather than wait for minutes: the page, beat and the worker see the same row.
    Campaign.objects.update(send_at=timezone.now())
    expect(page.get_by_role("heading", name="Ce qu’elle est devenue")).to_be_visible(timeout=40_000)
    expect(page.locator("#progress")).to_contain_text("2 personnes l’ont reçue, 1 ne l’a pas reçue.")
    assert len(mailbox) == 3


def test_paused_resumed_and_cancelled_from_the_page(signed_in, site):
    page = signed_in
    campaign = make_campaign(status="running", send_at=timezone.now(), launched_at=timezone.now())
    make_message(campaign=campaign)

    page.goto(f"{site}{campaign.get_absolute_url()}")
    for link, button, heading in (
        ("Mettre en pause", "Mettre en pause", "En pause"),
        ("Reprendre", "Reprendre", "Envoi en cours"),
        ("L’annuler", "Annuler la campagne", "Ce qu’elle est devenue"),
    ):
        page.get_by_role("link", name=link).click()
        page.get_by_role("button", name=button).click()
        expect(page.get_by_role("heading", name=heading)).to_be_visible()

    assert Message.objects.get().reason == "cancelled"


def test_progress_is_watched_without_touching_the_page(signed_in, site):
    page = signed_in
    campaign = make_campaign(status="running", send_at=timezone.now(), launched_at=timezone.now())
    messages = [make_message(campaign=campaign) for _ in range(4)]
    page.goto(f"{site}{campaign.get_absolute_url()}")
    expect(page.locator("#progress")).to_contain_text("0 sur 4 traités")

    Message.objects.filter(pk=messages[0].pk).update(status="sent", ground="consent")

    expect(page.locator("#progress")).to_contain_text("1 sur 4 traités (25 %)")
    expect(page.get_by_role("progressbar")).to_have_attribute("value", "1")


@pytest.fixture
def every_page(transactional_db):
    """The address of every kind of page, of a campaign in every state."""
    now = timezone.now()
    purpose = make_purpose()
    Family.objects.create(path="garden", name_fr="Jardin", name_en="Garden")
    Activity.objects.create(slug="baker", name_fr="Boulangerie", name_en="Bakery")
    make_consent(make_detail(), purpose)
    make_detail()
    launched = make_campaign(purpose=purpose, status="scheduled", send_at=now)
    launch.launch(launched, at=now)
    Message.objects.update(status="sent", ended_at=now)
    recount(at=now)
    states = {
        status: make_campaign(purpose=purpose, status=status, send_at=now, finished_at=now)
        for status in ("draft", "scheduled", "late", "paused", "done", "cancelled")
    }
    draft = states["draft"].pk
    return [
        "/campaigns/",
        "/campaigns/all/",
        "/campaigns/segments/",
        "/campaigns/segments/new/",
        "/campaigns/new/",
        *(f"/campaigns/calendar/?span={span}&day=2027-05-01" for span in ("month", "week")),
        f"/campaigns/calendar/?day={now:%Y-%m-%d}",
        "/campaigns/calendar/2027/5/1/",
        launched.get_absolute_url(),
        *(f"{launched.get_absolute_url()}{page}/" for page in ("figures", "comparison")),
        *(campaign.get_absolute_url() for campaign in states.values()),
        *(f"/campaigns/{draft}/{page}/" for page in ("edit", "audience", "schedule", "delete")),
        "/campaigns/999999/",
    ]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_no_page_shuts_anybody_out_or_is_wider_than_its_window(
    browser, site, client, every_page, monkeypatch, language, width, scheme
):
    make_organisation()
    client.force_login(make_marketer())
    context = browser.new_context(locale=language, viewport={"width": width, "height": 800}, color_scheme=scheme)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])
    page = context.new_page()

    for address in every_page:
        page.goto(f"{site}{address}")
        page.wait_for_load_state("networkidle")
        found = Axe().run(page)
        assert found.violations_count == 0, f"{address}: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        assert page.locator("html").get_attribute("lang") == language
    context.close()
