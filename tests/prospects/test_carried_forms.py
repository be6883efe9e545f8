"""A form on any website may bring details to Loyal's page, and nothing but details."""

import pytest

from consent.models import Act
from prospects.models import PendingSignup
from tests.factories import make_form, make_organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def form(db):
    make_organisation()
    return make_form(slug="lettre", asks_name=True)


def test_details_that_come_along_are_filled_in_and_kept_nowhere(client, form):
    page = client.post("/s/lettre/details/", {"email": "camille@example.test", "first_name": "<b>Camille"})

    shown = page.content.decode()
    assert 'value="camille@example.test"' in shown
    assert "&lt;b&gt;Camille" in shown
    assert 'action="/s/lettre/"' in shown
    assert "no-store" in page["Cache-Control"]
    assert not PendingSignup.objects.exists()
    assert not client.cookies


def test_a_tick_that_comes_along_is_not_looked_at(client, form):
    box = form.notice.boxes.get()
    page = client.post("/s/lettre/details/", {"email": "camille@example.test", f"box_{box.pk}": "on", "stamp": "x"})

    assert "checked" not in page.content.decode()
    assert not PendingSignup.objects.exists()
    assert not Act.objects.exists()


def test_what_the_form_does_not_ask_for_is_left_out(client, form):
    page = client.post("/s/lettre/details/", {"phone": "01 99 00 12 34", "subject": "robot", "proof": "x"})

    shown = page.content.decode()
    assert "01 99" not in shown
    assert 'value="robot"' not in shown


def test_whoever_comes_without_details_is_led_to_the_form(client, form):
    assert client.get("/s/lettre/details/").url == "/s/lettre/"


def test_a_closed_form_takes_no_details(client, form):
    form.is_open = False
    form.save()

    assert client.post("/s/lettre/details/", {"email": "camille@example.test"}).status_code == 410


def test_one_client_brings_so_many_forms_an_hour(client, form, settings):
    settings.HOURLY_LIMITS = settings.HOURLY_LIMITS | {"carried_form": 1}
    assert client.post("/s/lettre/details/", {}).status_code == 200

    assert client.post("/s/lettre/details/", {}).status_code == 429
