import time

from celery import shared_task
from django.utils import timezone

from api.idempotency import forget_requests
from api.webhooks.delivering import deliver, forget_deliveries

_TURN_SECONDS = 30


@shared_task
def forget_old_requests() -> None:
    """Erase the answers kept for requests that named themselves, after a day, and old deliveries of webhooks."""
    now = timezone.now()
    forget_requests(now)
    forget_deliveries(now)


@shared_task(expires=30)
def tell_programs() -> None:
    """Deliver what waits for webhooks, for one turn; the next tick goes on."""
    end = time.monotonic() + _TURN_SECONDS
    while deliver(at=timezone.now()) and time.monotonic() < end:
        pass
