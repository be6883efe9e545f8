"""Figures that pages only read: counted anew while a campaign runs, as it ends, and while things still come back."""

import time
from datetime import datetime, timedelta

from django.db.models import F, Q

from campaigns.models import Campaign
from campaigns.progress import count_messages
from campaigns.results import count_results

Status = Campaign.Status

# Counting takes at most this share of a worker's time.
_SHARE = 0.05
_SOONEST = timedelta(seconds=5)
_DETAILS_EVERY = timedelta(minutes=1)
_AFTERWARDS = timedelta(days=14)
_AFTERWARDS_EVERY = timedelta(hours=1)


def recount(*, at: datetime) -> int:
    """Count the campaigns whose figures have aged. Returns how many campaigns that was."""
    campaigns = list(_aged(at))
    for campaign in campaigns:
        _recount(campaign, at=at)
    return len(campaigns)


def _aged(at: datetime) -> list[Campaign]:
    """Those being sent, those whose end was not counted and, once an hour for two weeks, those that have ended."""
    never_since = Q(counted_at=None) | Q(counted_at__lt=F("finished_at"))
    lately = Q(finished_at__gt=at - _AFTERWARDS, counted_at__lt=at - _AFTERWARDS_EVERY)
    under_way = Campaign.objects.under_way().filter(Q(counted_at=None) | Q(counted_at__lt=at - _SOONEST))
    ended = Campaign.objects.filter(never_since | lately, status__in=[Status.DONE, Status.CANCELLED])
    found = [*under_way, *ended.filter(launched_at__isnull=False)]
    return [campaign for campaign in found if _may_be_counted(campaign, at)]


def _may_be_counted(campaign: Campaign, at: datetime) -> bool:
    """Whether it was counted long enough ago, by how long that took."""
    if campaign.counted_at is None:
        return True
    return at - campaign.counted_at >= timedelta(seconds=campaign.counted.get("took", 0) / _SHARE)


def _recount(campaign: Campaign, *, at: datetime) -> None:
    # Of two workers at once, one counts.
    mine = Campaign.objects.filter(pk=campaign.pk, counted_at=campaign.counted_at)
    if not mine.update(counted_at=at):
        return
    began_at = time.monotonic()
    counted = count_messages(campaign, at=at) | {"took": time.monotonic() - began_at}
    Campaign.objects.filter(pk=campaign.pk).update(counted=counted)
    if campaign.finished_at or _details_are_old(campaign, at):
        began_at = time.monotonic()
        results = count_results(campaign).as_json()
        took = time.monotonic() - began_at
        Campaign.objects.filter(pk=campaign.pk).update(results=results, results_at=at, results_took=took)


def _details_are_old(campaign: Campaign, at: datetime) -> bool:
    if campaign.results_at is None:
        return True
    return at - campaign.results_at >= max(_DETAILS_EVERY, timedelta(seconds=campaign.results_took / _SHARE))
