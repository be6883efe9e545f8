"""One worker's turn: claim, compose, send, record, batch after batch, until nothing is queued or the turn is over."""

import logging
import random
import time
from collections.abc import Sequence

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from campaigns.delivery.batch import Delivery
from campaigns.delivery.bounces import note_refusals, stop_if_too_many
from campaigns.delivery.claim import Batch, claim
from campaigns.delivery.compose import compose, make_links
from campaigns.delivery.judge import Allowed
from campaigns.delivery.limits import Allowance, Limits
from campaigns.delivery.outcomes import Outcome, Status
from campaigns.delivery.pool import Pool
from campaigns.delivery.record import record
from campaigns.delivery.servers import outgoing_servers
from campaigns.delivery.skeleton import Skeleton
from campaigns.delivery.windows import closed_campaigns
from campaigns.models import Campaign
from consent.vocabulary import Channel

logger = logging.getLogger(__name__)

_BATCH_SECONDS = 0.3
_FIRST_BATCH = 50
_LIMITED_SECONDS = 0.1


class Turn:
    """One worker's turn at sending."""

    def __init__(self, seconds: float) -> None:
        self._ends_at = time.monotonic() + seconds
        self._skeletons: dict[int, tuple[Skeleton, str]] = {}
        self._size = _FIRST_BATCH
        self._limits = Limits()
        self._under_way: list[Delivery] = []
        self._held_back = 0.0  # seconds until a campaign that only its own speed holds back may go on

    def run(self) -> bool:
        """Send until nothing is queued or no server answers; False where the turn ended first.

        A server that is slow to answer for one mail keeps no other from leaving, nor the turn from being recorded; the
        turn ends once every answer has come, or will not come any more.
        """
        with Pool[Allowed](outgoing_servers()) as pool:
            limit = pool.size * settings.SENDING_UNKNOWN_PER_CONNECTION
            while True:
                over = time.monotonic() > self._ends_at
                if over and not self._under_way:
                    return False
                batch = None if pool.all_down else self._claim(limit)
                if batch is not None:
                    self._deliver(batch, pool)
                elif self._under_way:
                    pool.attend()
                    self._settle()
                elif self._held_back and not pool.all_down:
                    time.sleep(min(_LIMITED_SECONDS, self._held_back))
                else:
                    return True  # the next beat looks again

    def _claim(self, limit: int) -> Batch | None:
        """Claim from a campaign that has a speed of its own as much as may leave at once, or from any other."""
        now = timezone.now()
        closed = closed_campaigns(now)
        size = min(self._size, limit)
        slow = Campaign.objects.with_a_speed(Channel.EMAIL).exclude(pk__in=closed).values_list("pk", "per_hour")
        allowances = [(pk, self._limits.of_campaign(pk, per_hour)) for pk, per_hour in slow if per_hour]
        tries: list[tuple[int | None, Allowance | None]] = [*allowances, (None, None)]
        random.shuffle(tries)
        self._held_back = 0.0
        for pk, allowance in tries:
            room = min(size, allowance.room()) if allowance else size
            if room:
                batch = claim(
                    room, at=now, closed=[*closed, *(pk for pk, _ in allowances)] if pk is None else (), only=pk
                )
                if batch is not None:
                    return batch
            elif allowance:
                self._held_back = max(self._held_back, allowance.opens_in())
        return None

    def _deliver(self, batch: Batch, pool: Pool[Allowed]) -> None:
        began_at = time.monotonic()
        delivery = self._prepare(batch)
        if delivery is None:
            return
        self._under_way.append(delivery)
        pool.carry(delivery, waiting=delivery.waiting)
        while delivery.waiting() and not pool.all_down and time.monotonic() < self._ends_at:
            if not self._limits.allow_campaign(batch.campaign):
                break  # its own speed holds it back, which is no reason to let others wait
            time.sleep(_LIMITED_SECONDS)  # limits hold the rest back
            pool.keep_alive()
            pool.carry(delivery, waiting=delivery.waiting)
        stranded = delivery.waiting()
        delivery.release(pool.last_trouble)
        self._settle()
        self._tell(batch.campaign, pool.last_trouble if stranded and pool.all_down else "")
        self._adapt(len(batch.messages), time.monotonic() - began_at)

    def _prepare(self, batch: Batch) -> Delivery | None:
        try:
            skeleton, sender = self._skeleton(batch)
            half_lease = time.monotonic() + settings.SENDING_LEASE_SECONDS / 2
            return Delivery(batch, skeleton, sender, self._limits, until=half_lease)
        except ValidationError as error:
            logger.error("Campaign %s cannot be composed: %s", batch.campaign.pk, error)
            record_surely([Outcome(claimed, Status.WITHHELD, reason="content_invalid") for claimed in batch.messages])
            return None
        except Exception:  # nothing has begun yet: whatever it is, no message's end is unknown for it
            record_surely([Outcome(claimed, Status.QUEUED) for claimed in batch.messages])
            raise

    def _settle(self) -> None:
        """Record what has ended since the last time, and stop a campaign that fails too much."""
        for delivery in self._under_way:
            outcomes = delivery.collect()
            record_surely(outcomes)
            if any(outcome.status is Status.FAILED for outcome in outcomes):
                note_refusals(outcomes, at=timezone.now())
                stop_if_too_many(delivery.campaign)
        self._under_way = [delivery for delivery in self._under_way if not delivery.done]

    def _skeleton(self, batch: Batch) -> tuple[Skeleton, str]:
        found = self._skeletons.get(batch.campaign.pk)
        if found is None:
            make_links(batch.campaign)
            composition = compose(batch.campaign)
            found = self._skeletons[batch.campaign.pk] = (Skeleton(composition), composition.sender.addr_spec)
        return found

    def _tell(self, campaign: Campaign, trouble: str) -> None:
        """Let the campaign say what it waits for, as long as no server takes its mails."""
        if trouble != campaign.trouble:
            running = Campaign.objects.filter(pk=campaign.pk, status=Campaign.Status.RUNNING)
            running.update(trouble=trouble[:300])

    def _adapt(self, count: int, seconds: float) -> None:
        """Claim what takes about a third of a second, so that a killed worker leaves little unknown."""
        if count == self._size and seconds < _BATCH_SECONDS:
            self._size *= 2
        elif seconds > 2 * _BATCH_SECONDS:
            self._size = max(_FIRST_BATCH, self._size // 2)


def record_surely(outcomes: Sequence[Outcome]) -> None:
    """Record outcomes, and go on trying for as long as the lease lasts while the database does not answer."""
    give_up_at = time.monotonic() + settings.SENDING_LEASE_SECONDS / 2
    while True:
        try:
            record(outcomes, at=timezone.now())
            return
        except (OperationalError, InterfaceError):
            if time.monotonic() > give_up_at:
                raise
            logger.warning("The database does not answer: %s outcomes wait to be written", len(outcomes))
            connection.close()
            time.sleep(0.5)
