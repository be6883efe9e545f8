"""Programs are told what happened: signed, at least once, in order for each person, never within our own network."""

import base64
import hashlib
import hmac
import json
import threading
from contextlib import suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from api.models import Delivery, Endpoint, Event
from api.webhooks import posting
from api.webhooks.delivering import PAUSES, deliver, forget_deliveries, replay
from api.webhooks.posting import Unreachable, post
from api.webhooks.signing import secret_of
from campaigns import launch
from consent.acts import record_stop
from prospects.retention import erase_person
from tests.accessibility import DESK, PHONE, problems
from tests.factories import make_campaign, make_consent, make_detail, make_form, make_organisation, make_purpose
from tests.prospects.signing_up import sign_up_and_confirm

pytestmark = pytest.mark.django_db


class Receiver(ThreadingHTTPServer):
    """A program that is told, answers as it is asked to, and keeps what it was told."""

    def __init__(self):
        self.told, self.answers = [], []
        super().__init__(("127.0.0.1", 0), Told)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/hook?from=loyal"


class Told(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status = self.server.answers.pop(0) if self.server.answers else 204
        self.server.told.append((self.headers, body, status))
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_arguments):
        """A test's output is no place for it."""


@pytest.fixture
def receiver(settings):
    settings.WEBHOOKS_TO_PRIVATE_ADDRESSES = True
    make_organisation()
    with Receiver() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def listen(receiver, *events, **fields):
    return Endpoint.objects.create(name="Shop", url=receiver.url, events=events or Event.values, **fields)


def stop(detail):
    record_stop(detail.address_key, channel="email", purpose_id=None, at=timezone.now(), origin="staff")


def kinds(receiver):
    return [json.loads(body)["type"] for _headers, body, _status in receiver.told]


def test_every_event_is_told(receiver):
    listen(receiver)
    detail = make_detail()
    make_consent(detail, make_purpose())
    stop(detail)
    erase_person(detail.prospect, at=timezone.now())
    launch.cancel(make_campaign(status="scheduled", send_at=timezone.now()), at=timezone.now())
    while deliver(at=timezone.now()):
        pass

    assert {"consent.given", "consent.withdrawn", "objection.recorded", "person.erased", "campaign.finished"} == set(
        kinds(receiver)
    )


def test_a_confirmed_signup_is_told(receiver, client, mailbox):
    listen(receiver, Event.SIGNUP_CONFIRMED)
    form = make_form()
    sign_up_and_confirm(client, mailbox, form, "camille@example.test", tick=form.notice.boxes.all())
    deliver(at=timezone.now())

    assert json.loads(receiver.told[0][1])["data"]["form"] == form.slug


def test_only_what_was_registered_for_is_told(receiver):
    listen(receiver, Event.PERSON_ERASED)
    stop(make_detail())

    assert not Delivery.objects.exists()


def test_nothing_is_written_where_nobody_listens(db):
    stop(make_detail())

    assert not Delivery.objects.exists()


def test_a_delivery_is_signed_as_standard_webhooks_says(receiver):
    endpoint = listen(receiver, Event.OBJECTION_RECORDED)
    stop(make_detail())
    deliver(at=timezone.now())

    headers, body, _status = receiver.told[0]
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret_of(endpoint).removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"


@pytest.mark.parametrize("tells_address", [True, False])
def test_the_address_is_told_to_whoever_is_registered_for_it_alone(receiver, tells_address):
    listen(receiver, Event.OBJECTION_RECORDED, tells_address=tells_address)
    detail = make_detail("camille@example.test")
    stop(detail)
    deliver(at=timezone.now())

    body = receiver.told[0][1].decode()
    assert ("camille@example.test" in body) is tells_address
    assert json.loads(body)["data"]["person"] == detail.prospect_id
    assert "camille" not in json.dumps(list(Delivery.objects.values_list("data", flat=True)))


def test_one_that_fails_is_tried_again_with_the_same_id_and_growing_pauses(receiver):
    listen(receiver, Event.OBJECTION_RECORDED)
    stop(make_detail())
    receiver.answers = [500, 302]
    now = timezone.now()

    assert [deliver(at=now), deliver(at=now + PAUSES[0] / 2)] == [1, 0]
    assert deliver(at=now + PAUSES[0] * 2) == 1
    assert deliver(at=now + PAUSES[0] * 3) == 0
    assert deliver(at=now + PAUSES[1] * 3) == 1

    assert len({headers["webhook-id"] for headers, _body, _status in receiver.told}) == 1
    assert Delivery.objects.get().status == "delivered"


def test_pauses_grow_over_three_days():
    assert sorted(PAUSES) == PAUSES
    assert sum(PAUSES, timedelta()) >= timedelta(days=3)


def test_one_is_given_up_after_three_days_and_can_be_told_again(receiver):
    listen(receiver, Event.OBJECTION_RECORDED)
    stop(make_detail())
    receiver.answers = [503] * (len(PAUSES) + 1)
    for _attempt in range(len(PAUSES) + 1):
        Delivery.objects.update(next_at=timezone.now())
        deliver(at=timezone.now())
    assert Delivery.objects.get().status == "given_up"

    replay(Delivery.objects.all(), at=timezone.now())
    deliver(at=timezone.now())

    assert Delivery.objects.get().status == "delivered"


def test_nothing_is_told_of_somebody_before_what_happened_to_them_earlier(receiver):
    listen(receiver, Event.CONSENT_GIVEN, Event.CONSENT_WITHDRAWN)
    first, second = make_detail(), make_detail()
    purpose = make_purpose()
    for detail in (first, second):
        make_consent(detail, purpose)
    stop(first)
    receiver.answers = [500]

    deliver(at=timezone.now())

    assert kinds(receiver) == ["consent.given", "consent.given"]
    Delivery.objects.update(next_at=timezone.now())
    deliver(at=timezone.now())
    assert kinds(receiver)[2:] == ["consent.given"]
    deliver(at=timezone.now())
    assert kinds(receiver)[3:] == ["consent.withdrawn"]


def test_what_a_dead_worker_claimed_is_told_again(receiver):
    listen(receiver, Event.OBJECTION_RECORDED)
    stop(make_detail())
    Delivery.objects.update(next_at=timezone.now() + timedelta(minutes=2), attempts=1)

    assert deliver(at=timezone.now()) == 0
    assert deliver(at=timezone.now() + timedelta(minutes=3)) == 1


def test_a_webhook_that_is_not_active_is_told_nothing(receiver):
    endpoint = listen(receiver, Event.OBJECTION_RECORDED)
    stop(make_detail())
    Endpoint.objects.filter(pk=endpoint.pk).update(is_active=False)

    assert deliver(at=timezone.now()) == 0


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "10.0.0.1", "192.168.1.1", "169.254.169.254", "[::1]", "[fd00::1]", "[::ffff:127.0.0.1]"),
        *("localhost", "0.0.0.0", "2130706433", "0x7f.1", "[64:ff9b::7f00:1]"),
    ],
)
def test_nothing_is_sent_into_our_own_network(settings, host):
    settings.WEBHOOKS_TO_PRIVATE_ADDRESSES = False

    with pytest.raises(Unreachable):
        post(f"http://{host}/", b"{}", {})


def test_the_name_is_looked_up_once_and_the_connection_goes_there(settings, monkeypatch, receiver):
    looked_up = []

    def lookup(host, port, *_more, **_options):
        looked_up.append(host)
        return [(2, 1, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(posting.socket, "getaddrinfo", lookup)
    status = post(f"http://shop.example.test:{receiver.server_port}/", b"{}", {})

    assert (status, looked_up.count("shop.example.test")) == (204, 1)
    assert receiver.told[0][0]["Host"] == f"shop.example.test:{receiver.server_port}"


@given(st.text(max_size=80))
def test_whatever_is_typed_as_an_address_leads_to_an_answer_or_to_a_reason(text):
    with suppress(Unreachable):
        assert posting._resolve(text, 443)[1] == 443


def test_old_deliveries_are_forgotten(receiver):
    listen(receiver, Event.OBJECTION_RECORDED)
    stop(make_detail())
    deliver(at=timezone.now())

    assert forget_deliveries(timezone.now()) == 0
    assert forget_deliveries(timezone.now() + timedelta(days=31)) == 1


@pytest.fixture
def administrator(client):
    make_organisation()
    user = User.objects.create_user("camille", password="a long password")
    user.groups.add(Group.objects.get(name="Administrators"))
    client.force_login(user)
    return client


def test_an_administrator_registers_a_webhook_and_tells_again_what_was_given_up(administrator, receiver):
    said = {"name": "Shop", "url": receiver.url, "events": ["objection.recorded"], "is_active": "on"}
    page = administrator.post(reverse("webhooks"), said, follow=True).content.decode()
    endpoint = Endpoint.objects.get()
    assert secret_of(endpoint) in page
    stop(make_detail())
    Delivery.objects.update(status="given_up", ended_at=timezone.now())

    administrator.post(reverse("replay_deliveries", args=[endpoint.pk]))
    deliver(at=timezone.now())

    assert Delivery.objects.get().status == "delivered"


@pytest.mark.parametrize("url", ["ftp://example.test/", "javascript:alert(1)", "file:///etc/passwd", "example"])
def test_a_webhook_has_an_address_of_the_web(administrator, url):
    administrator.post(reverse("webhooks"), {"name": "Shop", "url": url, "events": ["person.erased"]})

    assert not Endpoint.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["webhooks", "webhook"])
def test_the_pages_are_accessible(administrator, receiver, live_server, page, name):
    endpoint = listen(receiver)
    stop(make_detail())
    page.context.add_cookies(
        [{"name": "sessionid", "value": administrator.cookies["sessionid"].value, "url": live_server.url}]
    )
    for window in (PHONE, DESK):
        page.set_viewport_size(window)
        page.goto(live_server.url + reverse(name, args=[endpoint.pk] if name == "webhook" else []))

        assert problems(page) == []
