import pytest

from tests.factories import make_form, make_organisation

pytestmark = pytest.mark.django_db


def test_the_home_page_shows_the_organisation_and_links_its_open_forms(client):
    make_organisation(name="Maison Exemple")
    make_form(slug="lettre", title_fr="Notre lettre")
    make_form(slug="ancienne", title_fr="Ancienne lettre", is_open=False)

    page = client.get("/", headers={"accept-language": "fr"}).content.decode()

    assert "Maison Exemple" in page
    assert "Notre lettre" in page
    assert "Ancienne lettre" not in page


def test_a_home_page_without_forms_says_what_to_do_next(client):
    page = client.get("/", headers={"accept-language": "en"}).content.decode()

    assert "No form is open at the moment." in page
    assert "publish a notice, then add a signup form" in page


def test_a_visitor_chooses_the_language_by_a_link_and_keeps_it(client):
    make_organisation()
    chosen = client.get("/?lang=en", headers={"accept-language": "fr"})
    assert '<html lang="en">' in chosen.content.decode()

    kept = client.get("/", headers={"accept-language": "fr"})
    assert '<html lang="en">' in kept.content.decode()
    assert '<html lang="fr">' in client.get("/?lang=fr").content.decode()


@pytest.mark.parametrize("language", ["xx", "", "../etc", "fr-FR"])
def test_a_language_that_loyal_does_not_speak_is_passed_over_and_sets_no_cookie(client, language):
    response = client.get("/", {"lang": language}, headers={"accept-language": "fr"})

    assert '<html lang="fr">' in response.content.decode()
    assert not response.cookies


def test_the_pages_of_errors_speak_the_language_of_the_visitor(client):
    make_organisation()
    assert "This page does not exist" in client.get("/nothing", headers={"accept-language": "en"}).content.decode()
