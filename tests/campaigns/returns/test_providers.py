"""Mail providers tell by webhook what came back: believed only with their proof, and about mails that left."""

import base64
import hashlib
import hmac
import json
import secrets
from uuid import UUID

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from django.core.checks import run_checks

from campaigns.models import Bounce
from consent.models import Objection
from prospects.models import Interaction
from tests.factories import make_message, make_organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def message(db):
    make_organisation()
    message = make_message(status="sent", ground="consent")
    message.message_id = UUID(int=message.pk << 64 | secrets.randbits(64))
    message.save(update_fields=["message_id"])
    return message


@pytest.fixture(autouse=True)
def providers(settings):
    settings.PROVIDER_WEBHOOKS = {"mailgun": "mailgun-key", "brevo": "loyal:made-up-for-brevo"}


def mailgun(client, message, event, *, key="mailgun-key", **data):
    token, stamp = secrets.token_hex(16), "1763980000"
    body = {
        "signature": {
            "token": token,
            "timestamp": stamp,
            "signature": hmac.new(key.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest(),
        },
        "event-data": {
            "event": event,
            "timestamp": 1763980000.1,
            "recipient": message.detail.address,
            "message": {"headers": {"message-id": f"{message.message_id.hex}@example.test"}},
            **data,
        },
    }
    return client.post("/returns/mailgun/", json.dumps(body), content_type="application/json")


def brevo(client, message, event, *, password="loyal:made-up-for-brevo", **data):
    body = {"event": event, "email": message.detail.address, "message-id": f"<{message.message_id.hex}@example.test>"}
    headers = {"HTTP_AUTHORIZATION": "Basic " + base64.b64encode(password.encode()).decode()} if password else {}
    return client.post("/returns/brevo/", json.dumps(body | data), content_type="application/json", **headers)


def state_of(message):
    message.detail.refresh_from_db()
    return message.detail.state


def test_a_bounce_for_good_makes_the_address_undeliverable_and_is_no_objection(client, message):
    answer = mailgun(
        client,
        message,
        "failed",
        severity="permanent",
        reason="bounce",
        **{"delivery-status": {"code": 550, "message": "550 5.1.1 No such user <a@b.example.test>"}},
    )

    assert answer.status_code == 200
    assert state_of(message) == "undeliverable"
    bounce = Bounce.objects.get()
    assert (bounce.kind, bounce.status) == ("hard", "5.1.1")
    assert "b.example.test" not in bounce.reason
    assert not Objection.objects.exists()


@pytest.mark.parametrize("status", ["552 5.2.2 Mailbox full", "550 5.7.1 Refused by policy", "451 4.3.0 Not now"])
def test_a_bounce_that_says_nothing_of_the_address_is_a_passing_one(client, message, status):
    mailgun(
        client, message, "failed", severity="permanent", reason="bounce", **{"delivery-status": {"message": status}}
    )

    assert (state_of(message), Bounce.objects.get().kind) == ("usable", "soft")


@pytest.mark.parametrize(
    ("event", "kind"),
    [("hard_bounce", "hard"), ("invalid_email", "hard"), ("soft_bounce", "soft"), ("blocked", "soft")],
)
def test_a_bounce_without_a_code_is_what_the_provider_calls_it(client, message, event, kind):
    assert brevo(client, message, event).status_code == 200

    assert Bounce.objects.get().kind == kind


def test_a_complaint_is_an_objection_to_all_e_mail(client, message):
    mailgun(client, message, "complained")

    assert Bounce.objects.get().kind == "complaint"
    objection = Objection.objects.get()
    assert (objection.address_key, objection.channel, objection.purpose) == (message.detail.address_key, "email", None)


def test_an_unsubscription_at_the_provider_is_an_objection_said_once(client, message):
    for _ in range(2):
        assert brevo(client, message, "unsubscribe").status_code == 200

    assert Objection.objects.get().channel == "email"
    assert not Bounce.objects.exists()


@pytest.mark.parametrize("event", ["opened", "click", "delivered", "deferred", "request", "never heard of"])
def test_opens_clicks_and_deliveries_are_ignored(client, message, event):
    assert brevo(client, message, event).status_code == 200

    assert not (Bounce.objects.exists() or Objection.objects.exists() or Interaction.objects.exists())


def test_what_carries_no_proof_or_a_wrong_one_is_refused_and_changes_nothing(client, message):
    answers = [
        mailgun(client, message, "complained", key="somebody-elses"),
        client.post("/returns/mailgun/", "{}", content_type="application/json"),
        brevo(client, message, "complaint", password="loyal:guessed"),
        brevo(client, message, "complaint", password=None),
    ]

    assert [answer.status_code for answer in answers] == [400] * 4
    assert not (Bounce.objects.exists() or Objection.objects.exists())


@pytest.mark.parametrize("configured", [{}, {"brevo": ""}, {"mailgun": "mailgun-key"}])
def test_a_provider_that_is_not_named_or_has_no_key_finds_nothing(client, message, settings, configured):
    settings.PROVIDER_WEBHOOKS = configured

    assert brevo(client, message, "complaint", password=None).status_code == 404
    assert brevo(client, message, "complaint", password=":").status_code == 404


def test_a_mail_that_was_never_sent_here_is_nobodys(client, message):
    message.message_id = UUID(int=message.message_id.int ^ 1)  # somebody guesses

    assert mailgun(client, message, "complained").status_code == 200
    assert not Objection.objects.exists()


def test_sendgrid_signs_what_it_says(client, message, settings):
    key = ec.generate_private_key(ec.SECP256R1())
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    settings.PROVIDER_WEBHOOKS = {"sendgrid": base64.b64encode(public).decode()}
    event = {
        "event": "spamreport",
        "email": message.detail.address,
        "timestamp": 1763980000,
        "smtp-id": f"<{message.message_id.hex}@example.test>",
    }
    body = json.dumps([event]).encode()
    signature = base64.b64encode(key.sign(b"1763980000" + body, ec.ECDSA(hashes.SHA256()))).decode()

    def tell(said):
        return client.post(
            "/returns/sendgrid/",
            said,
            content_type="application/json",
            HTTP_X_TWILIO_EMAIL_EVENT_WEBHOOK_SIGNATURE=signature,
            HTTP_X_TWILIO_EMAIL_EVENT_WEBHOOK_TIMESTAMP="1763980000",
        ).status_code

    assert tell(body.replace(b"spamreport", b"unsubscribe")) == 400
    assert not Objection.objects.exists()
    assert tell(body) == 200
    assert Objection.objects.exists()


def test_postal_signs_what_it_says(client, message, settings):
    key = rsa.generate_private_key(65537, 2048)
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    settings.PROVIDER_WEBHOOKS = {"postal": base64.b64encode(public).decode()}
    body = json.dumps(
        {
            "status": "HardFail",
            "output": "550 5.1.1 Unknown",
            "message": {"id": 7, "message_id": f"{message.message_id.hex}@example.test", "direction": "outgoing"},
        }
    )
    body = json.dumps({"event": "MessageDeliveryFailed", "payload": json.loads(body)}).encode()
    signature = base64.b64encode(key.sign(body, padding.PKCS1v15(), hashes.SHA1())).decode()

    def tell(said):
        return client.post(
            "/returns/postal/", said, content_type="application/json", HTTP_X_POSTAL_SIGNATURE=signature
        ).status_code

    assert tell(body.replace(b"Unknown", b"unknown")) == 400
    assert tell(body) == 200
    assert state_of(message) == "undeliverable"


def test_a_provider_may_ask_whether_we_are_there(client):
    assert client.head("/returns/mailgun/").status_code == 200
    assert client.get("/returns/mailgun/").status_code == 405


def test_the_set_up_check_names_a_provider_that_would_be_refused(settings):
    settings.PROVIDER_WEBHOOKS = {"mailgum": "x", "brevo": "", "postal": "key"}

    found = [error.msg for error in run_checks(include_deployment_checks=True) if error.id == "campaigns.E003"]

    assert len(found) == 2 and "mailgum" in found[0] and "brevo" in found[1]
