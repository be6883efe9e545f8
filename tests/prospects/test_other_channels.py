"""Details beside the e-mail address: other channels, forms without e-mail, requests that staff answer."""

from datetime import datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from consent import law
from consent.acts import confirmed, record_acts
from consent.models import Act, Objection, Permission
from prospects.facts import facts_of
from prospects.models import ContactDetail, InformationRequest, Interaction, Prospect
from tests.factories import call_mentions, make_form, make_notice, make_organisation, make_purpose
from tests.prospects.signing_up import (
    fields,
    send,
    sign_up_and_confirm,
)

pytestmark = pytest.mark.django_db

WEDNESDAY = datetime(2026, 11, 25, 11, tzinfo=ZoneInfo("Europe/Paris"))


@pytest.fixture(autouse=True)
def _organisation(db):
    make_organisation()


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


@pytest.mark.parametrize("missing", [None, "says_proof_fr", "says_period_fr", "says_proof_en"])
def test_a_yes_to_calls_is_complete_exactly_when_the_five_mentions_were_shown(client, mailbox, missing, time_machine):
    """In the language shown: what was missing in English was not missing to a reader of French."""
    time_machine.move_to(WEDNESDAY - timedelta(hours=1), tick=True)
    purpose = make_purpose()
    notice = make_notice(
        {"channel": "phone", "purpose": purpose, **call_mentions(), **({missing: ""} if missing else {})}
    )
    form = make_form(notice=notice, asks_phone=True)
    sign_up_and_confirm(client, mailbox, form, "camille@example.test", tick=notice.boxes.all(), phone="01 99 00 12 34")
    complete = missing not in ("says_proof_fr", "says_period_fr")
    yes = Act.objects.get(kind="given")

    assert yes.mentions_complete is complete
    assert by_law(purpose).reason == (law.Reason.CONSENT_UNCONFIRMED if complete else law.Reason.CONSENT_INCOMPLETE)

    record_acts([confirmed(yes, at=timezone.now(), origin=Act.Origin.CONFIRMATION)])
    assert by_law(purpose).ground == (law.Ground.CONSENT if complete else None)


def by_law(purpose):
    """What the law says of calling the one phone number on a Wednesday morning."""
    message = law.Message(channel=law.Channel.PHONE, purpose=purpose.slug)
    facts = facts_of(ContactDetail.objects.get(medium="phone"), message, WEDNESDAY).facts
    return law.may_contact(facts, message, at=WEDNESDAY, rulebook=law.Rulebook.LAW)


def test_every_mention_that_makes_a_yes_to_calls_complete_is_on_the_page(client):
    notice = make_notice({"channel": "phone", **call_mentions()})

    page = client.get(make_form(notice=notice, asks_phone=True).get_absolute_url()).content.decode()

    assert all(mention in unescape(page) for mention in notice.boxes.get().mentions("fr"))
