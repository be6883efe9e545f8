"""What mail providers tell by webhook: anymail checks who speaks and reads their dialects."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason
from anymail.webhooks.brevo import BrevoTrackingWebhookView
from anymail.webhooks.mailgun import MailgunTrackingWebhookView
from anymail.webhooks.postal import PostalTrackingWebhookView
from anymail.webhooks.sendgrid import SendGridTrackingWebhookView
from django.http import HttpRequest

from campaigns.returns.understand import STATUS, Kind, Understood, is_hard

_NAME = re.compile(r"([0-9a-f]{32})@")
_FAILED = {EventType.BOUNCED, EventType.FAILED, EventType.REJECTED}
_ADDRESS_IS_WRONG = {RejectReason.INVALID, RejectReason.BOUNCED}


class _BrevoByPassword(BrevoTrackingWebhookView):  # type: ignore[misc]  # anymail has no types
    webhook_secret = None  # what may be given to the view; Brevo signs nothing


@dataclass(frozen=True)
class Provider:
    """A provider whose events name our own Message-ID, and what its view calls the proof of who speaks."""

    view: type[Any]
    proof: str


PROVIDERS = {
    "mailgun": Provider(MailgunTrackingWebhookView, "webhook_signing_key"),
    "sendgrid": Provider(SendGridTrackingWebhookView, "tracking_webhook_verification_key"),
    "postal": Provider(PostalTrackingWebhookView, "webhook_key"),
    "brevo": Provider(_BrevoByPassword, "webhook_secret"),
}


def read_events(provider: Provider, key: str, request: HttpRequest) -> Iterator[Understood]:
    """What a provider tells. Raises a SuspiciousOperation where the request does not prove to be the provider's."""
    view = provider.view(**{provider.proof: key})
    view.run_validators(request)
    for event in view.parse_events(request):
        if understood := _understood(event):
            yield understood


def _understood(event: AnymailTrackingEvent) -> Understood | None:
    kind = _kind(event)
    if kind is None:
        return None
    said = " ".join(filter(None, (event.mta_response, event.description)))
    status = STATUS.search(said)
    told = json.dumps(event.esp_event, default=str)
    return Understood(
        kind,
        recipient=event.recipient or "",
        status=status[1] if status else "",
        reason=" ".join(said.replace("\0", "").split())[:200],
        names=tuple(UUID(name) for name in dict.fromkeys(_NAME.findall(told))),
    )


def _kind(event: AnymailTrackingEvent) -> Kind | None:
    if event.event_type == EventType.COMPLAINED:
        return Kind.COMPLAINT
    if event.event_type == EventType.UNSUBSCRIBED or event.reject_reason == RejectReason.UNSUBSCRIBED:
        return Kind.UNSUBSCRIBE
    if event.event_type not in _FAILED:
        return None  # on its way, delivered, put off; opens and clicks are nobody's business
    said = " ".join(filter(None, (event.mta_response, event.description)))
    if status := STATUS.search(said):
        return Kind.HARD if is_hard(status[1], said) else Kind.SOFT
    passing = isinstance(event.esp_event, dict) and event.esp_event.get("event") == "soft_bounce"
    return Kind.HARD if event.reject_reason in _ADDRESS_IS_WRONG and not passing else Kind.SOFT
