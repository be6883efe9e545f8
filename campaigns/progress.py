"""What became of a campaign's messages, counted: nobody is named."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Count

from campaigns.audience import Audience, Line, lines
from campaigns.models import Campaign, Link, Message

Status = Message.Status


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
        """Everybody whom the channel could reach and who did not receive it, as far as is known."""
        return sum(self.refused_at_launch.values()) + self.withheld + self.failed

    def grounds(self) -> list[Line]:
        return lines(self.sent_on)

    def reasons(self) -> list[Line]:
        """Why people did not receive it: refused at launch, withheld at sending or failed."""
        return lines(Counter(self.refused_at_launch) + Counter(self.withheld_for) + Counter(self.failed_for))


def progress_of(campaign: Campaign) -> Progress:
    """Count a campaign's messages, and the clicks on its links."""
    counts: dict[str, Counter[str]] = {status: Counter() for status in Status}
    groups = Message.objects.filter(campaign=campaign).values_list("status", "ground", "reason").order_by()
    for status, ground, reason, count in groups.annotate(count=Count("pk")):
        counts[status][ground if status == Status.SENT else reason] += count
    audience = Audience.from_json(campaign.audience)
    return Progress(
        by_status={status: found.total() for status, found in counts.items()},
        sent_on=counts[Status.SENT],
        withheld_for=counts[Status.WITHHELD],
        failed_for=counts[Status.FAILED],
        unknown_for=counts[Status.UNKNOWN],
        links=list(campaign.links.all()) if campaign.count_clicks else (),
        refused_at_launch=audience.refused if audience else {},
    )
