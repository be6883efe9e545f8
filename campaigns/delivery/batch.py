"""A batch on its way: which mails may leave now, by a law asked again twice a second, and how each of them ended."""

import logging
import re
import time
from collections import deque
from collections.abc import Iterable

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.utils import timezone

from campaigns.delivery.claim import Batch, Claimed
from campaigns.delivery.dkim import keys, signed
from campaigns.delivery.judge import Allowed, Refused, judge
from campaigns.delivery.limits import Limits
from campaigns.delivery.outcomes import Outcome, Status, outcome_of
from campaigns.delivery.servers import Server
from campaigns.delivery.skeleton import Skeleton
from campaigns.delivery.windows import is_open
from campaigns.delivery.wire import Ended, Mail
from campaigns.models import Campaign

logger = logging.getLogger(__name__)

_FRESH_SECONDS = 0.5
# What an address may hold to stand between < and > in a command.
_ADDRESS = re.compile(r"[^\s<>\"\\,;:()\[\]@\x00-\x20\x7f]+@[A-Za-z0-9.-]+")


class Delivery:
    """The desk from which connections take one batch's mails."""

    def __init__(self, batch: Batch, skeleton: Skeleton, sender: str, limits: Limits, *, until: float) -> None:
        self._outcomes: list[Outcome] = []
        self.campaign = batch.campaign
        self._skeleton = skeleton
        self._sender = sender.encode()
        self._domain = sender.rpartition("@")[2]
        self._keys = keys()
        self._return_path = settings.RETURN_PATH.rpartition("@")
        self._limits = limits
        self._until = until
        self._waiting: deque[Allowed] = deque()
        self._opened: dict[int, Mail[Allowed]] = {}
        self._taken_back: dict[int, Outcome] = {}
        self._blind = False
        self._judged_at = time.monotonic()
        self._date = timezone.localtime()
        for verdict in judge(batch.campaign, batch.messages, at=timezone.now(), extras=skeleton.extras):
            if isinstance(verdict, Refused):
                self._withhold(verdict.claimed, verdict.reason)
            elif not _ADDRESS.fullmatch(verdict.reader.address):
                self._withhold(verdict.claimed, "undeliverable")
            else:
                self._waiting.append(verdict)

    def waiting(self) -> int:
        """How many mails may still begin."""
        return 0 if self._blind else len(self._waiting)

    @property
    def done(self) -> bool:
        """Whether every message has ended."""
        return not (self._waiting or self._opened or self._outcomes)

    def collect(self) -> list[Outcome]:
        """Hand over how messages ended since this was last asked."""
        collected, self._outcomes = self._outcomes, []
        return collected

    def release(self, reason: str = "") -> None:
        """Give back to the queue what has not begun."""
        while self._waiting:
            self._outcomes.append(Outcome(self._waiting.popleft().claimed, Status.QUEUED, reason=reason))

    # ---- What the connections ask ----

    def take(self, server: Server) -> Mail[Allowed] | None:
        self._look_again_if_stale()
        if not self._waiting or self._blind:
            return None
        if time.monotonic() > self._until:
            self.release()
            return None
        allowed = self._next_within_limits(server)
        if allowed is None:
            return None
        address = allowed.reader.address
        mail = Mail(
            key=allowed,
            sender=self._return_path_of(allowed) or self._sender,
            recipient=address.encode(),
            data=signed(self._skeleton.fill(allowed.reader, self._date), self._domain, self._keys),
            utf8=not address.isascii(),
        )
        self._opened[allowed.claimed.pk] = mail
        return mail

    def may_leave(self, mail: Mail[Allowed]) -> bool:
        self._look_again_if_stale()
        pk = mail.key.claimed.pk
        if pk in self._taken_back:
            self._outcomes.append(self._taken_back.pop(pk))
        elif self._blind:
            self._outcomes.append(Outcome(mail.key.claimed, Status.QUEUED))
        else:
            return True
        del self._opened[pk]
        return False

    def ended(self, ended: Ended[Allowed]) -> None:
        pk = ended.mail.key.claimed.pk
        del self._opened[pk]
        self._taken_back.pop(pk, None)
        self._outcomes.append(outcome_of(ended, at=timezone.now()))

    def _next_within_limits(self, server: Server) -> Allowed | None:
        """The first mail that no limit holds back; those held back keep their places."""
        if not self._limits.allow_campaign(self.campaign) or not self._limits.allow_server(server):
            return None
        for place, allowed in enumerate(self._waiting):
            domain = allowed.reader.address.rpartition("@")[2]
            if self._limits.allow_domain(domain):
                del self._waiting[place]
                self._limits.count(server, domain, self.campaign)
                return allowed
        return None

    # ---- The law, again ----

    def _look_again_if_stale(self) -> None:
        """Ask the law and the campaign's state again, so that no mail begins on a word more than a second old."""
        if time.monotonic() - self._judged_at <= _FRESH_SECONDS or self._blind:
            return
        asked_at = time.monotonic()
        try:
            self._look_again()
        except (DatabaseError, InterfaceError) as error:
            logger.warning("The database does not answer: nothing more of this batch may leave: %s", error)
            self._blind = True
        self._judged_at = asked_at

    def _look_again(self) -> None:
        if not (self._waiting or self._opened):
            return
        status = Campaign.objects.values_list("status", flat=True).get(pk=self.campaign.pk)
        open_claims = [mail.key.claimed for mail in self._opened.values()]
        if status != Campaign.Status.RUNNING or not is_open(self.campaign, timezone.now()):
            self._take_back(open_claims, status)
            for allowed in self._waiting:
                self._outcomes.append(_stopped(allowed.claimed, status))
            self._waiting.clear()
            return
        claimed = [*(allowed.claimed for allowed in self._waiting), *open_claims]
        refused = {
            verdict.claimed.pk: verdict
            for verdict in judge(self.campaign, claimed, at=timezone.now())
            if isinstance(verdict, Refused)
        }
        if not refused:
            return
        still_waiting = [allowed for allowed in self._waiting if allowed.claimed.pk not in refused]
        for pk, verdict in refused.items():
            if pk in self._opened:
                self._taken_back[pk] = Outcome(verdict.claimed, Status.WITHHELD, reason=verdict.reason)
            else:
                self._withhold(verdict.claimed, verdict.reason)
        self._waiting = deque(still_waiting)

    def _take_back(self, claims: Iterable[Claimed], status: str) -> None:
        self._taken_back.update((claimed.pk, _stopped(claimed, status)) for claimed in claims)

    def _return_path_of(self, allowed: Allowed) -> bytes:
        """An address that names the message, so that a report of failure tells which one it is about."""
        local, _, domain = self._return_path
        return f"{local}+{allowed.reader.message_id}@{domain}".encode() if local else b""

    def _withhold(self, claimed: Claimed, reason: str) -> None:
        self._outcomes.append(Outcome(claimed, Status.WITHHELD, reason=reason))


def _stopped(claimed: Claimed, status: str) -> Outcome:
    """What becomes of a message whose campaign was stopped while a worker held it."""
    if status == Campaign.Status.CANCELLED:
        return Outcome(claimed, Status.WITHHELD, reason="cancelled")
    return Outcome(claimed, Status.QUEUED)
