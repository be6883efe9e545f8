"""A change of address: both mailboxes say yes, refusals follow, consents are asked anew, nobody learns who is known."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from consent.acts import record_stop
from consent.address_keys import address_key
from consent.models import Act, Objection, Permission
from consent.preferences import State, preferences
from consent.stop_links import stop_token
from prospects.models import AddressChange, ContactDetail, Interaction, Prospect, Source
from prospects.tasks import erase_expired_signups, send_confirmation_mails
from tests.factories import make_consent, make_detail, make_form, make_notice, make_organisation, make_purpose
from tests.mailbox import text_of

pytestmark = pytest.mark.django_db
OLD, NEW = "zoe@example.test", "zoe@nouvelle.example.test"


@pytest.fixture
def purpose():
    make_organisation()
    purpose = make_purpose(slug="lettre", name_fr="La lettre")
    make_form(slug="lettre", notice=make_notice({"purpose": purpose}))
    return purpose


@pytest.fixture
def detail(purpose):
    detail = make_detail(OLD)
    make_consent(detail, purpose)
    return detail


def ask(client, key, purpose, address=NEW):
    return client.post(f"/p/{stop_token(key, 'email', purpose.pk)}/address/", {"address": address})


def link_to(mailbox, address):
    send_confirmation_mails()
    return re.search(r"https?://[^/]+(/a/\S+)", text_of(mailbox.to(address)[-1])).group(1)


def change(client, mailbox, detail, purpose, *, tick=True):
    ask(client, detail.address_key, purpose)
    client.post(link_to(mailbox, OLD))
    ticked = {f"box_{on_offer(purpose).pk}": "on"} if tick else {}
    return client.post(link_to(mailbox, NEW), ticked).content.decode()


def on_offer(purpose):
    return purpose.box_set.filter(notice__signupform__isnull=False).get()


@pytest.mark.parametrize("order", [(OLD, NEW), (NEW, OLD)])
def test_the_address_changes_once_both_mailboxes_said_yes(client, mailbox, detail, purpose, order):
    ask(client, detail.address_key, purpose)
    links = {address: link_to(mailbox, address) for address in order}

    first = client.post(links[order[0]]).content.decode()
    assert "La moitié est faite" in first
    assert ContactDetail.objects.get().address == OLD
    second = client.post(links[order[1]]).content.decode()

    assert "Votre adresse est changée" in second
    moved = ContactDetail.objects.get()
    assert (moved.pk, moved.address, moved.address_key) == (detail.pk, NEW, address_key("email", NEW))
    assert not AddressChange.objects.exists()
    assert "Ce lien n’est plus valable" in client.get(links[OLD]).content.decode()


def test_a_look_changes_nothing_and_one_mailbox_twice_is_still_one(client, mailbox, detail, purpose):
    ask(client, detail.address_key, purpose)
    for address in (OLD, NEW):
        assert client.get(link_to(mailbox, address)).status_code == 200
    for _again in range(2):
        client.post(link_to(mailbox, OLD))

    assert ContactDetail.objects.get().address == OLD


def test_what_was_agreed_to_is_asked_anew_at_the_new_address_and_never_carried_over(client, mailbox, detail, purpose):
    page = change(client, mailbox, detail, purpose, tick=False)

    assert "Votre adresse est changée" in page
    assert not Permission.objects.filter(address_key=address_key("email", NEW)).exists()
    assert Permission.objects.get(address_key=detail.address_key).withdrawn_at is not None


def test_a_box_ticked_in_the_new_mailbox_is_a_confirmed_consent_with_its_wording(client, mailbox, detail, purpose):
    ask(client, detail.address_key, purpose)
    page = client.get(link_to(mailbox, NEW)).content.decode()
    assert not re.search(r"<input[^>]*\b(checked|required)\b", page)

    change(client, mailbox, detail, purpose)

    yes = Act.objects.get(kind="given", address_key=address_key("email", NEW))
    assert yes.box == on_offer(purpose) and yes.notice == yes.box.notice
    assert Permission.objects.get(address_key=address_key("email", NEW)).confirmed_at is not None
    (there,) = preferences(address_key("email", NEW))
    assert there.state is State.ON


def test_nothing_more_goes_to_the_old_address(client, mailbox, detail, purpose):
    change(client, mailbox, detail, purpose)

    assert Objection.objects.get(address_key=detail.address_key).channel == "email"
    assert all(preference.state is State.OFF for preference in preferences(detail.address_key))


def test_what_was_refused_at_the_old_address_is_refused_at_the_new_one(client, mailbox, detail, purpose):
    offers = make_purpose(slug="offres")
    refused_at = timezone.now() - timedelta(minutes=1)
    record_stop(detail.address_key, channel="email", purpose_id=offers.pk, at=refused_at, origin="stop_link")

    change(client, mailbox, detail, purpose)

    carried = Objection.objects.get(address_key=address_key("email", NEW))
    assert (carried.purpose, carried.channel, carried.at) == (offers, "email", refused_at)


def test_what_was_refused_at_the_new_address_before_stays_refused(client, mailbox, detail, purpose):
    key = address_key("email", NEW)
    record_stop(key, channel=None, purpose_id=None, at=timezone.now() - timedelta(days=9), origin="stop_link")

    change(client, mailbox, detail, purpose, tick=False)

    assert Objection.objects.filter(address_key=key, channel=None, purpose=None).exists()


def test_the_new_address_has_its_own_source_beside_the_earlier_ones(client, mailbox, detail, purpose):
    first = detail.source
    change(client, mailbox, detail, purpose)

    moved = ContactDetail.objects.get()
    assert moved.source.kind == "form" and moved.source.evidence["change_of"] == str(detail.address_key)
    assert Source.objects.get(pk=first.pk).also_of == moved
    assert Interaction.objects.get().kind == "confirmed"


def test_two_people_are_never_mixed_by_a_change(client, mailbox, detail, purpose):
    other = make_detail(NEW)
    page = change(client, mailbox, detail, purpose)

    assert "Nous connaissons déjà la nouvelle adresse" in page
    assert Prospect.objects.count() == 2
    assert ContactDetail.objects.get(address=OLD).prospect != other.prospect
    assert not Objection.objects.exists()


def test_a_second_address_of_the_same_person_takes_over(client, mailbox, detail, purpose):
    second = make_detail(NEW, prospect=detail.prospect)
    first = detail.source_id

    change(client, mailbox, detail, purpose)

    assert ContactDetail.objects.get() == second
    assert Source.objects.get(pk=first).also_of == second


@pytest.mark.parametrize("address", [OLD, NEW])
def test_either_mailbox_may_say_no(client, mailbox, detail, purpose, address):
    ask(client, detail.address_key, purpose)
    links = [link_to(mailbox, to) for to in (OLD, NEW)]
    page = client.post(link_to(mailbox, address), {"refuse": ""}).content.decode()
    for link in links:
        client.post(link)

    assert "Rien n’est changé" in page
    assert ContactDetail.objects.get().address == OLD


def test_the_answer_is_the_same_whoever_is_known(client, mailbox, detail, purpose):
    known = ask(client, detail.address_key, purpose).content
    unknown = ask(client, address_key("email", "nobody@example.test"), purpose, "other@example.test").content
    itself = ask(client, detail.address_key, purpose, OLD).content
    send_confirmation_mails()

    assert known == unknown == itself
    assert mailbox.to("other@example.test") == []
    assert len(mailbox.to(OLD)) == 1


def test_the_new_mailbox_is_told_nothing_of_the_old_one(client, mailbox, detail, purpose):
    detail.prospect.first_name = "Zoé"
    detail.prospect.save(update_fields=["first_name"])
    ask(client, detail.address_key, purpose)
    page = client.get(link_to(mailbox, NEW)).content.decode()

    for said in (page, text_of(mailbox.to(NEW)[-1])):
        assert OLD not in said and "Zoé" not in said


def test_a_new_address_gets_one_mail_a_day_and_a_client_may_not_ask_for_long(
    client, mailbox, detail, purpose, settings
):
    settings.HOURLY_LIMITS = settings.HOURLY_LIMITS | {"address_change": 2}
    for _again in range(2):
        ask(client, detail.address_key, purpose)
        send_confirmation_mails()

    assert len(mailbox.to(NEW)) == 1
    assert ask(client, detail.address_key, purpose).status_code == 429


def test_an_address_that_is_none_is_asked_for_again(client, detail, purpose):
    page = ask(client, detail.address_key, purpose, "not an address")

    assert page.status_code == 200
    assert 'role="alert"' in page.content.decode()
    assert not AddressChange.objects.exists()


def test_an_unanswered_change_is_forgotten(client, mailbox, detail, purpose, time_machine):
    ask(client, detail.address_key, purpose)
    link = link_to(mailbox, OLD)
    time_machine.move_to(timezone.now() + timedelta(days=8))
    erase_expired_signups()

    assert not AddressChange.objects.exists()
    assert "Ce lien n’est plus valable" in client.get(link).content.decode()


def test_an_erased_person_changes_no_address(client, mailbox, detail, purpose):
    ask(client, detail.address_key, purpose)
    link = link_to(mailbox, NEW)
    detail.prospect.delete()

    assert "Ce lien n’est plus valable" in client.post(link).content.decode()
    assert not ContactDetail.objects.exists()
