"""Several outgoing servers share the mails by their weights, for as long as all of them work."""

import time
from collections.abc import Callable
from typing import Generic

from campaigns.delivery.servers import Server
from campaigns.delivery.wire import Desk, Ended, Key, Mail

_AHEAD = 20  # mails by which a server may run ahead of its share, times its weight
_MEMORY_SECONDS = 10  # a server that was slow or away does not have to catch up for longer than this


class Shares:
    """How many mails each server took, by its weight."""

    def __init__(self, servers: list[Server]) -> None:
        self._taken = dict.fromkeys(servers, 0.0)
        self._began_at = time.monotonic()

    def allow(self, server: Server, working: list[Server]) -> bool:
        """Whether a server may take one more without running away from the others that work."""
        if time.monotonic() - self._began_at > _MEMORY_SECONDS:
            self._taken = dict.fromkeys(self._taken, 0.0)
            self._began_at = time.monotonic()
        others = [self._taken[other] for other in working if other is not server]
        return not others or self._taken[server] <= min(others) + _AHEAD

    def count(self, server: Server) -> None:
        self._taken[server] += 1 / server.weight


class SharingDesk(Generic[Key]):
    """A desk that hands out mails to each server by its share."""

    def __init__(self, desk: Desk[Key], shares: Shares, working: Callable[[], list[Server]]) -> None:
        self._desk = desk
        self._shares = shares
        self._working = working
        self.may_leave = desk.may_leave

    def take(self, server: Server) -> Mail[Key] | None:
        if not self._shares.allow(server, self._working()):
            return None
        mail = self._desk.take(server)
        if mail is not None:
            self._shares.count(server)
        return mail

    def ended(self, ended: Ended[Key]) -> None:
        self._desk.ended(ended)
