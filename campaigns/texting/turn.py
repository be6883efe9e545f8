"""One worker's turn at texts: claim few, ask the law, give them to the gateway side by side, record at once.

What is in the air when the worker is killed was claimed before: it becomes unknown, and is never sent again by itself.
"""

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from campaigns.delivery.bounces import note_refusals, stop_if_too_many
from campaigns.delivery.claim import Batch, Claimed, claim
from campaigns.delivery.judge import Allowed, Refused, judge
from campaigns.delivery.limits import Allowance, Limits
from campaigns.delivery.outcomes import PAUSES, Outcome, Status
from campaigns.delivery.send import record_surely
from campaigns.delivery.windows import closed_campaigns, is_open
from campaigns.fields import extra_fields
from campaigns.models import Campaign
from campaigns.texting.reports import report_address
from consent.law import Reason
from consent.law.hours import HOURS, next_opening
from consent.law.words import Channel as LawChannel
from prospects.models import ContactDetail
from prospects.texting.gateway import Answer, Gateway, Taken, Text

logger = logging.getLogger(__name__)

_FRESH_SECONDS = 0.5
_MOST = 50  # claimed at once


class TextTurn:
    """A turn on one channel, through one gateway; `writer` gives what writes a campaign's text to each reader."""

    def __init__(
        self, channel: str, gateway: Gateway, writer: Callable[[Campaign], Callable[[Allowed], Text]], seconds: float
    ) -> None:
        self._channel = channel
        self._gateway = gateway
        self._writer = writer
        self._ends_at = time.monotonic() + seconds
        self._limits = Limits()
        self._speed = Allowance(f"texts:{channel}", settings.SMS_PER_SECOND)
        self._is_closed = False

    def run(self) -> bool:
        """Send until nothing is queued or the gateway is closed; False where the turn ended first."""
        with ThreadPoolExecutor(settings.SMS_CONNECTIONS) as hands:
            while time.monotonic() < self._ends_at:
                room = min(_MOST, self._speed.room())
                if not room:
                    time.sleep(min(0.1, max(0.0, self._speed.opens_in())))
                    continue
                batch = self._claim(room)
                if batch is None:
                    return True
                self._deliver(batch, hands)
                if self._is_closed:
                    return True  # the next tick tries again
        return False

    def _claim(self, room: int) -> Batch | None:
        now = timezone.now()
        closed = closed_campaigns(now)
        slow = Campaign.objects.with_a_speed(self._channel).exclude(pk__in=closed).values_list("pk", "per_hour")
        for pk, per_hour in list(slow):
            own = min(room, self._limits.of_campaign(pk, per_hour or 1).room())
            batch = claim(own, at=now, channel=self._channel, only=pk) if own else None
            if batch is not None:
                return batch
            closed.append(pk)
        return claim(room, at=now, channel=self._channel, closed=closed)

    def _deliver(self, batch: Batch, hands: ThreadPoolExecutor) -> None:
        """Send a batch a few at a time, asking the law again before each few where its word is not fresh any more."""
        waiting, judged_at = self._judged(batch.campaign, batch.messages), time.monotonic()
        write = self._writer(batch.campaign)
        while waiting and not self._is_closed:
            if time.monotonic() - judged_at > _FRESH_SECONDS:
                judged_at = time.monotonic()
                waiting = self._judged(batch.campaign, [allowed.claimed for allowed in waiting])
            some, waiting = waiting[: settings.SMS_CONNECTIONS], waiting[settings.SMS_CONNECTIONS :]
            answers = list(hands.map(self._send, [write(allowed) for allowed in some]))
            self._settle(batch.campaign, some, answers)
        record_surely([Outcome(allowed.claimed, Status.QUEUED) for allowed in waiting])

    def _judged(self, campaign: Campaign, claimed: Sequence[Claimed]) -> list[Allowed]:
        """Those that may leave now; what becomes of the others is recorded."""
        now, status = timezone.now(), Campaign.objects.values_list("status", flat=True).get(pk=campaign.pk)
        if status == Campaign.Status.CANCELLED:
            record_surely([Outcome(each, Status.WITHHELD, reason="cancelled") for each in claimed])
            return []
        if status != Campaign.Status.RUNNING or not is_open(campaign, now):
            record_surely([Outcome(each, Status.QUEUED) for each in claimed])
            return []
        verdicts = list(judge(campaign, claimed, at=now, extras=extra_fields()))
        refused = [verdict for verdict in verdicts if isinstance(verdict, Refused)]
        record_surely(self._refusals(refused, at=now))
        return [verdict for verdict in verdicts if isinstance(verdict, Allowed)]

    def _refusals(self, refused: Sequence[Refused], *, at: datetime) -> list[Outcome]:
        """Whoever may not be reached is withheld; whoever may not be reached at this hour waits for the next one."""
        early = [each.claimed for each in refused if each.reason == Reason.OUTSIDE_HOURS]
        hours = HOURS[LawChannel(self._channel)]
        details = ContactDetail.objects.filter(pk__in=[claimed.detail_id for claimed in early])
        zones = dict(details.values_list("pk", "prospect__time_zone")) if early else {}
        put_off = [
            Outcome(
                claimed,
                Status.QUEUED,
                reason=Reason.OUTSIDE_HOURS,
                not_before=next_opening(hours, at, zones.get(claimed.detail_id or 0)),
            )
            for claimed in early
        ]
        return put_off + [
            Outcome(each.claimed, Status.WITHHELD, reason=each.reason)
            for each in refused
            if each.reason != Reason.OUTSIDE_HOURS
        ]

    def _send(self, text: Text) -> Answer:
        return self._gateway.send(text, report_to=report_address(self._channel, text.name))

    def _settle(self, campaign: Campaign, sent: Sequence[Allowed], answers: Sequence[Answer]) -> None:
        now = timezone.now()
        outcomes = [_outcome(allowed, answer, at=now) for allowed, answer in zip(sent, answers, strict=True)]
        record_surely(outcomes)
        for _allowed in sent:
            self._speed.take_one()
            if campaign.per_hour:
                self._limits.of_campaign(campaign.pk, campaign.per_hour).take_one()
        self._tell(campaign, next((each.words for each in answers if each.taken is Taken.CLOSED), ""))
        if any(outcome.status is Status.FAILED for outcome in outcomes):
            note_refusals(outcomes, at=now)
            stop_if_too_many(campaign)

    def _tell(self, campaign: Campaign, trouble: str) -> None:
        """Let the campaign say what it waits for, as long as the gateway takes nothing."""
        self._is_closed = bool(trouble)
        if trouble:
            logger.warning("The gateway of %s takes no texts: %s", self._channel, trouble)
        if trouble != campaign.trouble:
            running = Campaign.objects.filter(pk=campaign.pk, status=Campaign.Status.RUNNING)
            running.update(trouble=trouble[:300])
            campaign.trouble = trouble


def _outcome(allowed: Allowed, answer: Answer, *, at: datetime) -> Outcome:
    """What a gateway's answer makes of a message."""
    claimed = allowed.claimed
    match answer.taken:
        case Taken.SENT:
            return Outcome(claimed, Status.SENT, ground=allowed.ground)
        case Taken.UNKNOWN:
            return Outcome(claimed, Status.UNKNOWN, ground=allowed.ground, reason="no_answer_from_gateway")
        case Taken.CLOSED:
            return Outcome(claimed, Status.QUEUED)
        case Taken.LATER if claimed.attempts < len(PAUSES):
            return Outcome(claimed, Status.QUEUED, not_before=at + PAUSES[claimed.attempts])
        case _:
            return Outcome(claimed, Status.FAILED, ground=allowed.ground, reason="refused_by_gateway", bounce="soft")
