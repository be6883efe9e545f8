"""Somebody uses their rights, and staff answer one, in a real browser, both languages, on a phone and at a desk."""

import zipfile
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.utils import timezone
from playwright.sync_api import Page, expect

from consent.models import Objection
from prospects.models import CallAttempt, Prospect, RightsRequest
from prospects.rights.handling import Noted, enter
from tests.accessibility import DESK, PHONE, Complaints, problems
from tests.prospects.rights.asked import link_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

WORDS = {
    "fr": {
        "rights": "Vos données et vos droits",
        "number": "Votre adresse e-mail ou votre numéro de téléphone",
        "stop": "Tout arrêter",
        "stopped": "C’est arrêté",
        "address": "Votre adresse e-mail",
        "send": "M’envoyer le lien",
        "sent": "Regardez dans votre boîte de réception",
        "access": "Voir mes données",
        "make": "C’est moi : préparer mon fichier",
        "ready": "Votre fichier est prêt",
        "take": "Prendre mon fichier",
        "pdf": "vos-donnees.pdf",
        "ended": "Ce lien n’est plus valable",
        "correct": "Corriger mes données",
        "first": "Prénom",
        "do_correct": "Corriger",
        "done": "C’est fait",
        "erase": "Effacer mes données",
        "do_erase": "C’est moi : effacer mes données",
        "requests": "Demandes des personnes",
        "enter": "Enregistrer une demande",
        "refuse": "Refuser",
        "why": "Pourquoi",
        "grant": "Accorder",
        "granted": "Une demande est accordée.",
        "refused": "Une demande est refusée.",
    },
    "en": {
        "rights": "Your data and your rights",
        "number": "Your e-mail address or your telephone number",
        "stop": "Stop everything",
        "stopped": "It is stopped",
        "address": "Your e-mail address",
        "send": "Mail me the link",
        "sent": "Look into your mailbox",
        "access": "See my data",
        "make": "It is me: make my file",
        "ready": "Your file is ready",
        "take": "Take my file",
        "pdf": "your-data.pdf",
        "ended": "This link has ended",
        "correct": "Correct my data",
        "first": "First name",
        "do_correct": "Correct it",
        "done": "It is done",
        "erase": "Erase my data",
        "do_erase": "It is me: erase my data",
        "requests": "Requests of people",
        "enter": "Enter a request",
        "refuse": "Refuse",
        "why": "Why",
        "grant": "Grant",
        "granted": "A request was granted.",
        "refused": "A request was refused.",
    },
}
LOOKS = {"fr": [(PHONE, "light"), (DESK, "dark")], "en": [(DESK, "light"), (PHONE, "dark")]}


class Looker:
    """Somebody at a browser who looks at each page in every light before going on."""

    def __init__(self, page: Page, site: str, language: str) -> None:
        self.page, self.site, self.language, self.words = page, site, language, WORDS[language]
        self.complaints = Complaints().listen(page)

    def look(self, title: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(self.words[title])
        for size, scheme in LOOKS[self.language]:
            self.page.set_viewport_size(size)
            self.page.emulate_media(color_scheme=scheme)
            assert problems(self.page) == []

    def open(self, path: str, title: str) -> None:
        self.page.goto(f"{self.site}{path}")
        self.look(title)

    def press(self, button: str, title: str) -> None:
        self.page.get_by_role("button", name=self.words[button], exact=True).click()
        self.look(title)


@pytest.fixture(params=["fr", "en"])
def looker(request, page, site):
    page.goto(f"{site}/?lang={request.param}")
    return Looker(page, site, request.param)


def ask(looker, mailbox, right, title):
    """Choose a right, send the form, and open the link of the mail."""
    looker.open("/rights/", "rights")
    looker.page.get_by_label(looker.words[right], exact=True).check()
    looker.page.get_by_label(looker.words["address"], exact=True).fill("camille@example.test")
    looker.press("send", "sent")
    looker.open(link_in(mailbox), title)


def test_somebody_uses_their_rights_one_after_the_other(looker, mailbox, detail):
    page, words = looker.page, looker.words
    page.goto(f"{looker.site}/")
    page.get_by_role("link", name=words["rights"]).click()
    looker.look("rights")
    looker.press("send", "rights")
    expect(page.get_by_role("alert")).to_have_count(2)
    page.get_by_label(words["number"]).fill("camille@example.test")
    looker.press("stop", "stopped")
    assert Objection.objects.get().channel is None

    ask(looker, mailbox, "access", "access")
    link = link_in(mailbox)
    looker.press("make", "ready")
    with page.expect_download() as download:
        page.get_by_role("button", name=words["take"]).click()
    with zipfile.ZipFile(download.value.path()) as archive:
        assert words["pdf"] in archive.namelist()
    looker.open(link, "ended")

    ask(looker, mailbox, "correct", "correct")
    page.get_by_label(words["first"]).fill("Dominique")
    looker.press("do_correct", "done")
    assert Prospect.objects.get().first_name == "Dominique"

    ask(looker, mailbox, "erase", "erase")
    looker.press("do_erase", "done")
    assert not Prospect.objects.exists()
    assert looker.complaints == []
    assert [cookie["name"] for cookie in page.context.cookies()] == ["django_language"]


def test_staff_answer_what_waits(looker, mailbox, detail, client):
    page, words = looker.page, looker.words
    staff = User.objects.create_user("camille", password="a long password", is_staff=True)
    staff.groups.add(Group.objects.get(name="Data protection"))
    CallAttempt.objects.create(prospect=detail.prospect, at=timezone.now(), note="his wife answered")
    for right in ("access", "erasure"):
        came = timezone.now() - timedelta(days=20)
        enter(Noted(right, "email", detail.address, "letter", came, "signature", "fr"), by=staff, at=came)
    client.force_login(staff)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": looker.site}],
    )
    looker.open("/prospects/requests/", "requests")
    page.get_by_role("link", name=words["enter"]).click()
    looker.look("enter")

    looker.page.goto(f"{looker.site}/prospects/requests/")
    page.get_by_role("link", name="№").first.click()
    assert problems(page) == []
    page.get_by_role("button", name=words["grant"]).click()
    expect(page.get_by_role("status")).to_contain_text(words["granted"])
    assert problems(page) == []

    looker.page.goto(f"{looker.site}/prospects/requests/")
    page.get_by_role("link", name="№").first.click()
    page.get_by_text(words["refuse"], exact=True).first.click()
    page.locator("#id_refuse-why").fill("Déjà fait.")
    page.get_by_role("button", name=words["refuse"]).click()
    expect(page.get_by_role("status")).to_contain_text(words["refused"])
    looker.open("/prospects/requests/", "requests")

    assert set(RightsRequest.objects.values_list("status", flat=True)) == {"done", "refused"}
    assert looker.complaints == []


def test_rights_need_no_script(browser, site, mailbox, detail):
    with browser.new_context(java_script_enabled=False, locale="fr-FR") as context:
        page, words = context.new_page(), WORDS["fr"]
        page.goto(f"{site}/rights/")
        page.get_by_label(words["erase"], exact=True).check()
        page.get_by_label(words["address"], exact=True).fill("camille@example.test")
        page.get_by_role("button", name=words["send"]).click()
        page.goto(f"{site}{link_in(mailbox)}")
        page.get_by_role("button", name=words["do_erase"]).click()

        assert context.cookies() == []
    assert not Prospect.objects.exists()
