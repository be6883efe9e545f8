"""The mail that welcomes whoever confirmed: once, in the visitor's language, with its way out; and the refusal."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from consent.acts import record_stop
from consent.models import Objection, Organisation, Permission
from consent.pictures import keep_picture
from prospects.models import ContactDetail, PendingSignup
from prospects.tasks import send_confirmation_mails
from tests.consent.test_organisation import logo
from tests.factories import make_form, make_organisation
from tests.mailbox import text_of
from tests.prospects.signing_up import confirmation_link, press, send, sign_up_and_confirm

pytestmark = pytest.mark.django_db


@pytest.fixture
def form():
    make_organisation()
    return make_form(
        slug="lettre",
        welcome_subject_fr="Bienvenue parmi nos lecteurs",
        welcome_subject_en="Welcome among our readers",
        welcome_text_fr="La lettre paraît **le jeudi**.",
        welcome_text_en="The letter comes out **on Thursdays**.",
    )


def confirm(client, mailbox, form, email="zoe@example.test"):
    sign_up_and_confirm(client, mailbox, form, email, tick=form.notice.boxes.all())


def welcomes(mailbox, subject="Bienvenue parmi nos lecteurs"):
    return [mail for mail in mailbox.to("zoe@example.test") if mail["Subject"] == subject]


@pytest.mark.parametrize(
    ("language", "subject", "said"),
    [
        ("fr", "Bienvenue parmi nos lecteurs", "La lettre paraît"),
        ("en", "Welcome among our readers", "The letter comes out"),
    ],
)
def test_whoever_confirms_is_welcomed_once_in_their_language(client, mailbox, form, language, subject, said):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    confirm(client, mailbox, form)
    assert welcomes(mailbox, subject) == []

    send_confirmation_mails()
    send_confirmation_mails()

    (mail,) = welcomes(mailbox, subject)
    assert said in text_of(mail)
    assert "<strong>" in mail.get_body(("html",)).get_content()


def test_a_welcome_says_how_to_stop_and_its_links_stop_what_was_agreed_to(client, mailbox, form):
    confirm(client, mailbox, form)
    send_confirmation_mails()
    (mail,) = welcomes(mailbox)

    stop = re.fullmatch(r"<https://loyal\.example\.test(/u/\S+/)>", mail["List-Unsubscribe"].strip()).group(1)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert stop in text_of(mail)
    client.post(stop)

    assert Objection.objects.get().purpose == Permission.objects.get().purpose


def test_nobody_is_welcomed_before_the_button_nor_by_a_form_that_welcomes_nobody(client, mailbox, form):
    send(client, form, tick=form.notice.boxes.all(), email="zoe@example.test")
    confirm(client, mailbox, make_form(slug="autre"), "robin@example.test")
    send_confirmation_mails()

    assert welcomes(mailbox) == []
    assert not PendingSignup.objects.filter(welcome_due=True).exists()


def test_whoever_stopped_in_between_is_not_welcomed(client, mailbox, form):
    confirm(client, mailbox, form)
    record_stop(
        ContactDetail.objects.get().address_key, channel="email", purpose_id=None, at=timezone.now(), origin="stop_link"
    )
    send_confirmation_mails()

    assert welcomes(mailbox) == []


def test_whoever_was_erased_in_between_is_not_welcomed(client, mailbox, form):
    confirm(client, mailbox, form)
    ContactDetail.objects.get().prospect.delete()
    send_confirmation_mails()

    assert welcomes(mailbox) == []


def test_a_welcome_that_did_not_leave_is_due_again(client, mailbox, form, settings):
    confirm(client, mailbox, form)
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    send_confirmation_mails()
    settings.EMAIL_PORT = port
    send_confirmation_mails()

    assert len(welcomes(mailbox)) == 1


@pytest.mark.parametrize(
    "fields", [{"welcome_text_fr": "Bonjour"}, {"welcome_text_fr": "<input>", "welcome_subject_fr": "x"}]
)
def test_a_welcome_needs_a_subject_and_holds_no_form_control(fields):
    form = make_form()
    for name, value in fields.items():
        setattr(form, name, value)
    with pytest.raises(ValidationError):
        form.full_clean()


# ---- Refusing weighs the same ----


def test_whoever_reads_the_mail_may_erase_what_was_typed_at_once(client, mailbox, form):
    send(client, form, tick=form.notice.boxes.all(), email="zoe@example.test")
    link = confirmation_link(mailbox, "zoe@example.test")

    page = client.post(link, {"refuse": ""}).content.decode()

    pending = PendingSignup.objects.get()
    assert "C’est effacé" in page
    assert (pending.answers, pending.ticked, pending.network) == ({}, [], "")
    assert "C’est effacé" in client.get(link).content.decode()
    assert "C’est effacé" in press(client, link).content.decode()
    assert not ContactDetail.objects.exists()


def test_a_refusal_costs_nobody_a_second_mail_that_day_and_the_first_one_works_for_a_new_signup(client, mailbox, form):
    send(client, form, tick=form.notice.boxes.all(), email="zoe@example.test")
    link = confirmation_link(mailbox, "zoe@example.test")
    client.post(link, {"refuse": ""})
    send(client, form, tick=form.notice.boxes.all(), email="zoe@example.test")
    send_confirmation_mails()
    assert len(mailbox.to("zoe@example.test")) == 1

    press(client, link)

    assert ContactDetail.objects.get().address == "zoe@example.test"


def test_a_refusal_after_the_confirmation_takes_nothing_back(client, mailbox, form):
    send(client, form, tick=form.notice.boxes.all(), email="zoe@example.test")
    link = confirmation_link(mailbox, "zoe@example.test")
    press(client, link)

    assert "Vous aviez déjà confirmé" in client.post(link, {"refuse": ""}).content.decode()
    assert ContactDetail.objects.exists()


def test_a_mail_bears_the_organisations_logo_and_its_name_where_no_picture_is_shown(client, mailbox, form):
    Organisation.objects.update(logo=keep_picture(logo(), max_width=480))
    send(client, form, tick=form.notice.boxes.all(), email="zoe@example.test")
    send_confirmation_mails()

    html = mailbox.to("zoe@example.test")[-1].get_body(("html",)).get_content()
    picture = re.search(r'<img[^>]*src="https://loyal\.example\.test(/[^"]+)"[^>]*alt="Maison Exemple"', html)
    assert client.get(picture.group(1)).status_code == 200
