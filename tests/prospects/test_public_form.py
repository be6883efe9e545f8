"""The public form as a visitor meets it: no cookie, no ticked box, a stamp, a honeypot, limits, a gift."""

import re
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from prospects.models import PendingSignup
from tests.factories import make_form, make_notice, make_organisation
from tests.prospects.signing_up import fields, send, stamp

pytestmark = pytest.mark.django_db
NO_REDIS = {"default": {"BACKEND": "config.redis_cache.RedisCache", "LOCATION": "redis://127.0.0.1:1"}}


@pytest.fixture(autouse=True)
def _organisation(db):
    make_organisation()


@pytest.fixture
def form():
    return make_form(slug="lettre", asks_name=True, asks_phone=True)


@pytest.fixture
def english(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def test_a_public_page_sets_no_cookie_and_asks_for_none(form):
    visitor = Client(enforce_csrf_checks=True)
    page = visitor.get("/s/lettre/")
    answer = visitor.post("/s/lettre/", fields(form, tick=form.notice.boxes.all(), email="camille@example.test"))

    assert not page.cookies and not answer.cookies
    assert answer.status_code == 302
    assert "csrfmiddlewaretoken" not in page.content.decode()
    assert PendingSignup.objects.count() == 1


def test_on_first_display_no_box_is_ticked_and_nothing_is_required(client, form):
    page = client.get("/s/lettre/").content.decode()

    assert page.count('type="checkbox"') == 1
    assert not re.search(r"<input[^>]*\b(checked|required)\b", page)


def test_no_address_in_the_link_ticks_a_box_or_fills_a_field(client, form):
    box = form.notice.boxes.get()
    page = client.get(f"/s/lettre/?box_{box.pk}=on&email=someone@example.test").content.decode()

    assert not re.search(r"<input[^>]*\bchecked\b", page)
    assert "someone@example.test" not in page


def test_after_a_typing_error_the_box_keeps_what_was_ticked_and_is_not_required(client, form):
    page = send(client, form, tick=form.notice.boxes.all(), email="not an address", first_name="Camille")

    content = page.content.decode()
    assert len(re.findall(r"<input[^>]*\bchecked\b", content)) == 1
    assert not re.search(r"<input[^>]*\brequired\b", content)
    assert 'value="Camille"' in content
    assert not PendingSignup.objects.exists()


def test_the_form_shows_the_notice_the_boxes_and_the_text_beside_a_phone_field(english, form):
    page = english.get("/s/lettre/").content.decode()

    assert "Who, why, how long, your rights, how to stop." in page
    assert "I agree to receive offers by e-mail." in page
    assert "L223-2" in page


def test_the_rest_of_a_long_notice_is_one_press_away(client):
    notice = make_notice(information_fr="L'essentiel.\n\n---\n\nLe détail.", information_en="x")
    make_form(slug="longue", notice=notice)
    page = client.get("/s/longue/").content.decode()

    assert re.search(r"<details[^>]*>.*Le détail\..*</details>", page, re.DOTALL)


def test_a_closed_form_says_so(english):
    make_form(slug="fermee", is_open=False)

    answer = english.get("/s/fermee/")

    assert answer.status_code == 410
    assert "This form is closed." in answer.content.decode()
    assert english.post("/s/fermee/").status_code == 410


# ---- The stamp and the honeypot ----


def test_a_form_sent_without_a_stamp_is_shown_again_with_one(english, form):
    sent = fields(form, language="en", tick=form.notice.boxes.all(), email="camille@example.test")
    sent.pop("stamp")
    page = english.post("/s/lettre/", sent).content.decode()

    assert "press the button once more" in page
    assert 'value="camille@example.test"' in page
    assert re.search(r"<input[^>]*\bchecked\b", page)
    assert re.search(r'name="stamp" value="[^"]{30,}"', page)
    assert not PendingSignup.objects.exists()


def test_a_form_sent_faster_than_anybody_types_is_shown_again(english, form):
    sent = fields(form, language="en", tick=form.notice.boxes.all(), email="camille@example.test")
    sent["stamp"] = stamp(form, language="en", seconds=0)

    assert "That was very fast." in english.post("/s/lettre/", sent).content.decode()
    assert not PendingSignup.objects.exists()


def test_a_stamp_serves_one_sending_and_the_page_gives_another(english, form):
    sent = fields(form, language="en", tick=form.notice.boxes.all(), email="camille@example.test")
    assert english.post("/s/lettre/", sent).status_code == 302

    again = english.post("/s/lettre/", sent | {"email": "sam@example.test"})

    assert again.status_code == 200
    assert "sent already" in again.content.decode()
    assert PendingSignup.objects.count() == 1
    fresh = re.search(r'name="stamp" value="([^"]+)"', again.content.decode()).group(1)
    assert fresh != sent["stamp"]


def test_a_typing_error_spends_no_stamp(english, form):
    sent = fields(form, language="en", tick=form.notice.boxes.all(), email="oops")
    english.post("/s/lettre/", sent)

    assert english.post("/s/lettre/", sent | {"email": "camille@example.test"}).status_code == 302


def test_a_robot_that_fills_the_hidden_field_leaves_nothing_and_a_person_can_go_on(english, form):
    sent = fields(form, language="en", tick=form.notice.boxes.all(), email="camille@example.test")
    page = english.post("/s/lettre/", sent | {"subject": "cheap pills"}).content.decode()

    assert "cheap pills" not in page
    assert 'value="camille@example.test"' in page
    assert not PendingSignup.objects.exists()


@pytest.mark.parametrize(
    "sent",
    [
        {"email": "a\x00b@example.test"},
        {"email": "x" * 5000 + "@example.test"},
        {"email": ["a@example.test", "b@example.test"]},
        {"phone": "++++"},
        {"first_name": "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16")},
        {"stamp": "a.b.c:d"},
        {"box_999999": "on"},
        {"box_": "on", "box_abc": "on"},
    ],
)
def test_whatever_is_sent_is_answered_with_a_page(client, form, sent):
    assert client.post("/s/lettre/", {"stamp": stamp(form)} | sent).status_code in (200, 302)


def test_a_box_of_another_form_cannot_be_ticked_here(client, form):
    stranger = make_notice().boxes.get()
    send(client, form, tick=[stranger], email="camille@example.test")

    assert not PendingSignup.objects.exists()


def test_a_wording_that_changed_since_it_was_shown_is_shown_anew_and_nothing_is_recorded(english, form):
    """Otherwise somebody could count as informed by an opt-out that they never saw."""
    sent = fields(form, language="en", tick=form.notice.boxes.all(), email="camille@example.test")
    form.notice = make_notice({"channel": "email", "label_en": "A new wording"})
    form.save()

    page = english.post("/s/lettre/", sent).content.decode()

    assert "This page has changed" in page
    assert "A new wording" in page
    assert not re.search(r"<input[^>]*\bchecked\b", page)
    assert not PendingSignup.objects.exists()


def test_a_wording_shown_in_another_language_is_shown_anew(english, form):
    sent = fields(form, language="fr", tick=form.notice.boxes.all(), email="camille@example.test")

    assert "This page has changed" in english.post("/s/lettre/", sent).content.decode()
    assert not PendingSignup.objects.exists()


# ---- Limits ----


def test_one_client_may_sign_up_so_often_and_is_then_told_when_to_come_back(settings, english, form):
    settings.HOURLY_LIMITS = settings.HOURLY_LIMITS | {"signup": 2}
    for _time in range(2):
        assert send(english, form).status_code == 200

    refused = send(english, form)

    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 3600
    assert "Too many requests from your connection" in refused.content.decode()
    assert "Trop de demandes" in english.post("/s/lettre/", headers={"accept-language": "fr"}).content.decode()
    assert english.get("/s/lettre/").status_code == 200
    assert english.post("/s/lettre/", REMOTE_ADDR="203.0.113.9").status_code == 200


def test_a_forged_header_buys_no_further_tries(settings, client, form):
    settings.HOURLY_LIMITS = settings.HOURLY_LIMITS | {"signup": 1}
    client.post("/s/lettre/", headers={"x-forwarded-for": "198.51.100.1"})

    assert client.post("/s/lettre/", headers={"x-forwarded-for": "198.51.100.2"}).status_code == 429


def test_without_redis_the_form_is_closed_for_a_moment_and_records_nothing(settings, english, form):
    settings.CACHES = NO_REDIS
    assert english.get("/s/lettre/").status_code == 200

    answer = send(english, form, tick=form.notice.boxes.all(), email="camille@example.test")

    assert answer.status_code == 503
    assert "Nothing was recorded" in answer.content.decode()
    assert not PendingSignup.objects.exists()


# ---- What the form gives ----


@pytest.fixture
def guide():
    return make_form(
        slug="guide",
        resource="file",
        resource_title_en="The guide",
        resource_file=ContentFile(b"%PDF-1.7 all of it", name="guide.pdf"),
    )


@pytest.mark.parametrize("ticks", [True, False])
def test_everybody_gets_the_file_ticked_or_not(english, guide, ticks):
    boxes = guide.notice.boxes.all() if ticks else []
    page = send(english, guide, tick=boxes, email="camille@example.test")
    link = re.search(r'href="(/s/guide/file/[^"]+)"', page.content.decode()).group(1)

    file = english.get(link)

    assert b"".join(file.streaming_content) == b"%PDF-1.7 all of it"
    assert file["Content-Disposition"].startswith("attachment; filename=")


def test_the_file_asks_for_no_address_at_all(english, guide):
    page = send(english, guide)

    assert "/s/guide/file/" in page.content.decode()


@pytest.mark.parametrize("ticks", [True, False])
def test_everybody_gets_the_page_or_the_answer_ticked_or_not(english, ticks):
    page_form = make_form(resource="page", resource_url="https://example.test/guide")
    answer_form = make_form(resource="answer", resource_text_fr="**Oui**", resource_text_en="**Yes**")
    for form, given in ((page_form, "https://example.test/guide"), (answer_form, "<strong>Yes</strong>")):
        boxes = form.notice.boxes.all() if ticks else []
        assert given in send(english, form, tick=boxes, email="camille@example.test").content.decode()


def test_a_thank_you_page_is_of_one_form_and_ends(client, guide, time_machine):
    page = send(client, guide)
    path = page.redirect_chain[-1][0]
    token = path.split("/")[-2]
    other = make_form(slug="autre")

    assert client.get(f"/s/{other.slug}/thanks/{token}/").status_code == 404
    assert client.get(f"/s/guide/thanks/{token}x/").status_code == 404
    time_machine.move_to(timezone.now() + timedelta(days=2))
    assert client.get(path).status_code == 302
    assert client.get(f"/s/guide/file/{token}/").status_code == 302


def test_the_form_follows_the_content_security_policy(client, form):
    answer = client.get("/s/lettre/")

    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert " style=" not in answer.content.decode()
    assert re.findall(r"<script[^>]*>.", answer.content.decode(), re.DOTALL) == [
        '<script src="/static/prospects/proof.js" defer><'
    ]
