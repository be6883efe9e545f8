"""The editor of forms: what visitors would see of what is typed and not saved, and what the law says of it."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from consent.models import SignupForm
from tests.accessibility import Complaints, problems
from tests.factories import call_mentions, make_form, make_notice, make_organisation

PREVIEW, CHECKS = "/prospects/forms/preview/", "/prospects/forms/checks/"


def typed(shown, **fields):
    words = {"title_fr": "Titre tapé", "title_en": "Typed title", "slug": "typed", "asks_email": "on"}
    return words | {"notice": shown.pk, "resource": "none", "language": "fr"} | fields


@pytest.mark.django_db
def test_what_is_typed_is_shown_and_not_saved(admin_client):
    make_organisation()
    notice = make_notice()

    page = admin_client.post(PREVIEW, typed(notice)).content.decode()

    assert "Titre tapé" in page
    assert notice.boxes.get().label_fr.replace("'", "&#x27;") in page
    assert not SignupForm.objects.exists()


@pytest.mark.django_db
def test_nothing_in_a_preview_can_be_ticked_filled_in_or_is_ticked(admin_client):
    notice = make_notice()
    box = f"box_{notice.boxes.get().pk}"

    page = admin_client.post(PREVIEW, typed(notice, **{box: "on"})).content.decode()

    assert page.count("disabled") >= 2
    assert "checked" not in page
    assert "<script" not in page


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "title"), [("fr", "Titre tapé"), ("en", "Typed title")])
def test_the_preview_speaks_the_language_chosen(admin_client, language, title):
    page = admin_client.post(PREVIEW, typed(make_notice(), language=language)).content.decode()

    assert title in page
    assert f'<html lang="{language}"' in page


@pytest.mark.django_db
@pytest.mark.parametrize("fields", [{}, {"notice": ""}, {"slug": "!!", "title_fr": "", "resource": "nonsense"}])
def test_a_form_that_is_half_typed_is_shown_as_far_as_it_goes(admin_client, fields):
    for address in (PREVIEW, CHECKS):
        assert admin_client.post(address, typed(make_notice(), **fields)).status_code == 200


@pytest.mark.django_db
def test_the_checks_follow_what_is_typed(admin_client):
    notice = make_notice({"channel": "phone", **call_mentions()})

    without, with_phone = (
        admin_client.post(CHECKS, typed(notice, **fields)).content.decode() for fields in ({}, {"asks_phone": "on"})
    )

    assert "law-check is-red" in without
    assert "is-red" not in with_phone
    assert "L223-2" in with_phone


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_preview_follows_in_a_browser_as_one_types(browser, site, transactional_db, admin_client, language):
    make_organisation()
    form = make_form()
    context = browser.new_context(locale=language, viewport={"width": 1280, "height": 900})
    context.add_cookies([{"name": "sessionid", "value": admin_client.cookies["sessionid"].value, "url": site}])
    page = context.new_page()
    complaints = Complaints().listen(page)

    page.goto(site + reverse("admin:consent_signupform_change", args=[form.pk]))
    shown = page.frame_locator("iframe")
    expect(shown.get_by_role("heading", name="Notre lettre")).to_be_visible()
    page.locator("#id_title_fr").fill("Lettre des semis")
    expect(shown.get_by_role("heading", name="Lettre des semis")).to_be_visible()
    expect(shown.get_by_role("checkbox")).to_be_disabled()
    page.locator("#id_introduction_fr").fill("Cochez pour recevoir un cadeau.")
    expect(page.locator(".field-checks")).to_contain_text("Cochez")

    assert complaints == []
    assert problems(page) == []
    assert SignupForm.objects.get().title_fr == "Notre lettre"
    context.close()
