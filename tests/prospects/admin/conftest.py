"""The admin in English, as a superuser sees it."""

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def client(admin_client):
    """Signed in as a superuser, to whom every door that exists is open."""
    admin_client.cookies.load({"django_language": "en"})
    return admin_client
