"""Keys open what they are for, as often as they may, until they end; their secret is kept nowhere."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse
from django.utils import timezone

from api.keys import make_key
from api.models import ApiKey, Scope
from tests.accessibility import DESK, PHONE, problems
from tests.api.conftest import Program
from tests.factories import make_organisation

pytestmark = pytest.mark.django_db
ASKED = {"person": {"email": "camille@example.test"}}


def program(client, *scopes, **fields):
    make_organisation()
    _key, secret = make_key("Shop", scopes or [Scope.PERMISSIONS], by=None, **fields)
    return Program(client, secret)


def problem(answer, status, kind):
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert answer.json()["type"] == f"urn:loyal:problem:{kind}"
    return answer


def test_a_key_opens_what_it_is_for(client):
    assert program(client).post("/permissions", ASKED).status_code == 200


@pytest.mark.parametrize("secret", ["", "loyal_nonsense", "loyal_" + "a" * 43])
def test_no_other_secret_opens_anything(client, secret):
    answer = Program(client, secret).post("/permissions", ASKED)

    assert "Bearer" in problem(answer, 401, "key")["WWW-Authenticate"]


def test_a_key_does_nothing_beyond_its_scopes(client):
    problem(program(client, Scope.CAMPAIGNS_READ).post("/permissions", ASKED), 403, "scope")


@pytest.mark.parametrize("ended", [{"expires_at": timezone.now() - timedelta(seconds=1)}, {"revoked": True}])
def test_a_key_that_ended_opens_nothing(client, ended):
    revoked = ended.pop("revoked", False)
    shop = program(client, **ended)
    if revoked:
        ApiKey.objects.update(revoked_at=timezone.now())

    problem(shop.post("/permissions", ASKED), 401, "key")


def test_the_secret_is_kept_nowhere(client):
    key, secret = make_key("Shop", [Scope.PERMISSIONS], by=None)

    kept = [
        str(bytes(value) if isinstance(value, memoryview) else value) for value in ApiKey.objects.values_list().get()
    ]
    assert not any(secret[12:] in value for value in kept)
    assert secret.startswith(key.prefix)


def test_the_last_use_is_noted(client):
    program(client).post("/permissions", ASKED)

    assert ApiKey.objects.get().used_at is not None


def test_a_key_asks_no_more_often_than_it_may(client):
    shop = program(client, per_minute=2)
    answers = [shop.post("/permissions", ASKED) for _time in range(6)]

    # The minute may change between two requests, once.
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert int(problem(refused[0], 429, "rate")["Retry-After"]) > 0


def test_a_stop_is_never_put_off(client):
    shop = program(client, Scope.OBJECTIONS, per_minute=1)
    stop = ASKED | {"at": "2026-01-01T10:00:00+01:00"}

    assert {shop.post("/objections", stop).status_code for _time in range(5)} == {200, 201}


@pytest.fixture
def administrator(client):
    make_organisation()
    user = User.objects.create_user("camille", password="a long password")
    user.groups.add(Group.objects.get(name="Administrators"))
    client.force_login(user)
    return client


def test_an_administrator_makes_a_key_and_sees_its_secret_once(administrator, client):
    said = {"name": "Shop", "scopes": [Scope.PERMISSIONS], "months": 12, "per_minute": 60}
    page = administrator.post(reverse("api_keys"), said).content.decode()

    secret = re.search(r"loyal_[\w-]{43}", page)[0]
    assert Program(client, secret).post("/permissions", ASKED).status_code == 200
    assert secret not in administrator.get(reverse("api_keys")).content.decode()


def test_a_key_is_revoked_at_once(administrator, client):
    key, secret = make_key("Shop", [Scope.PERMISSIONS], by=None)
    administrator.post(reverse("revoke_api_key", args=[key.pk]))

    assert Program(client, secret).post("/permissions", ASKED).status_code == 401


@pytest.mark.django_db(transaction=True)
def test_the_page_of_keys_is_accessible(administrator, live_server, page):
    make_key("Shop", [Scope.PERMISSIONS], by=None)
    page.context.add_cookies(
        [{"name": "sessionid", "value": administrator.cookies["sessionid"].value, "url": live_server.url}]
    )
    for window in (PHONE, DESK):
        page.set_viewport_size(window)
        page.goto(live_server.url + reverse("api_keys"))

        assert problems(page) == []
