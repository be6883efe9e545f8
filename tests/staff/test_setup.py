"""The set-up path: from an empty installation to an open form and a mail that arrives."""

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import expect

from consent.models import Notice, Organisation, Purpose, Sender, SignupForm
from consent.publishing import checks_now
from staff.setup.forms import NoticeStep
from staff.setup.steps import steps
from tests.accessibility import DESK, PHONE, problems
from tests.factories import make_organisation
from tests.mailbox import text_of

ORGANISATION = {"name": "Maison Exemple", "address": "1 rue des Essais\n75001 Paris", "email": "bonjour@example.test"}

SENDER = {"name": "Maison", "address": "lettre@example.test"}


def make_administrator(**fields):
    user = User.objects.create_user("ada", is_staff=True, **{"email": "ada@maison.example.test", **fields})
    user.groups.add(Group.objects.get(name="Administrators"))
    return user


@pytest.fixture
def client(client, db):
    client.force_login(make_administrator())
    return client


def step(slug):
    return reverse("setup_step", args=[slug])


def published(client):
    make_organisation(sender_name="", sender_email="")
    return client.post(step("notice"), NoticeStep.to_start_from(Organisation.objects.current()))


def test_an_empty_installation_offers_the_path_and_starts_at_its_beginning(client):
    assert reverse("setup") in client.get("/admin/").content.decode()
    assert client.get(reverse("setup")).url == step("organisation")


def test_the_path_is_taken_up_where_it_was_left(client):
    client.post(step("organisation"), ORGANISATION)

    assert client.get(reverse("setup")).url == step("notice")
    assert [one.is_done for one in steps()] == [True, False, False, False]


@pytest.mark.parametrize("slug", ["notice", "form", "sender"])
def test_no_step_comes_before_those_it_needs(client, slug):
    assert client.get(step(slug)).url == reverse("setup")
    assert client.post(step(slug), {}).url == reverse("setup")


def test_the_words_to_start_from_satisfy_every_check_of_the_law(client):
    published(client)

    notice = Notice.objects.get()
    with translation.override("fr"):
        assert [check.fault for check in checks_now(notice, at=notice.published_at) if not check.is_met] == []


def test_a_notice_that_the_law_forbids_is_not_kept_and_the_page_says_why(client):
    make_organisation()
    words = NoticeStep.to_start_from(Organisation.objects.current())
    page = client.post(step("notice"), words | {"information_fr": "Maison Exemple vous écrira."})

    assert "La notice ne dit pas" in page.content.decode()
    assert not Notice.objects.exists()
    assert not Purpose.objects.exists()


def test_a_text_with_a_box_of_its_own_is_refused(client):
    make_organisation()
    words = NoticeStep.to_start_from(Organisation.objects.current())
    client.post(step("notice"), words | {"information_en": words["information_en"] + "<input type=checkbox checked>"})

    assert not Notice.objects.exists()


def test_the_form_is_open_and_shows_its_box_unticked(client):
    published(client)
    client.post(step("form"), {"title_fr": "Notre lettre", "title_en": "Our newsletter"})

    form = SignupForm.objects.get()
    page = client.get(form.get_absolute_url()).content.decode()
    assert form.slug == "notre-lettre"
    assert "lettre d’information de Maison Exemple" in page
    assert "checked" not in page


def test_the_last_step_sends_a_test_to_whoever_is_signed_in_and_to_nobody_else(client, mailbox):
    published(client)
    client.post(step("form"), {"title_fr": "Notre lettre"})
    client.post(step("sender"), {"name": "Maison", "address": "lettre@example.test", "test_to": "x@example.test"})

    (mail,) = mailbox
    assert mail["To"] == "ada@maison.example.test"
    assert mail["From"] == "Maison <lettre@example.test>"
    assert "Voici l’essai" in text_of(mail)
    assert "Tout est prêt" in client.get(reverse("setup")).content.decode()


def test_a_mail_server_that_is_away_leaves_the_step_open_and_what_was_entered_kept(client, settings):
    published(client)
    client.post(step("form"), {"title_fr": "Notre lettre"})
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    page = client.post(step("sender"), SENDER)

    assert "pas pris l’essai" in page.content.decode()
    assert Sender.objects.default().address == "lettre@example.test"
    assert client.get(reverse("setup")).url == step("sender")


def test_whoever_has_no_address_gives_one_for_the_test(client, mailbox):
    User.objects.update(email="")
    published(client)
    client.post(step("form"), {"title_fr": "Notre lettre"})
    client.post(
        step("sender"),
        {"name": "M", "address": "lettre@example.test", "test_to": "ada@maison.example.test"},
    )

    assert mailbox[0]["To"] == User.objects.get().email == "ada@maison.example.test"


WORDS = {
    "fr": ("Nom", "Adresse postale", "E-mail pour les questions", "Enregistrer et continuer", "Publier et continuer"),
    "en": ("Name", "Postal address", "E-mail for questions", "Keep and go on", "Publish and go on"),
}
LAST = {
    "fr": ("Ouvrir le formulaire et continuer", "Enregistrer, et m’envoyer un essai", "Tout est prêt"),
    "en": ("Open the form and go on", "Keep, and send me a test", "Everything is set up"),
}


@pytest.mark.parametrize(("language", "size"), [("fr", PHONE), ("en", DESK)])
def test_an_administrator_sets_up_an_empty_installation_in_a_browser(
    browser, site, transactional_db, client, mailbox, language, size
):
    context = browser.new_context(locale=language, viewport=size)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])
    page = context.new_page()
    name, address, email, keep, publish = WORDS[language]
    open_form, send, done = LAST[language]

    page.goto(f"{site}/start/")
    page.locator(f'a[href="{reverse("setup")}"]').click()
    assert problems(page) == []
    page.get_by_label(name, exact=False).first.fill("Maison Exemple")
    page.get_by_label(address).fill("1 rue des Essais\n75001 Paris")
    page.get_by_label(email).fill("bonjour@example.test")
    page.get_by_role("button", name=keep).click()
    expect(page.get_by_role("button", name=publish)).to_be_visible()
    assert problems(page) == []
    page.get_by_role("button", name=publish).click()
    expect(page.get_by_role("button", name=open_form)).to_be_visible()
    assert problems(page) == []
    page.get_by_role("button", name=open_form).click()
    expect(page.get_by_role("button", name=send)).to_be_visible()
    assert problems(page) == []
    page.get_by_role("button", name=send).click()
    expect(page.get_by_role("heading", name=done)).to_be_visible()
    assert problems(page) == []

    page.goto(site + SignupForm.objects.get().get_absolute_url())
    assert page.locator("input[type=checkbox]").count() == 1
    assert page.locator("input[type=checkbox]:checked").count() == 0
    assert [mail["To"] for mail in mailbox] == ["ada@maison.example.test"]
    context.close()
