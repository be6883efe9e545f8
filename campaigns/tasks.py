"""Doors to the work, safe to open twice: the database says what there is to do."""

from celery import shared_task
from django.utils import timezone

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
