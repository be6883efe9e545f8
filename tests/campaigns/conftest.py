import pytest

from tests.factories import make_marketer, make_organisation


@pytest.fixture
def marketer(db):
    """A marketer of a named organisation."""
    make_organisation()
    return make_marketer(username="claude", email="claude@maison.example.test")


@pytest.fixture
def workspace(client, marketer):
    """A signed-in marketer's browser, without the browser; pages in English."""
    client.force_login(marketer)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client
