"""The fresh link: mailed to the address, good for one hour, the only way to see data or turn something on."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.signing import Signer, TimestampSigner
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from consent.acts import record_stop
from consent.models import Act, Objection, Permission
from consent.stop_links import stop_token
from prospects import fresh_link, tasks
from prospects.links import BadLink, OldLink, confirmation_token, fresh_token, read_confirmation_token, read_fresh_token
from prospects.models import Prospect
from tests.factories import make_consent, make_detail, make_form, make_notice, make_organisation, make_purpose
from tests.mailbox import text_of

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}


@pytest.fixture
def purpose():
    make_organisation()
    return make_purpose(name_fr="Nos offres", name_en="Our offers")


@pytest.fixture
def detail(purpose):
    detail = make_detail("camille@example.test")
    make_consent(detail, purpose)
    return detail


@pytest.fixture
def token(detail, purpose):
    return stop_token(detail.address_key, "email", purpose.pk)


@pytest.fixture
def sent_at_once(monkeypatch):
    """The task runs where it is asked for."""
    monkeypatch.setattr(tasks.send_fresh_link, "delay", tasks.send_fresh_link)


def test_the_link_is_mailed_to_the_address_and_opens_its_page(sent_at_once, mailbox, detail, token):
    visitor = Client(enforce_csrf_checks=True)
    answer = visitor.post(f"/p/{token}/link/", headers=ENGLISH)
    assert "a mail is on its way" in answer.content.decode()
    mail = mailbox.to("camille@example.test")[0]
    link = re.search(r"https://loyal\.example\.test(/m/\S+)", text_of(mail)).group(1)

    page = visitor.get(link, headers=ENGLISH).content.decode()

    assert "camille@example.test" in page
    assert "Camille" in page
    assert "“J&#x27;accepte de recevoir des offres par e-mail.”" in page
    assert not visitor.cookies


def test_the_answer_is_the_same_for_somebody_we_know_no_more(sent_at_once, mailbox, client, token):
    known = client.post(f"/p/{token}/link/").content
    Prospect.objects.all().delete()

    assert client.post(f"/p/{token}/link/").content == known
    assert len(mailbox) == 1


def test_asking_for_links_is_limited_by_client_and_by_address(settings, sent_at_once, mailbox, client, token):
    settings.HOURLY_LIMITS = settings.HOURLY_LIMITS | {"fresh_link": 2}
    assert [client.post(f"/p/{token}/link/").status_code for _time in range(3)] == [200, 200, 429]
    assert client.post(f"/p/{token}/link/", REMOTE_ADDR="203.0.113.9").status_code == 429
    assert len(mailbox) == 2


def test_without_redis_no_link_is_sent_and_the_page_says_so(settings, client, token):
    settings.CACHES = {"default": {"BACKEND": "config.redis_cache.RedisCache", "LOCATION": "redis://127.0.0.1:1"}}
    assert client.post(f"/p/{token}/link/").status_code == 503


def test_a_mere_look_sends_no_link(client, token):
    assert client.get(f"/p/{token}/link/").status_code == 405


@pytest.mark.parametrize(("age", "opens"), [(59, True), (61, False)])
def test_the_link_is_good_for_one_hour(client, detail, time_machine, age, opens):
    token = fresh_token(detail.pk)
    time_machine.move_to(timezone.now() + timedelta(minutes=age))

    page = client.get(f"/m/{token}/", headers=ENGLISH).content.decode()

    assert ("camille@example.test" in page) is opens
    assert ("This link has ended" in page) is not opens


def test_an_old_link_turns_nothing_on(client, detail, time_machine):
    box = make_form().notice.boxes.get()
    token = fresh_token(detail.pk)
    time_machine.move_to(timezone.now() + timedelta(minutes=61))
    client.post(f"/m/{token}/", {f"box_{box.pk}": "on"})

    assert not Act.objects.filter(origin="preferences").exists()


def test_no_other_token_opens_the_page(client, detail, token):
    for other in (
        token,
        confirmation_token(uuid4()),
        Signer(salt="prospects.fresh-link").sign(str(detail.pk)),
        TimestampSigner(salt="prospects.thanks").sign(str(detail.pk)),
    ):
        assert client.get(f"/m/{other}/").status_code == 404


def test_a_stop_token_never_turns_anything_on_or_shows_data(client, detail, token, purpose):
    box = make_form(notice=make_notice({"purpose": make_purpose()})).notice.boxes.get()
    client.post(f"/u/{token}/")
    for path in (f"/p/{token}/", f"/u/{token}/", f"/u/{token}/all/", f"/c/{token}/", f"/m/{token}/"):
        client.post(path, {f"box_{box.pk}": "on", "on": f"email-{purpose.pk}", "seen": "x"})

    assert Act.objects.filter(kind__in=["given", "confirmed"]).count() == 2  # those of the fixture
    assert Permission.objects.get().withdrawn_at is not None


@given(st.text(max_size=100))
def test_no_text_is_a_link_that_was_not_made_here(text):
    with pytest.raises((BadLink, OldLink)):
        read_fresh_token(text)
    with pytest.raises(BadLink):
        read_confirmation_token(text)


def test_what_is_offered_is_shown_unticked_and_a_look_turns_nothing_on(client, detail):
    make_form(notice=make_notice({"purpose": make_purpose(name_fr="La lettre")}))

    page = client.get(f"/m/{fresh_token(detail.pk)}/").content.decode()

    assert page.count('type="checkbox"') == 1
    assert not re.search(r"<input[^>]*\b(checked|required)\b", page)
    assert not Act.objects.filter(origin="preferences").exists()


def test_turning_on_records_the_wording_and_lifts_an_earlier_objection(client, detail, purpose):
    record_stop(detail.address_key, channel=None, purpose_id=None, at=timezone.now(), origin="stop_link")
    notice = make_notice({"purpose": purpose})
    make_form(notice=notice)
    token = fresh_token(detail.pk)

    page = client.post(f"/m/{token}/", {f"box_{notice.boxes.get().pk}": "on"}, headers=ENGLISH)

    assert "You now receive:" in page.content.decode()
    acts = Act.objects.filter(origin="preferences").order_by("pk")
    assert [act.kind for act in acts] == ["informed", "given", "confirmed"]
    assert {act.notice for act in acts} == {notice}
    permission = Permission.objects.get()
    assert permission.confirmed_at > Objection.objects.get().at
    assert 'type="checkbox"' not in page.content.decode()


def test_ticking_nothing_turns_nothing_on(client, detail):
    make_form(notice=make_notice({"purpose": make_purpose()}))
    client.post(f"/m/{fresh_token(detail.pk)}/", {})

    assert not Act.objects.filter(origin="preferences").exists()


def test_only_open_forms_offer_and_only_for_email(client, detail):
    make_form(notice=make_notice({"purpose": make_purpose()}), is_open=False)
    make_form(notice=make_notice({"purpose": make_purpose(), "channel": "sms"}), asks_phone=True)

    assert 'type="checkbox"' not in client.get(f"/m/{fresh_token(detail.pk)}/").content.decode()


def test_the_link_of_somebody_erased_since_answers_politely(client, detail):
    token = fresh_token(detail.pk)
    Prospect.objects.all().delete()

    page = client.get(f"/m/{token}/", headers=ENGLISH)

    assert page.status_code == 200
    assert "We know you no more" in page.content.decode()


def test_a_number_or_a_postal_address_gets_no_link(client, mailbox, purpose):
    phone = make_detail("01 99 00 12 34", medium="phone")
    token = stop_token(phone.address_key, "sms", purpose.pk)

    assert "write to us" in client.get(f"/p/{token}/", headers=ENGLISH).content.decode()
    assert client.post(f"/p/{token}/link/").status_code == 404
    assert fresh_link.send_fresh_link(phone.address_key, "fr") is False


# ---- The proof of one's consents ----


def my_page(client, detail, query=""):
    return client.get(f"/m/{fresh_token(detail.pk)}/{query}", headers=ENGLISH)


def test_each_consent_is_shown_with_its_wording_its_days_and_the_way_to_withdraw_it(client, detail, purpose):
    page = my_page(client, detail).content.decode()

    assert "Our offers" in page and "In force. You may withdraw it at any time:" in page
    assert "Who, why, how long" in page or "Qui, pourquoi" in page
    stop = re.search(r'href="(/u/[^"]+/)"', page).group(1)
    client.post(stop)
    assert Objection.objects.get().purpose == purpose
    after = my_page(client, detail).content.decode()
    assert "No longer in force" in after and "Ended" in after
    assert "In force. You may withdraw" not in after


def test_a_consent_that_nobody_confirmed_does_not_pass_for_one(client, purpose):
    detail = make_detail("robin@example.test")
    make_consent(detail, purpose, confirm=False)

    assert "Not confirmed: it does not count." in my_page(client, detail).content.decode()


def test_a_stop_for_everything_ends_each_consent_and_a_new_yes_stands_beside_the_ended_one(client, detail, purpose):
    record_stop(detail.address_key, channel=None, purpose_id=None, at=timezone.now(), origin="stop_link")
    make_consent(detail, purpose, at=timezone.now() + timedelta(seconds=1))

    page = my_page(client, detail).content.decode()

    assert page.count("In force. You may withdraw it at any time:") == 1
    assert page.count("No longer in force") == 1


def test_a_consent_to_calls_is_in_force_for_a_year_at_most(client, detail, time_machine):
    phone = make_detail("+33 6 12 34 56 78", medium="phone", prospect=detail.prospect)
    calls = make_purpose(name_en="Calls")
    make_consent(phone, calls, channel="phone", needs_confirmation=False)
    assert my_page(client, detail).content.decode().count("In force. You may withdraw") == 2

    time_machine.move_to(timezone.now() + timedelta(days=365))

    assert my_page(client, detail).content.decode().count("In force. You may withdraw") == 1


def test_the_proof_is_a_file_to_keep(client, detail, purpose):
    answer = my_page(client, detail, "?proof")
    content = answer.content.decode()

    assert answer["Content-Disposition"].startswith("attachment; filename=")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert "no-store" in answer["Cache-Control"]
    assert "“J'accepte de recevoir des offres par e-mail.”" in content
    assert "Maison Exemple" in content and "camille@example.test" in content
    assert "https://loyal.example.test/u/" in content and "&#" not in content
