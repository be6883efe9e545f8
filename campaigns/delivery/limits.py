"""How fast mails may leave: to one server, to one recipients' domain, of one campaign, over all workers together."""

import logging
import math
import time
from collections.abc import Mapping

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

from campaigns.delivery.servers import Server
from campaigns.models import Campaign

logger = logging.getLogger(__name__)

_SHARES = 10  # a worker reserves a tenth of a limit at a time, so that the cache is asked seldom and others get theirs


class Allowance:
    """One limit, shared through the cache: each window of time holds so many mails, reserved a few at a time."""

    def __init__(self, name: str, per_second: float) -> None:
        self._name = name
        self._limit = max(1, math.floor(per_second))
        self._window = self._limit / per_second  # a second or two, or as long as one mail takes
        self._share = math.ceil(self._limit / _SHARES)
        self._current = -1
        self._left = 0
        self._exhausted = False

    def has_one(self) -> bool:
        """Whether a mail may leave now; reserves where it must."""
        current = int(time.time() / self._window)
        if current != self._current:
            self._current, self._left, self._exhausted = current, 0, False
        if not self._left and not self._exhausted:
            self._left = self._reserve()
            self._exhausted = not self._left
        return self._left > 0

    def room(self) -> int:
        """How many mails this worker may send at once; reserves where it must."""
        return self._left if self.has_one() else 0

    def opens_in(self) -> float:
        """Seconds until the next window of time."""
        return (self._current + 1) * self._window - time.time()

    def take_one(self) -> None:
        """Count a mail that leaves."""
        self._left -= 1

    def _reserve(self) -> int:
        key = f"sending:{self._name}:{self._current}"
        try:
            cache.add(key, 0, timeout=math.ceil(self._window) + 1)
            taken = cache.incr(key, self._share)
        except (RedisError, ValueError) as error:  # no server, or the key was flushed just now
            logger.warning("Limits cannot be shared now, so nothing leaves: %s", error)
            return 0
        return max(0, min(self._share, self._limit - (taken - self._share)))


class Limits:
    """All limits that a mail must pass."""

    def __init__(self) -> None:
        self._per_domain: Mapping[str, float] = {
            domain: float(rate) for domain, rate in settings.SENDING_PER_DOMAIN.items()
        }
        self._servers: dict[Server, Allowance] = {}
        self._domains: dict[str, Allowance] = {}
        self._campaigns: dict[tuple[int, int], Allowance] = {}

    def of_campaign(self, pk: int, per_hour: int) -> Allowance:
        """The speed that a campaign's writer chose."""
        asked = (pk, per_hour)
        if asked not in self._campaigns:
            self._campaigns[asked] = Allowance(f"campaign:{pk}:{per_hour}", per_hour / 3600)
        return self._campaigns[asked]

    def allow_campaign(self, campaign: Campaign) -> bool:
        """Whether a mail of this campaign may leave now."""
        return not campaign.per_hour or self.of_campaign(campaign.pk, campaign.per_hour).has_one()

    def allow_server(self, server: Server) -> bool:
        """Whether this server may be given a mail now."""
        allowance = self._of_server(server)
        return allowance is None or allowance.has_one()

    def allow_domain(self, domain: str) -> bool:
        """Whether a mail may leave to this domain now."""
        allowance = self._of_domain(domain)
        return allowance is None or allowance.has_one()

    def count(self, server: Server, domain: str, campaign: Campaign) -> None:
        """Count a mail that leaves."""
        if campaign.per_hour:
            self.of_campaign(campaign.pk, campaign.per_hour).take_one()
        for allowance in (self._of_server(server), self._of_domain(domain)):
            if allowance is not None:
                allowance.take_one()

    def _of_server(self, server: Server) -> Allowance | None:
        if not server.per_second:
            return None
        found = self._servers.get(server)
        if found is None:
            found = self._servers[server] = Allowance(str(server), server.per_second)
        return found

    def _of_domain(self, domain: str) -> Allowance | None:
        found = self._domains.get(domain)
        if found is None and self._per_domain:
            rate = self._per_domain.get(domain, self._per_domain.get("*", 0))
            if rate:
                found = self._domains[domain] = Allowance(domain, rate)
        return found
