"""The stop pages: a look changes nothing, any POST stops, and nobody is ever turned away."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from consent.acts import record_acts
from consent.address_keys import address_key
from consent.models import Act, Objection, Permission, Purpose
from consent.stop_links import stop_token
from prospects.models import Prospect
from prospects.views import stop
from tests.factories import make_consent, make_detail, make_organisation, make_purpose

pytestmark = pytest.mark.django_db


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
def strict_client():
    """A client for which, as in life, a missing CSRF token matters."""
    return Client(enforce_csrf_checks=True)


def test_a_look_shows_what_will_stop_and_stops_nothing(client, token):
    page = client.get(f"/u/{token}/", headers={"accept-language": "en"})

    assert "Our offers" in page.content.decode()
    assert not Objection.objects.exists()
    client.get(f"/u/{token}/all/")
    client.head(f"/u/{token}/")
    client.options(f"/u/{token}/")
    assert not Objection.objects.exists()


def test_a_post_stops_this_purpose_on_this_channel_and_no_ground_counts_afterwards(strict_client, token, purpose):
    answer = strict_client.post(f"/u/{token}/")

    assert answer.status_code == 200
    objection = Objection.objects.get()
    assert (objection.channel, objection.purpose) == ("email", purpose)
    assert Permission.objects.get().withdrawn_at is not None
    assert set(Act.objects.filter(origin="one_click").values_list("kind", flat=True)) == {"withdrawn", "objected"}


def test_the_other_page_stops_everything(strict_client, token):
    assert strict_client.post(f"/u/{token}/all/").status_code == 200

    objection = Objection.objects.get()
    assert (objection.channel, objection.purpose) == (None, None)


BODIES = [
    ("application/x-www-form-urlencoded", b"List-Unsubscribe=One-Click"),
    (
        "multipart/form-data; boundary=xyz",
        b'--xyz\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne',
    ),
    # RFC 8058, section 8.3: the example declares one boundary and uses another.
    ("multipart/form-data; boundary=---FormBoundaryjWmhtjORrn", b"--FormBoundaryjWmhtjORrn\r\nbroken"),
    ("multipart/form-data", b"no boundary at all"),
    ("application/json", b"{not json"),
    ("text/plain; charset=no-such-charset", b"\xff\xfe"),
    ("", b""),
    ("\x00\x01;;;=", b"anything"),
    ("application/octet-stream", b"x" * 3_000_000),
    ("multipart/form-data; boundary=b", b"--b\r\n" + b"y" * 5_000_000),
]


@pytest.mark.parametrize(("content_type", "body"), BODIES)
def test_any_body_stops(strict_client, token, content_type, body):
    answer = strict_client.generic("POST", f"/u/{token}/", body, content_type=content_type)

    assert answer.status_code == 200
    assert Objection.objects.count() == 1


def test_the_body_is_never_read(rf, token):
    class Unreadable:
        def read(self, *_size):
            raise AssertionError("the body was read")

    request = rf.post(f"/u/{token}/", b"x", content_type="multipart/form-data; boundary=b")
    request._stream = request.environ["wsgi.input"] = Unreadable()

    assert stop(request, token).status_code == 200
    assert Objection.objects.count() == 1


@pytest.mark.parametrize("path", ["/u/{}/", "/u/{}", "/u/{}/all/", "/u/{}/all"])
@pytest.mark.parametrize("secure", [True, False])
def test_a_post_is_never_redirected_and_sets_no_cookie(settings, strict_client, token, path, secure):
    settings.SECURE_SSL_REDIRECT = True
    settings.APPEND_SLASH = True
    answer = strict_client.post(
        path.format(token), secure=secure, headers={"accept-language": "en", "cookie": "django_language=en"}
    )

    assert answer.status_code == 200
    assert not answer.cookies
    assert Objection.objects.count() == 1


def test_a_stop_is_repeatable_and_adds_nothing(strict_client, token):
    for _time in range(3):
        assert strict_client.post(f"/u/{token}/").status_code == 200

    assert Act.objects.filter(kind="objected").count() == 1


def test_a_stop_is_never_limited(settings, strict_client, token):
    settings.HOURLY_LIMITS = dict.fromkeys(settings.HOURLY_LIMITS, 1)

    answers = {strict_client.post(f"/u/{token}/").status_code for _time in range(50)}

    assert answers == {200}


def test_a_stop_needs_no_redis(settings, strict_client, token):
    settings.CACHES = {"default": {"BACKEND": "config.redis_cache.RedisCache", "LOCATION": "redis://127.0.0.1:1"}}
    assert strict_client.post(f"/u/{token}/").status_code == 200
    assert strict_client.post(f"/p/{token}/", {"off": "everything"}).status_code == 200
    assert Objection.objects.count() == 2


def test_a_stop_still_answers_after_the_person_was_erased(strict_client, token, purpose):
    Prospect.objects.all().delete()

    assert strict_client.get(f"/u/{token}/").status_code == 200
    assert strict_client.post(f"/u/{token}/").status_code == 200
    assert Objection.objects.count() == 1


def test_a_stop_for_a_purpose_that_is_no_more_stops_the_channel(strict_client, token):
    gone = stop_token(address_key("email", "sam@example.test"), "email", Purpose.objects.latest("pk").pk + 1000)

    assert strict_client.post(f"/u/{gone}/").status_code == 200
    objection = Objection.objects.get()
    assert (objection.channel, objection.purpose) == ("email", None)


def test_our_own_page_is_told_from_a_mail_program(strict_client, token):
    assert 'action="?page"' in strict_client.get(f"/u/{token}/").content.decode()

    strict_client.post(f"/u/{token}/?page")

    assert set(Act.objects.filter(kind="objected").values_list("origin", flat=True)) == {"stop_link"}


def test_a_stop_after_a_new_confirmation_is_recorded_anew(strict_client, token, detail, purpose):
    strict_client.post(f"/u/{token}/")
    make_consent(detail, purpose, at=timezone.now() + timedelta(seconds=1))
    strict_client.post(f"/u/{token}/")

    assert Act.objects.filter(kind="objected").count() == 2


@pytest.mark.parametrize("wrong", ["abc", "A" * 52, "é" * 10, "%00", "..", "a" * 3000])
def test_a_damaged_link_says_where_to_write(strict_client, purpose, wrong):
    answer = strict_client.get(f"/u/{wrong}/", headers={"accept-language": "en"})

    assert answer.status_code == 404
    assert "we will stop them" in answer.content.decode()
    assert "bonjour@example.test" in answer.content.decode()
    assert strict_client.post(f"/u/{wrong}/").status_code == 404


def test_head_and_options_are_answered_and_other_methods_refused(strict_client, token):
    assert strict_client.head(f"/u/{token}/").status_code == 200
    options = strict_client.options(f"/u/{token}/")
    assert (options.status_code, options["Allow"]) == (200, "GET, HEAD, OPTIONS, POST")
    assert strict_client.put(f"/u/{token}/").status_code == 405
    assert strict_client.delete(f"/u/{token}/").status_code == 405
    assert not Objection.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_stop_is_acknowledged_only_once_it_is_committed(strict_client, token, monkeypatch):
    """What fails at commit is not acknowledged."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$;"
            "CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON consent_act DEFERRABLE INITIALLY DEFERRED"
            " FOR EACH ROW EXECUTE FUNCTION refuse()"
        )
    try:
        strict_client.raise_request_exception = False
        assert strict_client.post(f"/u/{token}/").status_code == 500
        assert not Objection.objects.exists()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER refuse ON consent_act; DROP FUNCTION refuse()")
    assert strict_client.post(f"/u/{token}/").status_code == 200
    assert Objection.objects.exists()


def test_the_stop_pages_show_no_personal_data(client, token):
    for path in (f"/u/{token}/", f"/u/{token}/all/", f"/p/{token}/"):
        page = client.get(path).content.decode()
        assert "camille" not in page.lower()


# ---- The preference page ----


def test_the_preference_page_shows_what_is_in_force_and_turns_it_off(strict_client, token, detail, purpose):
    other = make_purpose(name_en="Our letter")
    make_consent(detail, other)
    english = {"accept-language": "en"}
    page = strict_client.get(f"/p/{token}/", headers=english).content.decode()
    assert page.count("You receive it.") == 2

    answer = strict_client.post(f"/p/{token}/", {"off": f"email-{other.pk}"}, headers=english)

    assert answer.status_code == 200
    assert answer.content.decode().count("You receive it.") == 1
    assert Objection.objects.get().purpose == other
    assert Act.objects.filter(kind="objected").get().origin == "preferences"


def test_everything_can_be_refused_on_one_press(strict_client, token):
    page = strict_client.post(f"/p/{token}/", {"off": "everything"}, headers={"accept-language": "en"})

    assert "You receive it." not in page.content.decode()
    assert (Objection.objects.get().channel, Objection.objects.get().purpose) == (None, None)


@pytest.mark.parametrize("off", ["", "email", "email-0", "sms-1", "email-999999", "on", "email-1; drop"])
def test_the_preference_page_turns_nothing_on_and_invents_no_line(strict_client, token, off):
    strict_client.post(f"/p/{token}/", {"off": off})

    assert not Objection.objects.exists()


def test_the_preference_page_says_the_same_once_the_person_was_erased(strict_client, token, purpose):
    before = strict_client.get(f"/p/{token}/").content
    Prospect.objects.all().delete()

    after = strict_client.get(f"/p/{token}/").content

    assert before == after


def test_an_unconfirmed_or_refused_purpose_is_not_shown_as_received(strict_client, token, detail):
    make_consent(detail, make_purpose(name_en="Waiting"), confirm=False)
    stopped = make_purpose(name_en="Stopped before")
    make_consent(detail, stopped)
    strict_client.post(f"/u/{stop_token(detail.address_key, 'email', stopped.pk)}/")

    page = strict_client.get(f"/p/{token}/", headers={"accept-language": "en"}).content.decode()

    assert page.count("You receive it.") == 1
    assert page.count("Not confirmed: you do not receive it.") == 1
    assert page.count("You do not receive it.") == 1


def test_what_lapsed_is_not_shown_as_received(strict_client, token, detail):
    record_acts([Act(kind="lapsed", address_key=detail.address_key, key_id=1, at=timezone.now(), origin="retention")])

    page = strict_client.get(f"/p/{token}/", headers={"accept-language": "en"}).content.decode()

    assert "You receive it." not in page
