"""The whole way of a signup, through the pages, the database and a real mail server."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consent.acts import record_stop
from consent.models import Act, Objection, Permission
from prospects.models import ContactDetail, Interaction, PendingSignup, Prospect, Source
from prospects.tasks import erase_expired_signups, send_confirmation_mails
from tests.factories import make_form, make_notice, make_organisation, make_purpose
from tests.mailbox import text_of
from tests.prospects.signing_up import (
    confirmation_link,
    mail_again_tomorrow,
    press,
    send,
    sign_up_and_confirm,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _organisation(db):
    make_organisation()


@pytest.fixture
def newsletter():
    return make_form(slug="lettre", title_en="Our newsletter", asks_name=True)


def test_nobody_is_a_prospect_before_the_button_is_pressed(client, mailbox, newsletter):
    page = send(client, newsletter, tick=newsletter.notice.boxes.all(), email="camille@example.test")
    assert page.status_code == 200
    link = confirmation_link(mailbox, "camille@example.test")
    client.get(link)

    assert not Prospect.objects.exists()
    assert not Act.objects.exists()

    press(client, link)

    assert ContactDetail.objects.get().address == "camille@example.test"
    permission = Permission.objects.get()
    assert permission.confirmed_at is not None
    assert permission.withdrawn_at is None


def test_confirmation_records_the_person_the_source_and_the_proof(client, mailbox, newsletter):
    box = newsletter.notice.boxes.get()
    client.defaults["REMOTE_ADDR"] = "203.0.113.77"
    sign_up_and_confirm(client, mailbox, newsletter, "camille@example.test", tick=[box], first_name="Camille")

    source = Source.objects.get()
    assert (source.kind, source.informed, source.notice) == ("form", True, newsletter.notice)
    assert source.place == "https://loyal.example.test/s/lettre/"
    assert source.evidence["network"] == "203.0.113.0/24"
    informed, given, confirmed = Act.objects.order_by("pk")
    assert [act.kind for act in (informed, given, confirmed)] == ["informed", "given", "confirmed"]
    assert given.box == box and given.notice == newsletter.notice and given.language == "fr"
    assert given.needs_confirmation and confirmed.about == given and confirmed.at > given.at
    assert given.evidence == {
        "page": "https://loyal.example.test/s/lettre/",
        "network": "203.0.113.0/24",
        "form": "lettre",
    }
    assert Prospect.objects.get().first_name == "Camille"
    assert [interaction.kind for interaction in Interaction.objects.order_by("at")] == ["signed_up", "confirmed"]


def test_what_was_typed_is_emptied_once_confirmed(client, mailbox, newsletter):
    sign_up_and_confirm(client, mailbox, newsletter, "camille@example.test", tick=newsletter.notice.boxes.all())

    pending = PendingSignup.objects.get()
    assert (pending.status, pending.answers, pending.ticked, pending.network) == ("confirmed", {}, [], "")


def test_who_ticks_nothing_leaves_nothing_and_is_told_so(client, mailbox, newsletter):
    page = send(client, newsletter, email="camille@example.test", first_name="Camille")
    send_confirmation_mails()

    assert "nous n’avons rien gardé" in page.content.decode()
    assert not PendingSignup.objects.exists()
    assert mailbox == []


def test_a_ticked_box_without_its_address_is_asked_about_and_stays_ticked(client, newsletter):
    box = newsletter.notice.boxes.get()
    page = send(client, newsletter, tick=[box], email="", first_name="Camille")

    content = page.content.decode()
    assert page.status_code == 200
    assert "Saisissez votre adresse e-mail" in content
    assert content.count("checked") == 1
    assert not PendingSignup.objects.exists()


def test_the_mail_holds_nothing_that_the_visitor_wrote(client, mailbox, newsletter):
    send(
        client,
        newsletter,
        tick=newsletter.notice.boxes.all(),
        email="camille@example.test",
        first_name="BUYNOW http://spam.example.test",
        last_name="CLICKHERE",
    )
    send_confirmation_mails()

    mail = mailbox.to("camille@example.test")[0]
    for part in (mail["Subject"], text_of(mail), text_of(mail, "html")):
        assert "BUYNOW" not in part and "CLICKHERE" not in part and "spam" not in part


def test_the_mail_speaks_the_language_of_the_form_that_was_shown(client, mailbox, newsletter):
    client.get("/?lang=en")
    send(client, newsletter, tick=newsletter.notice.boxes.all(), email="sam@example.test")
    send_confirmation_mails()

    mail = mailbox.to("sam@example.test")[0]
    assert "please confirm" in mail["Subject"]
    assert "I agree to receive offers by e-mail." in text_of(mail)
    assert mail["Auto-Submitted"] == "auto-generated"


def test_signing_up_twice_asks_once_and_keeps_the_latest_wish(client, mailbox):
    news, offers = make_purpose(), make_purpose()
    notice = make_notice({"purpose": news, "channel": "email"}, {"purpose": offers, "channel": "email"})
    form = make_form(notice=notice)
    first, second = notice.boxes.order_by("pk")

    send(client, form, tick=[first], email="camille@example.test")
    send_confirmation_mails()
    send(client, form, tick=[second], email="CAMILLE@Example.Test")
    send_confirmation_mails()

    assert len(mailbox) == 1
    assert PendingSignup.objects.get().ticked == [second.pk]
    press(client, confirmation_link(mailbox, "camille@example.test"))
    assert Permission.objects.get().purpose == offers


def test_signing_up_again_after_confirming_makes_no_second_person(client, mailbox, newsletter):
    boxes = newsletter.notice.boxes.all()
    sign_up_and_confirm(client, mailbox, newsletter, "camille@example.test", tick=boxes)
    mail_again_tomorrow()
    sign_up_and_confirm(client, mailbox, newsletter, "Camille@EXAMPLE.test", tick=boxes)

    assert Prospect.objects.count() == ContactDetail.objects.count() == Permission.objects.count() == 1


def test_confirming_twice_is_answered_kindly_and_records_once(client, mailbox, newsletter):
    send(client, newsletter, tick=newsletter.notice.boxes.all(), email="camille@example.test")
    link = confirmation_link(mailbox, "camille@example.test")
    press(client, link)
    again = client.post(link, {"seen": "anything"})

    assert again.status_code == 200
    assert "déjà confirmé" in again.content.decode()
    assert "déjà confirmé" in client.get(link).content.decode()
    assert Act.objects.count() == 3


def test_confirming_needs_no_redis(settings, client, newsletter, mailbox):
    send(client, newsletter, tick=newsletter.notice.boxes.all(), email="camille@example.test")
    link = confirmation_link(mailbox, "camille@example.test")
    settings.CACHES = {"default": {"BACKEND": "config.redis_cache.RedisCache", "LOCATION": "redis://127.0.0.1:1"}}

    assert press(client, link).status_code == 200
    assert Permission.objects.get().confirmed_at is not None


def test_a_scanner_that_follows_the_link_confirms_nothing(client, newsletter, mailbox):
    send(client, newsletter, tick=newsletter.notice.boxes.all(), email="camille@example.test")
    link = confirmation_link(mailbox, "camille@example.test")

    for method in (client.get, client.head, client.options, client.put, client.delete):
        method(link)
    client.post(link)  # nor does a robot that presses what it has not read

    assert not Prospect.objects.exists()


def test_confirming_late_is_answered_kindly_and_records_nothing(client, mailbox, newsletter, time_machine):
    send(client, newsletter, tick=newsletter.notice.boxes.all(), email="camille@example.test")
    link = confirmation_link(mailbox, "camille@example.test")
    time_machine.move_to(timezone.now() + timedelta(days=7))

    late = press(client, link)

    assert late.status_code == 200
    assert "Ce lien n’est plus valable" in late.content.decode()
    assert not Prospect.objects.exists()


def test_an_expired_signup_is_erased_within_the_hour_and_its_link_still_answers(
    client, mailbox, newsletter, time_machine
):
    send(client, newsletter, tick=newsletter.notice.boxes.all(), email="camille@example.test")
    link = confirmation_link(mailbox, "camille@example.test")
    erase_expired_signups()
    assert PendingSignup.objects.count() == 1

    time_machine.move_to(timezone.now() + timedelta(days=7))
    erase_expired_signups()
    erase_expired_signups()

    assert not PendingSignup.objects.exists()
    assert "Ce lien n’est plus valable" in press(client, link).content.decode()


def test_a_press_confirms_what_the_page_showed_and_not_what_came_since(client, mailbox, newsletter):
    """Somebody else signs up with the same address between the look and the press."""
    other = make_purpose()
    notice = make_notice({"purpose": other, "channel": "email"})
    send(client, newsletter, tick=newsletter.notice.boxes.all(), email="camille@example.test")
    link = confirmation_link(mailbox, "camille@example.test")
    seen = PendingSignup.objects.get().digest
    newsletter.notice = notice
    newsletter.save()
    send(client, newsletter, tick=notice.boxes.all(), email="camille@example.test")

    answer = client.post(link, {"seen": seen})

    assert not Prospect.objects.exists()
    assert "depuis que vous avez ouvert cette page" in answer.content.decode()
    press(client, link)
    assert Permission.objects.get().purpose == other


def test_the_proof_names_the_notice_that_was_shown_even_if_the_form_shows_another_since(client, mailbox, newsletter):
    shown = newsletter.notice
    send(client, newsletter, tick=shown.boxes.all(), email="camille@example.test")
    newsletter.notice = make_notice()
    newsletter.save()
    press(client, confirmation_link(mailbox, "camille@example.test"))

    assert Source.objects.get().notice == shown
    assert {act.notice for act in Act.objects.all()} == {shown}


def test_a_confirmed_signup_lifts_an_earlier_objection_of_the_same_address(client, mailbox, newsletter):
    boxes = newsletter.notice.boxes.all()
    sign_up_and_confirm(client, mailbox, newsletter, "camille@example.test", tick=boxes)
    key = ContactDetail.objects.get().address_key
    record_stop(key, channel=None, purpose_id=None, at=timezone.now(), origin="stop_link")
    mail_again_tomorrow()
    sign_up_and_confirm(client, mailbox, newsletter, "camille@example.test", tick=boxes)

    assert Permission.objects.get().confirmed_at > Objection.objects.get().at


def test_the_answer_is_the_same_whether_or_not_an_address_is_known(client, mailbox, newsletter):
    boxes = newsletter.notice.boxes.all()
    sign_up_and_confirm(client, mailbox, newsletter, "known@example.test", tick=boxes)

    known = send(client, newsletter, tick=boxes, email="known@example.test")
    unknown = send(client, newsletter, tick=boxes, email="unknown@example.test")

    def without_token(page):
        return page.content.decode().replace(page.redirect_chain[-1][0], "")

    assert without_token(known) == without_token(unknown)
