"""A campaign beside the earlier ones of its purpose, by shares: nobody is named."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Sum

from campaigns.disclosure import went_to_few
from campaigns.models import Campaign
from campaigns.progress import Progress, progress_of
from campaigns.results import Results

EARLIER_SHOWN = 9


@dataclass(frozen=True)
class Compared:
    """One campaign's shares, in percent; None where there is nothing to take a share of, or nothing was counted."""

    campaign: Campaign
    sent: int
    delivered: float | None
    failed: float | None
    stopped: float | None
    complained: float | None
    clicked: float | None


def compare(campaign: Campaign) -> list[Compared]:
    """Set a campaign beside the latest ended ones of its purpose and channel, the oldest first."""
    earlier = (
        Campaign.objects.filter(
            purpose=campaign.purpose_id, channel=campaign.channel, status=Campaign.Status.DONE, results_at__isnull=False
        )
        .filter(finished_at__lt=campaign.finished_at or campaign.launched_at or campaign.created_at)
        .exclude(pk=campaign.pk)
        .order_by("-finished_at")
    )
    shown: Sequence[Campaign] = [*reversed(earlier[:EARLIER_SHOWN]), campaign]
    clicks = dict(
        Campaign.objects.filter(pk__in=[one.pk for one in shown], count_clicks=True)
        .values_list("pk")
        .annotate(clicks=Sum("links__clicks", default=0))
        .order_by()
    )
    return [compared(one, progress_of(one, kept=True), clicks.get(one.pk)) for one in shown]


def compared(campaign: Campaign, progress: Progress, clicks: int | None) -> Compared:
    """Take the shares of one campaign."""
    results = Results.from_json(campaign.results)
    if went_to_few(campaign):
        return Compared(campaign, progress.sent, None, None, None, None, None)
    # A mail that a server took and sent back later was sent, and not delivered.
    came_back = min(progress.sent, max(0, results.hard + results.soft - progress.failed)) if results else 0
    tried = progress.sent + progress.failed
    return Compared(
        campaign,
        progress.sent,
        delivered=_percent(progress.sent - came_back, tried),
        failed=_percent(progress.failed + came_back, tried),
        stopped=_percent(results.stops, progress.sent) if results else None,
        complained=_percent(results.complaints, progress.sent) if results else None,
        clicked=_percent(clicks, progress.sent) if clicks is not None else None,
    )


def _percent(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None
