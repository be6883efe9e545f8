"""The captcha: work that a browser does unseen; what stands in for it where no script runs; what it never guards."""

import base64
import json
from datetime import timedelta

import pytest
from altcha import Challenge, Payload, solve_challenge
from django.utils import timezone

from consent.models import Objection
from consent.stop_links import stop_token
from prospects.models import PendingSignup
from tests.factories import make_detail, make_form, make_organisation, make_purpose
from tests.prospects.signing_up import fields

pytestmark = pytest.mark.django_db


@pytest.fixture
def form(settings):
    settings.CAPTCHA_WORK = 20
    make_organisation()
    return make_form(slug="lettre")


def solved(client):
    """What a browser makes of a fresh challenge."""
    challenge = Challenge.from_dict(client.get("/challenge/").json())
    return Payload(challenge, solve_challenge(challenge)).to_base64()


def sent(client, form, **typed):
    return client.post("/s/lettre/", fields(form, tick=form.notice.boxes.all(), **typed))


def test_a_solved_challenge_lets_one_signup_through_whatever_the_tighter_limit(client, form, settings):
    settings.HOURLY_LIMITS = settings.HOURLY_LIMITS | {"unproven_signup": 0}

    answer = sent(client, form, email="camille@example.test", proof=solved(client))

    assert answer.status_code == 302
    assert PendingSignup.objects.count() == 1


def test_a_challenge_is_never_the_same_and_never_kept_by_anybody(client, form):
    first, second = client.get("/challenge/"), client.get("/challenge/")

    assert first.json()["signature"] != second.json()["signature"]
    assert "no-store" in first["Cache-Control"]
    assert not first.cookies


def test_a_solution_sent_with_another_form_is_refused_and_the_visitor_may_send_again(client, form):
    solution = solved(client)
    sent(client, form, email="camille@example.test", proof=solution)

    answer = sent(client, form, email="robin@example.test", proof=solution)

    assert answer.status_code == 200
    assert "Merci d’appuyer encore une fois sur le bouton" in answer.content.decode()
    assert 'value="robin@example.test"' in answer.content.decode()
    assert solution not in answer.content.decode()
    assert PendingSignup.objects.count() == 1


def test_a_form_sent_twice_by_a_double_press_gets_the_same_answer_twice(client, form):
    sending = fields(form, tick=form.notice.boxes.all(), email="camille@example.test", proof=solved(client))

    assert [client.post("/s/lettre/", sending).status_code for _press in range(2)] == [302, 302]
    assert PendingSignup.objects.count() == 1


def forge(payload, *path, value):
    """A solution in which one thing was changed."""
    made = json.loads(base64.b64decode(payload))
    place = made
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    return base64.b64encode(json.dumps(made).encode()).decode()


@pytest.mark.parametrize(
    "forged",
    [
        lambda payload: forge(payload, "solution", "derivedKey", value="00" * 32),
        lambda payload: forge(payload, "challenge", "parameters", "expiresAt", value=9_999_999_999),
        lambda payload: forge(payload, "challenge", "parameters", "keySignature", value=None),
        lambda payload: forge(payload, "challenge", "signature", value="00" * 32),
        lambda payload: forge(payload, "challenge", value={}),
        lambda _payload: base64.b64encode(b"{").decode(),
        lambda _payload: "é?",
    ],
    ids=["solution", "end", "no signed key", "signature", "nothing", "no JSON", "no base64"],
)
def test_a_forged_solution_is_refused(client, form, forged):
    answer = sent(client, form, email="camille@example.test", proof=forged(solved(client)))

    assert answer.status_code == 200
    assert not PendingSignup.objects.exists()


def test_a_solution_ends_after_a_while(client, form, settings, time_machine):
    solution = solved(client)
    time_machine.move_to(timezone.now() + timedelta(seconds=settings.CAPTCHA_SECONDS + 1))

    assert sent(client, form, email="camille@example.test", proof=solution).status_code == 200
    assert not PendingSignup.objects.exists()


def test_without_a_script_a_tighter_limit_stands_in_and_nobody_is_refused_for_it(client, form, settings):
    settings.HOURLY_LIMITS = settings.HOURLY_LIMITS | {"unproven_signup": 2}

    answers = [sent(client, form, email=f"person-{n}@example.test") for n in range(3)]

    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert answers[-1]["Retry-After"]
    assert sent(client, form, email="person-2@example.test", proof=solved(client)).status_code == 302


def test_a_typing_error_costs_no_place_within_the_limit(client, form, settings):
    settings.HOURLY_LIMITS = settings.HOURLY_LIMITS | {"unproven_signup": 1}

    assert sent(client, form, email="not an address").status_code == 200
    assert sent(client, form, email="camille@example.test").status_code == 302


def test_no_captcha_stands_between_anybody_and_a_stop(client, settings):
    settings.HOURLY_LIMITS = dict.fromkeys(settings.HOURLY_LIMITS, 0)
    detail = make_detail()
    token = stop_token(detail.address_key, "email", make_purpose().pk)
    page = client.get(f"/u/{token}/").content.decode()

    assert "proof" not in page and "<script" not in page
    assert client.post(f"/u/{token}/").status_code == 200
    assert client.post(f"/p/{token}/", {"off": "everything"}).status_code == 200
    assert Objection.objects.count() == 2
