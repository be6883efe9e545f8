"""Keys of programs, requests that named themselves, and the webhooks that tell programs what happened."""

from api.models.keys import ApiKey, IdempotentRequest, Scope
from api.models.webhooks import Delivery, Endpoint, Event

__all__ = ["ApiKey", "Delivery", "Endpoint", "Event", "IdempotentRequest", "Scope"]
