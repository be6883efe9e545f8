"""When a campaign may leave, by its writer's own choice: days, hours, public holidays. The law has its own hours."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Q

from campaigns.models import Campaign
from consent.law.days import PARIS_NAME, is_public_holiday

_PARIS = ZoneInfo(PARIS_NAME)


def is_open(campaign: Campaign, at: datetime) -> bool:
    """Say whether mails of this campaign may leave at that moment, counted in Paris."""
    moment = at.astimezone(_PARIS)
    day, hour = moment.date(), moment.time()
    if campaign.window_days and day.weekday() not in campaign.window_days:
        return False
    if not campaign.window_holidays and is_public_holiday(day):
        return False
    if campaign.window_from is not None and hour < campaign.window_from:
        return False
    return campaign.window_until is None or hour < campaign.window_until


def closed_campaigns(at: datetime) -> list[int]:
    """The running campaigns whose window is closed at that moment."""
    anytime = Q(window_days=[], window_from=None, window_until=None, window_holidays=True)
    with_windows = Campaign.objects.filter(~anytime, status=Campaign.Status.RUNNING)
    return [campaign.pk for campaign in with_windows if not is_open(campaign, at)]
