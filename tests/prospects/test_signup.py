"""The whole way of a signup, through the pages, the database and a real mail server."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consent.acts import record_stop
from consent.models import Act, Objection, Permission
from prospects.models import ContactDetail, InformationRequest, Interaction, PendingSignup, Prospect, Source
from prospects.tasks import erase_expired_signups, send_confirmation_mails
from tests.factories import make_form, make_notice, make_organisation, make_purpose
from tests.mailbox import text_of
from tests.prospects.signing_up import (
    confirmation_link,
    fields,
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


# ---- Other channels ----


@pytest.fixture
def full_form():
    notice = make_notice(
        {"channel": "email"},
        {"channel": "sms"},
        {"channel": "post", "kind": "opt_out", "label_fr": "Je ne veux pas de courrier.", "label_en": "No post."},
    )
    return make_form(notice=notice, asks_phone=True, asks_post=True, asks_name=True)


ADDRESS = "1 rue des Essais\n75001 Paris"


def test_the_button_confirms_the_email_channel_alone(client, mailbox, full_form):
    email, sms, _post = full_form.notice.boxes.all()
    sign_up_and_confirm(client, mailbox, full_form, "camille@example.test", tick=[email, sms], phone="01 99 00 12 34")

    states = dict(Permission.objects.values_list("channel", "confirmed_at"))
    assert states["email"] is not None
    assert states["sms"] is None
    assert Permission.objects.get(channel="sms").needs_confirmation
    assert ContactDetail.objects.get(medium="phone").state == "unconfirmed"
    assert ContactDetail.objects.get(medium="email").state == "usable"


def test_an_opt_out_left_free_informs_and_one_that_is_ticked_objects(client, mailbox, full_form):
    email, _sms, post = full_form.notice.boxes.all()
    sign_up_and_confirm(client, mailbox, full_form, "free@example.test", tick=[email], post=ADDRESS)
    detail = ContactDetail.objects.get(medium="post")
    assert detail.source.informed
    assert not Objection.objects.exists()

    other = "2 rue des Essais\n75001 Paris"
    sign_up_and_confirm(client, mailbox, full_form, "no@example.test", tick=[email, post], post=other)

    assert ContactDetail.objects.filter(medium="post").count() == 1
    objection = Objection.objects.get()
    assert (objection.channel, objection.purpose) == ("post", post.purpose)


def test_a_detail_nobody_has_a_use_for_is_not_kept(client, mailbox, full_form):
    email, *_others = full_form.notice.boxes.all()
    sign_up_and_confirm(client, mailbox, full_form, "camille@example.test", tick=[email], phone="01 99 00 12 34")

    assert list(ContactDetail.objects.values_list("medium", flat=True)) == ["email"]


def test_an_email_address_that_only_confirms_counts_as_informed_of_nothing(client, mailbox, full_form):
    _email, sms, _post = full_form.notice.boxes.all()
    sign_up_and_confirm(client, mailbox, full_form, "camille@example.test", tick=[sms], phone="01 99 00 12 34")

    assert not ContactDetail.objects.get(medium="email").source.informed
    assert ContactDetail.objects.get(medium="phone").source.informed
    assert Prospect.objects.count() == 1


def test_a_postal_detail_without_email_enters_unconfirmed_with_its_source(client):
    notice = make_notice({"channel": "post", "kind": "opt_out"})
    form = make_form(notice=notice, asks_email=False, asks_post=True)
    page = send(client, form, post=ADDRESS)

    detail = ContactDetail.objects.get()
    assert (detail.medium, detail.state, detail.source.kind, detail.source.informed) == (
        "post",
        "unconfirmed",
        "form",
        True,
    )
    assert "nous l’avons" in page.content.decode()
    assert not Interaction.objects.exists()


def test_a_refusal_on_a_form_without_email_is_an_objection_and_leaves_nothing_else(client):
    notice = make_notice({"channel": "post", "kind": "opt_out"})
    form = make_form(notice=notice, asks_email=False, asks_post=True)
    send(client, form, tick=notice.boxes.all(), post=ADDRESS)

    assert not Prospect.objects.exists()
    assert Objection.objects.get().channel == "post"


def test_a_yes_without_email_counts_only_after_a_confirmation_of_its_own(client):
    notice = make_notice({"channel": "sms"})
    form = make_form(notice=notice, asks_email=False, asks_phone=True)
    send(client, form, tick=notice.boxes.all(), phone="01 99 00 12 34")

    permission = Permission.objects.get()
    assert permission.needs_confirmation and permission.confirmed_at is None


def test_the_same_sending_received_twice_is_recorded_once(client):
    notice = make_notice({"channel": "sms"})
    form = make_form(notice=notice, asks_email=False, asks_phone=True)
    sent = fields(form, tick=notice.boxes.all(), phone="01 99 00 12 34")

    first = client.post(f"/s/{form.slug}/", sent)
    second = client.post(f"/s/{form.slug}/", sent)

    assert first.status_code == second.status_code == 302
    assert Act.objects.filter(kind="given").count() == 1
    assert Prospect.objects.count() == 1


def test_an_opt_out_that_the_law_no_longer_accepts_is_not_shown_and_informs_nobody(client, time_machine):
    """Calls to individuals need a yes from 11 August 2026 on."""
    notice = make_notice({"channel": "phone", "kind": "opt_out", "label_fr": "Pas d'appels."})
    form = make_form(notice=notice, asks_email=False, asks_phone=True)
    time_machine.move_to("2026-08-10 12:00:00+02:00")
    assert "Pas d&#x27;appels." in client.get(f"/s/{form.slug}/").content.decode()

    time_machine.move_to("2026-08-11 00:00:00+02:00")
    assert "Pas d&#x27;appels." not in client.get(f"/s/{form.slug}/").content.decode()
    send(client, form, phone="01 99 00 12 34")
    assert not ContactDetail.objects.exists()


# ---- A request that staff answer ----


@pytest.fixture
def catalogue():
    notice = make_notice({"channel": "email"}, {"channel": "post", "kind": "opt_out"})
    return make_form(notice=notice, asks_post=True, resource="request", resource_title_fr="Le catalogue")


@pytest.mark.parametrize("ticks", [[], ["email"], ["post"], ["email", "post"]])
def test_a_request_is_kept_for_staff_whatever_is_ticked(client, mailbox, catalogue, ticks):
    boxes = catalogue.notice.boxes.filter(channel__in=ticks)
    sign_up_and_confirm(client, mailbox, catalogue, "camille@example.test", tick=boxes, post=ADDRESS)

    request = InformationRequest.objects.get()
    assert set(request.prospect.details.values_list("medium", flat=True)) == {"email", "post"}
    assert request.families == []
    assert Objection.objects.exists() is ("post" in ticks)
    assert Permission.objects.filter(confirmed_at__isnull=False).exists() is ("email" in ticks)
    informed = dict(request.prospect.details.values_list("medium", "source__informed"))
    assert informed == {"email": "email" in ticks, "post": True}


def test_a_request_without_any_address_asks_for_one(client, catalogue):
    page = send(client, catalogue)

    assert "Saisissez votre adresse e-mail" in page.content.decode()


def test_a_request_on_a_form_without_email_is_kept_unconfirmed_and_is_no_sign_of_life(client):
    notice = make_notice({"channel": "post", "kind": "opt_out"})
    form = make_form(notice=notice, asks_email=False, asks_post=True, resource="request")
    send(client, form, tick=notice.boxes.all(), post=ADDRESS)

    assert InformationRequest.objects.get().prospect.details.get().state == "unconfirmed"
    assert Objection.objects.get().channel == "post"
    assert not Interaction.objects.exists()


def test_a_yes_to_calls_says_whether_it_was_asked_for_with_the_mentions_of_the_law(client, mailbox):
    complete = "Vous pouvez retirer votre accord à tout moment. Il dure un an. La preuve vous est donnée sur demande."
    for information, carried in ((complete, True), ("Nous vous appelons.", False)):
        notice = make_notice({"channel": "phone"}, information_fr=information)
        form = make_form(notice=notice, asks_phone=True)
        email = f"{carried}@example.test".lower()
        sign_up_and_confirm(client, mailbox, form, email, tick=notice.boxes.all(), phone="01 99 00 12 34")

        assert Act.objects.filter(kind="given").latest("pk").mentions_complete is carried
