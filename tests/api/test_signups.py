"""A program brings details, never a consent: their owner is asked on Loyal's page, and that press alone counts."""

import re

import pytest

from consent.models import Act, Objection, Permission
from prospects.models import ContactDetail, PendingSignup, Prospect, Source
from tests.factories import make_detail, make_form, make_notice, make_purpose
from tests.mailbox import text_of
from tests.prospects.signing_up import confirmation_link, mail_again_tomorrow

pytestmark = pytest.mark.django_db


@pytest.fixture
def newsletter(program):
    return make_form(slug="lettre", asks_name=True, asks_phone=True)


def signup(form, email="Camille@Example.test", **more):
    person = {"email": email, "first_name": "Camille", "language": "en"} | more
    return {"form": form.slug, "version": form.notice.version, "person": person, "page": "https://shop.example.test/"}


def choose(client, link, *, tick=(), **pressed):
    """Open the page that the mail leads to, tick, and press its button."""
    page = client.get(link).content.decode()
    seen = re.search(r'name="seen" value="(\w+)"', page)
    ticked = {f"box_{box.pk}": "on" for box in tick}
    return client.post(link, {"seen": seen.group(1) if seen else "", **ticked, **pressed})


def test_a_signup_is_received_and_nobody_is_known_before_they_answer_its_mail(program, mailbox, newsletter):
    answer = program.post("/signups", signup(newsletter))

    assert (answer.status_code, answer.json()) == (202, {"status": "to_confirm"})
    assert not Prospect.objects.exists()
    assert not Act.objects.exists()


def test_the_answer_is_the_same_for_whoever_is_known(program, newsletter):
    stranger = program.post("/signups", signup(newsletter))
    make_detail("known@example.test")
    known = program.post("/signups", signup(newsletter, "known@example.test"))

    assert (known.status_code, known.content) == (stranger.status_code, stranger.content)


@pytest.mark.parametrize("extra", [{"ticked": [1]}, {"box_1": "on"}, {"consent": True}])
def test_no_tick_is_accepted_from_a_program(program, newsletter, extra):
    assert program.post("/signups", signup(newsletter) | extra).status_code == 422
    assert program.post("/signups", signup(newsletter, **extra)).status_code == 422
    assert not PendingSignup.objects.exists()


def test_a_version_of_the_notice_that_is_shown_no_more_is_a_conflict(program, newsletter):
    answer = program.post("/signups", signup(newsletter) | {"version": newsletter.notice.version + 1})

    assert (answer.status_code, answer.json()["type"]) == (409, "urn:loyal:problem:notice")


def test_a_form_that_is_closed_is_not_found(program, newsletter):
    newsletter.is_open = False
    newsletter.save()

    assert program.post("/signups", signup(newsletter)).status_code == 404


def test_what_the_form_does_not_ask_for_is_refused(program):
    form = make_form(asks_name=True)

    assert program.post("/signups", signup(form, phone="01 99 00 12 34")).status_code == 422
    assert program.post("/signups", signup(make_form())).status_code == 422


def test_the_page_of_the_mail_shows_the_notice_and_every_box_unticked(program, client, mailbox, newsletter):
    program.post("/signups", signup(newsletter))
    link = confirmation_link(mailbox, "camille@example.test")

    page = client.get(link).content.decode()

    box = newsletter.notice.boxes.get()
    assert newsletter.notice.information_en in page
    assert f'name="box_{box.pk}"' in page
    assert "checked" not in page
    assert "required" not in page
    assert "No box was ticked for you" in text_of(mailbox.to("camille@example.test")[-1])


def test_that_press_is_the_consent_with_the_wording_shown_there_and_its_proof(program, client, mailbox, newsletter):
    box = newsletter.notice.boxes.get()
    program.post("/signups", signup(newsletter))
    sent = PendingSignup.objects.get()
    link = confirmation_link(mailbox, "camille@example.test")
    client.defaults["REMOTE_ADDR"] = "203.0.113.77"

    page = choose(client, link, tick=[box])

    assert "Thank you, it is confirmed" in page.content.decode()
    informed, given, confirmed = Act.objects.order_by("pk")
    assert [act.kind for act in (informed, given, confirmed)] == ["informed", "given", "confirmed"]
    assert (given.box, given.notice, given.language) == (box, newsletter.notice, "en")
    assert given.at > sent.signed_up_at
    mailed_at = given.evidence.pop("mailed_at")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", mailed_at)
    assert given.evidence == {
        "page": "https://loyal.example.test/c/",
        "details_from": "https://shop.example.test/",
        "network": "203.0.113.0/24",
        "form": "lettre",
    }
    assert Permission.objects.get().confirmed_at is not None
    assert Source.objects.get().place == "https://shop.example.test/"
    assert Prospect.objects.get().first_name == "Camille"


def test_whoever_ticks_nothing_is_signed_up_to_nothing_is_told_so_and_gets_what_the_form_gives(
    program, client, mailbox, newsletter
):
    newsletter.resource, newsletter.resource_text_en = "answer", "The answer is 42."
    newsletter.save()
    program.post("/signups", signup(newsletter))

    page = choose(client, confirmation_link(mailbox, "camille@example.test")).content.decode()

    assert "You ticked nothing" in page
    assert "The answer is 42." in page
    assert not Act.objects.exists()
    assert not Prospect.objects.exists()
    assert PendingSignup.objects.get().answers == {}


def test_whoever_says_that_it_was_not_them_has_all_of_it_erased(program, client, mailbox, newsletter):
    program.post("/signups", signup(newsletter))

    choose(client, confirmation_link(mailbox, "camille@example.test"), tick=newsletter.notice.boxes.all(), refuse="")

    assert PendingSignup.objects.get().answers == {}
    assert not Act.objects.exists()


def test_a_tick_on_a_page_that_showed_other_details_does_not_count(program, client, mailbox, newsletter):
    box = newsletter.notice.boxes.get()
    program.post("/signups", signup(newsletter))
    link = confirmation_link(mailbox, "camille@example.test")
    seen = re.search(r'name="seen" value="(\w+)"', client.get(link).content.decode()).group(1)
    program.post("/signups", signup(newsletter, first_name="Dominique"))

    page = client.post(link, {"seen": seen, f"box_{box.pk}": "on"}).content.decode()

    assert "has changed since you opened it" in page
    assert "checked" not in page
    assert not Act.objects.exists()


def test_a_tick_read_in_one_language_does_not_count_in_another(program, client, mailbox, newsletter):
    box = newsletter.notice.boxes.get()
    program.post("/signups", signup(newsletter))
    link = confirmation_link(mailbox, "camille@example.test")
    seen = re.search(r'name="seen" value="(\w+)"', client.get(link).content.decode()).group(1)

    client.post(f"{link}?lang=fr", {"seen": seen, f"box_{box.pk}": "on"})

    assert not Act.objects.exists()


def test_boxes_are_asked_only_about_the_addresses_that_were_given(program, client, mailbox):
    offers = make_purpose()
    notice = make_notice({"purpose": offers}, {"purpose": offers, "channel": "sms"})
    form = make_form(notice=notice, asks_name=True, asks_phone=True)
    email, sms = notice.boxes.order_by("pk")
    program.post("/signups", signup(form))
    link = confirmation_link(mailbox, "camille@example.test")

    assert f"box_{sms.pk}" not in client.get(link).content.decode()
    choose(client, link, tick=[email, sms])

    assert [act.channel for act in Act.objects.filter(kind="given")] == ["email"]


def test_a_refusal_ticked_there_is_recorded(program, client, mailbox):
    notice = make_notice({"channel": "post", "kind": "opt_out"})
    form = make_form(notice=notice, asks_name=True, asks_post=True)
    program.post("/signups", signup(form, post="Camille Exemple\n1 rue des Essais\n75001 Paris"))

    choose(client, confirmation_link(mailbox, "camille@example.test"), tick=notice.boxes.all())

    assert Objection.objects.get().channel == "post"
    assert not ContactDetail.objects.exists()


def test_an_address_gets_one_mail_a_day_however_often_a_program_asks(program, mailbox, newsletter):
    for _ in range(3):
        program.post("/signups", signup(newsletter))
        confirmation_link(mailbox, "camille@example.test")

    assert len(mailbox.to("camille@example.test")) == 1

    for _ in range(4):
        mail_again_tomorrow()
        program.post("/signups", signup(newsletter))
        confirmation_link(mailbox, "camille@example.test")
    assert len(mailbox.to("camille@example.test")) == 3
