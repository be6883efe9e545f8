"""The documentation's receiver of webhooks runs as it is printed: it believes Loyal, and nobody else."""

import re
import subprocess
import sys
import urllib.error
import urllib.request
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.utils import timezone

from api.models import Delivery, Endpoint, Event
from api.webhooks.delivering import deliver, replay
from api.webhooks.signing import headers, secret_of
from consent.acts import record_stop
from tests.factories import make_detail, make_organisation

pytestmark = pytest.mark.django_db
DOCUMENT = (Path(django_settings.BASE_DIR) / "docs" / "webhooks.md").read_text()
(EXAMPLE,) = re.findall(r"^```python\n(.*?)^```$", DOCUMENT, re.MULTILINE | re.DOTALL)
LISTENS = 'HTTPServer(("127.0.0.1", 8080), Receiver).serve_forever()'


@pytest.fixture
def endpoint(settings):
    """The receiver as a program of its own, on a port that it chose, registered for objections."""
    settings.WEBHOOKS_TO_PRIVATE_ADDRESSES = True
    make_organisation()
    endpoint = Endpoint(name="Shop", events=[Event.OBJECTION_RECORDED])
    assert LISTENS in EXAMPLE
    on_a_free_port = (
        'server = HTTPServer(("127.0.0.1", 0), Receiver)\nprint(server.server_port, flush=True)\nserver.serve_forever()'
    )
    code = EXAMPLE.replace(LISTENS, on_a_free_port)
    code = re.sub(r'^SECRET = ".*"$', f'SECRET = "{secret_of(endpoint)}"', code, flags=re.MULTILINE)
    with subprocess.Popen([sys.executable, "-u", "-c", code], stdout=subprocess.PIPE, text=True) as program:
        endpoint.url = f"http://127.0.0.1:{program.stdout.readline().strip()}/"
        endpoint.save()
        endpoint.program = program
        yield endpoint
        program.kill()


def test_it_takes_what_loyal_signed_and_takes_it_once(endpoint):
    detail = make_detail()
    record_stop(detail.address_key, channel="email", purpose_id=None, at=timezone.now(), origin="staff")
    deliver(at=timezone.now())
    replay(Delivery.objects.all(), at=timezone.now())
    deliver(at=timezone.now())

    assert Delivery.objects.get().status == Delivery.Status.DELIVERED
    endpoint.program.kill()
    (said,) = endpoint.program.stdout.read().splitlines()
    assert said.startswith("objection.recorded")
    assert str(detail.prospect_id) in said


def test_it_refuses_what_somebody_else_sent_or_changed_or_sent_again_later(endpoint):
    record_stop(make_detail().address_key, channel="email", purpose_id=None, at=timezone.now(), origin="staff")
    delivery, body = Delivery.objects.get(), b'{"type": "objection.recorded", "data": {}}'
    signed, now = headers(delivery, body, at=timezone.now()), timezone.now()

    assert answer_to(endpoint, body, signed) == 204
    assert answer_to(endpoint, body + b" ", signed) == 401
    assert answer_to(endpoint, body, {**signed, "webhook-signature": "v1,AAAA"}) == 401
    assert answer_to(endpoint, body, headers(delivery, body, at=now - timedelta(minutes=6))) == 401
    assert answer_to(endpoint, body, {}) == 401


def answer_to(endpoint, body, sent):
    request = urllib.request.Request(endpoint.url, body, sent)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
