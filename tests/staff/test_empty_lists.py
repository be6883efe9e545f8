"""A list with nothing on it says what it is for and what to do next; one narrowed to nothing says how to see all."""

import pytest
from django.contrib import admin
from django.urls import reverse

from prospects.models import Prospect
from tests.factories import make_marketer, make_prospect

pytestmark = pytest.mark.django_db
# Without rows of their own: the one organisation, and what is reached from a person's page alone.
NO_LISTS = {"organisation", "contract", "legalhold", "user", "group"}


def listed():
    """Give each list of the admin, by its model."""
    for model, its_admin in admin.site._registry.items():
        if model._meta.model_name not in NO_LISTS and model._meta.app_label != "django_celery_beat":
            yield model, its_admin


def test_every_list_of_ours_has_its_words():
    assert [model._meta.label for model, its_admin in listed() if not getattr(its_admin, "when_empty", "")] == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_empty_list_says_what_to_do_next(admin_client, language):
    admin_client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    for model, its_admin in listed():
        page = admin_client.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"))

        assert 'class="nothing"' in page.content.decode(), model
        may_add = its_admin.has_add_permission(page.wsgi_request)
        assert (b'class="button"' in page.content) == may_add, model


def test_a_list_narrowed_to_nothing_leads_back_to_all(admin_client):
    make_prospect(last_name="Exemple")

    page = admin_client.get(reverse("admin:prospects_prospect_changelist"), {"q": "personne"}).content.decode()

    assert 'Rien ne correspond. <a href="?">' in page
    assert Prospect.objects.exists()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("imports", "Aucun fichier pour l’instant"),
        ("exports", "Aucune pour l’instant"),
        ("api_keys", "Aucune pour l’instant"),
        ("webhooks", "Aucun pour l’instant"),
    ],
)
def test_an_empty_page_of_the_workspace_says_what_to_do_next(admin_client, name, words):
    assert words in admin_client.get(reverse(name)).content.decode()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("home", "un administrateur définit une finalité"),
        ("all", "Écrire la première"),
        ("segments", "Créer le premier segment"),
        ("templates", "Enregistrer comme modèle"),
        ("pictures", "Aucune image encore"),
    ],
)
def test_an_empty_page_of_marketers_says_what_to_do_next(client, name, words):
    client.force_login(make_marketer())

    assert words in client.get(reverse(f"campaigns:{name}")).content.decode()
