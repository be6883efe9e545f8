"""Doors to the work, safe to open twice: the database says what there is to do."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from campaigns.delivery.claim import settle_expired
from campaigns.delivery.places import a_place
from campaigns.delivery.send import Turn
from campaigns.launch import finish, launch, mark_late
from campaigns.models import Campaign


@shared_task
def tend_campaigns() -> None:
    """Every few seconds: start what is due, set aside what is late, close what has ended."""
    now = timezone.now()
    mark_late(at=now)
    finish(at=now)
    # One task each, so that a campaign that fails to start keeps no other from starting.
    for pk in Campaign.objects.due(now).values_list("pk", flat=True):
        launch_campaign.delay(pk)


@shared_task
def launch_campaign(pk: int) -> None:
    """Start one campaign, if it still is due."""
    for campaign in Campaign.objects.select_related("purpose").filter(pk=pk):
        launch(campaign, at=timezone.now())


@shared_task
def send_queued_messages() -> None:
    """Send what is queued, for one turn. However often it is asked for, only so many workers send at once."""
    with a_place() as free:
        if not free:
            return
        done = Turn(settings.SENDING_TURN_SECONDS).run()
    if not done:
        send_queued_messages.delay()


@shared_task
def settle_expired_leases() -> None:
    """Every minute: give an end to what a worker claimed and was never heard of again."""
    settle_expired(at=timezone.now())
