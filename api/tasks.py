from celery import shared_task
from django.utils import timezone

from api.idempotency import forget_requests


@shared_task
def forget_old_requests() -> None:
    """Erase the answers kept for requests that named themselves, after a day."""
    forget_requests(timezone.now())
