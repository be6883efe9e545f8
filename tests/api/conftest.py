import pytest

from api.keys import make_key
from api.models import Scope
from tests.factories import make_marketer, make_organisation


class Program:
    """A program that brings its key with every request."""

    def __init__(self, client, secret):
        self._client, self.secret = client, secret

    def ask(self, method, path, body=None, **headers):
        """Send a request with a JSON body, and return the answer."""
        headers = {"Authorization": f"Bearer {self.secret}"} | headers
        return getattr(self._client, method)(
            f"/api/v1{path}", data=body, content_type="application/json", headers=headers
        )

    def post(self, path, body, **headers):
        return self.ask("post", path, body, **headers)

    def get(self, path, **headers):
        headers = {"Authorization": f"Bearer {self.secret}"} | headers
        return self._client.get(f"/api/v1{path}", headers=headers)


@pytest.fixture
def program(db, client):
    """A program whose key may do everything."""
    make_organisation()
    _key, secret = make_key("Shop", Scope.values, by=make_marketer())
    return Program(client, secret)
