"""Signatures as Standard Webhooks has them: https://github.com/standard-webhooks/standard-webhooks, version 1."""

import base64
import hmac
from datetime import datetime

from django.utils.crypto import salted_hmac

from api.models import Delivery, Endpoint


def secret_of(endpoint: Endpoint) -> str:
    """Return the secret that the program checks signatures with, as `whsec_…`. It is derived, and kept nowhere."""
    return f"whsec_{base64.b64encode(_key(endpoint)).decode()}"


def headers(delivery: Delivery, body: bytes, *, at: datetime) -> dict[str, str]:
    """Return the three headers of a delivery. `at` is the moment of the attempt: receivers refuse old ones."""
    message_id, moment = f"msg_{delivery.message_id.hex}", str(int(at.timestamp()))
    signed = b".".join((message_id.encode(), moment.encode(), body))
    signature = base64.b64encode(hmac.digest(_key(delivery.endpoint), signed, "sha256")).decode()
    return {"webhook-id": message_id, "webhook-timestamp": moment, "webhook-signature": f"v1,{signature}"}


def _key(endpoint: Endpoint) -> bytes:
    return salted_hmac("api.webhooks", endpoint.key.hex, algorithm="sha256").digest()
