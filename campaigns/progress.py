"""What became of a campaign's messages, counted: nobody is named."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from campaigns.audience import Audience, Line, lines
from campaigns.disclosure import EXACT, Discretion, went_to_few
from campaigns.models import Campaign, Link, Message

Status = Message.Status

# A page counts the messages of a campaign up to this large by itself; those of a larger one are counted beside it.
COUNTED_LIVE = 20_000
LATELY = timedelta(minutes=1)


@dataclass(frozen=True)
class Progress:
    """How many messages of a campaign stand where, and why some did not leave."""

    by_status: Mapping[str, int] = field(default_factory=dict)
    sent_on: Mapping[str, int] = field(default_factory=dict)
    withheld_for: Mapping[str, int] = field(default_factory=dict)
    failed_for: Mapping[str, int] = field(default_factory=dict)
    unknown_for: Mapping[str, int] = field(default_factory=dict)
    links: Sequence[Link] = ()
    refused_at_launch: Mapping[str, int] = field(default_factory=dict)
    sent_lately: int = 0  # in the minute before it was counted
    counted_at: datetime | None = None
    discretion: Discretion = EXACT

    @property
    def per_hour(self) -> int:
        """Mails an hour, by those of the last minute."""
        return self.sent_lately * 60

    @property
    def total(self) -> int:
        return sum(self.by_status.values())

    @property
    def waiting(self) -> int:
        return self.by_status.get(Status.QUEUED, 0) + self.by_status.get(Status.SENDING, 0)

    @property
    def ended(self) -> int:
        return self.total - self.waiting

    @property
    def percent(self) -> int:
        return 100 * self.ended // self.total if self.total else 100

    @property
    def sent(self) -> int:
        return self.by_status.get(Status.SENT, 0)

    @property
    def withheld(self) -> int:
        return self.by_status.get(Status.WITHHELD, 0)

    @property
    def failed(self) -> int:
        return self.by_status.get(Status.FAILED, 0)

    @property
    def unknown(self) -> int:
        return self.by_status.get(Status.UNKNOWN, 0)

    @property
    def not_received(self) -> int:
        """Everybody whom the channel could reach and who did not receive it, as far as is known and may be said."""
        count = sum(self.refused_at_launch.values()) + self.withheld + self.failed
        return max(self.discretion.rounded(count), self.discretion.smallest if self.discretion.is_narrowed else 0)

    @property
    def not_received_said(self) -> str:
        return self.discretion.say(sum(self.refused_at_launch.values()) + self.withheld + self.failed)

    def grounds(self) -> list[Line]:
        return lines(self.sent_on, discretion=self.discretion)

    def reasons(self) -> list[Line]:
        """Why people did not receive it: refused at launch, withheld at sending or failed."""
        return lines(self.all_reasons(), discretion=self.discretion)

    def all_reasons(self) -> Mapping[str, int]:
        """The same, by the codes of the reasons."""
        return Counter(self.refused_at_launch) + Counter(self.withheld_for) + Counter(self.failed_for)


def progress_of(campaign: Campaign, *, kept: bool = False) -> Progress:
    """Say how a campaign stands: counted now where that is quick, else, or where asked, as it was counted last."""
    found = campaign.counted
    if not found or (_is_small(campaign) and not kept):
        found, counted_at = count_messages(campaign, at=timezone.now()), None
    else:
        counted_at = campaign.counted_at
    counts: dict[str, Counter[str]] = {status: Counter() for status in Status}
    for status, ground, reason, count in found["groups"]:
        counts[status][ground if status == Status.SENT else reason] += count
    audience = Audience.from_json(campaign.audience)
    return Progress(
        by_status={status: counted.total() for status, counted in counts.items()},
        sent_on=counts[Status.SENT],
        withheld_for=counts[Status.WITHHELD],
        failed_for=counts[Status.FAILED],
        unknown_for=counts[Status.UNKNOWN],
        links=list(campaign.links.all()) if campaign.count_clicks and not went_to_few(campaign) else (),
        refused_at_launch=audience.refused if audience else {},
        sent_lately=found["sent_lately"],
        counted_at=counted_at,
        discretion=Discretion.about(campaign),
    )


def count_messages(campaign: Campaign, *, at: datetime) -> dict[str, Any]:
    """Count a campaign's messages by how they stand and why, and those sent within the last minute: one statement."""
    lately = Q(status=Status.SENT, ended_at__gt=at - LATELY)
    groups = Message.objects.filter(campaign=campaign).values_list("status", "ground", "reason").order_by()
    rows = list(groups.annotate(count=Count("pk"), lately=Count("pk", filter=lately)))
    return {"groups": [list(row[:4]) for row in rows], "sent_lately": sum(row[4] for row in rows)}


def _is_small(campaign: Campaign) -> bool:
    audience = Audience.from_json(campaign.audience)
    return audience is None or audience.allowed_total <= COUNTED_LIVE
