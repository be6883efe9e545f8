"""The pages of what went wrong: the organisation's own, without a database; and looked at as every other page is."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Page, expect

from consent.pictures import keep_picture
from tests.accessibility import DESK, PHONE, problems
from tests.consent.test_organisation import logo
from tests.factories import make_form, make_organisation

pytestmark = pytest.mark.django_db(transaction=True)
NO_REDIS = {"default": {"BACKEND": "config.redis_cache.RedisCache", "LOCATION": "redis://127.0.0.1:1"}}


@pytest.fixture
def form(settings, client):
    settings.ROOT_URLCONF = "tests.config.urls_that_fail"
    make_organisation(name="Maison Exemple", colour="#7a1f4b", logo=keep_picture(logo(), max_width=480))
    form = make_form(slug="lettre")
    client.raise_request_exception = False
    client.get("/")  # by which this process sees the organisation
    return form


def in_the_organisations_name(answer):
    content = answer.content.decode()
    return "Maison Exemple" in content and "7a1f4b" in content


def test_what_breaks_on_our_side_is_told_in_the_organisations_name_without_a_query(
    client, form, django_assert_num_queries
):
    with django_assert_num_queries(0):
        answer = client.get("/fails/")

    assert answer.status_code == 500
    assert in_the_organisations_name(answer)


def test_whoever_asks_too_often_costs_no_query(client, form, settings, django_assert_num_queries):
    settings.HOURLY_LIMITS = settings.HOURLY_LIMITS | {"signup": 0}
    with django_assert_num_queries(0):
        answer = client.post("/s/lettre/")

    assert answer.status_code == 429
    assert in_the_organisations_name(answer)


def test_without_redis_the_closed_page_costs_no_query(client, form, settings, django_assert_num_queries):
    settings.CACHES = NO_REDIS
    with django_assert_num_queries(0):
        answer = client.post("/s/lettre/")

    assert answer.status_code == 503
    assert in_the_organisations_name(answer)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(
    ("status", "path", "said"),
    [
        (500, "/fails/", {"fr": "de notre côté", "en": "on our side"}),
        (404, "/nothing-here/", {"fr": "Cette page n’existe pas", "en": "This page does not exist"}),
        (403, "/campaigns/", {"fr": "Vous ne pouvez pas voir cette page", "en": "You may not see this page"}),
        (429, "/challenge/", {"fr": "Trop de demandes", "en": "Too many requests"}),
        (503, "/challenge/", {"fr": "pour l’instant", "en": "right now"}),
    ],
)
def test_the_page_of_a_failure_speaks_the_visitors_language(client, form, settings, status, path, said, language):
    if status == 403:
        client.force_login(User.objects.create_user("camille"))
    settings.HOURLY_LIMITS = settings.HOURLY_LIMITS | ({"challenge": 0} if status == 429 else {})
    if status == 503:
        settings.CACHES = NO_REDIS

    answer = client.get(path, headers={"Accept-Language": language})

    assert answer.status_code == status
    assert f'<html lang="{language}">' in answer.content.decode()
    assert said[language] in answer.content.decode()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_form_without_its_token_is_told_so_in_the_visitors_language(form, language):
    client = Client(enforce_csrf_checks=True)

    answer = client.post("/login/", {}, headers={"Accept-Language": language})

    assert answer.status_code == 403
    said = {"fr": "Cette page est restée ouverte", "en": "This page was open for too long"}[language]
    assert said in answer.content.decode()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_every_page_of_a_failure_is_usable_and_bears_the_logo(page: Page, site, form, settings, size, scheme):
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)

    def seen(status, path):
        answer = page.goto(f"{site}{path}")
        assert answer.status == status
        assert problems(page) == []
        expect(page.get_by_role("banner").get_by_role("img", name="Maison Exemple")).to_be_visible()

    seen(500, "/fails/")
    seen(404, "/nothing-here/")
    settings.HOURLY_LIMITS = settings.HOURLY_LIMITS | {"challenge": 0}
    seen(429, "/challenge/")
    settings.CACHES = NO_REDIS
    seen(503, "/challenge/")
