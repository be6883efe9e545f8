"""Messages whose end nobody knows, sent again because a person decided so, knowing that some may arrive twice."""

from django.db import transaction

from campaigns.launch import OutOfTurn
from campaigns.models import Campaign, Message


@transaction.atomic
def send_unknown_again(campaign: Campaign) -> int:
    """Queue a campaign's unknown messages again. Returns how many there were; the law is asked again as for any.

    Raises OutOfTurn for a campaign that was cancelled.
    """
    may_go_on = [Campaign.Status.RUNNING, Campaign.Status.PAUSED, Campaign.Status.DONE]
    if not Campaign.objects.select_for_update().filter(pk=campaign.pk, status__in=may_go_on).exists():
        raise OutOfTurn
    queued = Message.objects.filter(campaign=campaign, status=Message.Status.UNKNOWN).update(
        status=Message.Status.QUEUED, reason="", message_id=None, attempts=0, not_before=None, ended_at=None
    )
    if queued:
        done = Campaign.objects.filter(pk=campaign.pk, status=Campaign.Status.DONE)
        done.update(status=Campaign.Status.RUNNING, finished_at=None)
    return queued
