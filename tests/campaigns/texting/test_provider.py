"""MMS, and SMS, through a provider that a file describes: what it is asked, and what its signed calls change."""

import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest

from campaigns import channels, illustrations
from campaigns.models import Campaign
from campaigns.readiness import obstacles
from campaigns.tasks import send_queued_messages
from consent.models import Objection
from consent.vocabulary import Channel, Medium
from prospects.texting.gateway import Taken, Text
from prospects.texting.provider import provider_in
from tests.campaigns.pages import text, written
from tests.campaigns.test_sections import png
from tests.campaigns.texting.conftest import text_campaign
from tests.factories import make_consent, make_detail, make_message, make_purpose

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.time_machine("2026-11-25 10:00+01:00")]

DESCRIBED = """
address = "{address}"
body = '{{"to": {{{{ to }}}}, "text": {{{{ text }}}}, "media": {{{{ picture }}}}, "reference": {{{{ name }}}}}}'
answer_id = "messages.0.id"

[headers]
Content-Type = "application/json"
Authorization = "Bearer known"

[calls]
secret = "shared"
name = "reference"
"""


@pytest.fixture
def asked():
    """A provider that records what it is asked, and answers what it is told to."""
    requests = []

    class Recording(BaseHTTPRequestHandler):
        answers = [(201, {"messages": [{"id": "m-1"}]})]

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            requests.append((self.headers["Authorization"], json.loads(body)))
            status, answer = Recording.answers[0]
            said = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_said):
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Recording) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield SimpleNamespace(
            said=requests, answers=Recording.answers, address=f"http://127.0.0.1:{server.server_port}/messages"
        )
        server.shutdown()


@pytest.fixture
def provider(sms, asked, tmp_path):
    path = tmp_path / "provider.toml"
    path.write_text(DESCRIBED.format(address=asked.address))
    sms.MMS_PROVIDER = sms.SMS_PROVIDER = str(path)
    sms.SMS_GATEWAY = ""
    return provider_in(str(path), "Maison")


def call(client, said, secret="shared", channel="mms"):
    body = json.dumps(said).encode()
    seal = hmac.digest(secret.encode(), body, "sha256").hex()
    return client.post(
        f"/returns/{channel}/calls/", body, content_type="application/json", headers={"X-Signature": seal}
    )


def test_an_mms_is_written_with_its_picture_sent_and_stopped(provider, asked, workspace, marketer):
    shown = illustrations.add(png(), by=marketer)
    purpose = make_purpose()
    said = written(purpose, channel="mms", body="Nos soldes", **{"particulars-picture": shown.picture_id})
    page = text(workspace.post("/campaigns/new/", said, follow=True))
    assert "Maison Exemple: Nos soldes STOP au 36111" in page
    campaign = Campaign.objects.get()
    Campaign.objects.filter(pk=campaign.pk).update(status="running", send_at="2026-11-25T09:00Z")
    detail = make_detail("+33612345678", medium=Medium.PHONE)
    make_consent(detail, purpose, channel=Channel.MMS)
    message = make_message(campaign=campaign, detail=detail, ground="consent")

    send_queued_messages(Channel.MMS.value)

    message.refresh_from_db()
    assert (message.status, message.ground) == ("sent", "consent")
    [(authorization, request)] = asked.said
    assert authorization == "Bearer known"
    assert request == {
        "to": "+33612345678",
        "text": "Maison Exemple: Nos soldes STOP au 36111",
        "media": shown.picture.address,
        "reference": message.message_id.hex,
    }

    call(workspace, {"reference": message.message_id.hex, "status": "rejected", "error": "absent"})
    message.refresh_from_db()
    assert (message.status, message.reason) == ("failed", "not_delivered")

    call(workspace, {"from": "+33612345678", "text": "Stop"})
    assert set(Objection.objects.values_list("channel", flat=True)) == {"sms", "mms"}
    assert "plus de SMS" in asked.said[1][1]["text"]


def test_what_all_texts_of_a_batch_share_is_looked_up_once(provider, asked, marketer, django_assert_num_queries):
    shown = illustrations.add(png(), by=marketer)
    campaign = text_campaign(channel=Channel.MMS, particulars={"picture": shown.picture_id})
    with django_assert_num_queries(2):  # the picture, and our name
        write = channels.named(Channel.MMS).writer(campaign)
    reader = SimpleNamespace(address="+33612345678", words={}, message_id="a")

    with django_assert_num_queries(0):
        texts = [write(SimpleNamespace(reader=reader)) for _reader in range(3)]

    assert {text.picture for text in texts} == {shown.picture.address}


def test_an_mms_without_a_picture_is_not_scheduled(provider):
    campaign = text_campaign(channel=Channel.MMS, status="draft", send_at=None)

    assert obstacles(campaign) == ["Choisissez une image de la bibliothèque."]


def test_a_call_that_the_provider_did_not_sign_changes_nothing(provider, client):
    assert call(client, {"from": "+33612345678", "text": "Stop"}, secret="guessed").status_code == 403
    assert not Objection.objects.exists()


@pytest.mark.parametrize(
    ("status", "answer", "taken"),
    [
        (201, {"messages": [{"id": 7}]}, Taken.SENT),
        (200, {}, Taken.UNKNOWN),
        (400, {}, Taken.REFUSED),
        (429, {}, Taken.LATER),
        (401, {}, Taken.CLOSED),
        (500, {}, Taken.UNKNOWN),
    ],
)
def test_what_a_provider_answers_is_read_as_its_file_says(provider, asked, status, answer, taken):
    asked.answers[0] = (status, answer)

    assert provider.send(Text("+33612345678", "Bonjour « vous »")).taken is taken


@pytest.mark.parametrize(
    "wrong", ['address = "ftp://x"\nbody = ""', 'address = "https://x"\nbody = "{{ colour }}"', "body ="]
)
def test_a_description_that_cannot_be_used_says_so(tmp_path, wrong):
    path = tmp_path / "wrong.toml"
    path.write_text(wrong)

    with pytest.raises(ValueError, match=r"wrong\.toml"):
        provider_in(str(path), "Maison")
