"""The connections of one worker: opened where mails wait, used in turn, put aside with their server when it fails."""

import logging
import selectors
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Generic

from campaigns.delivery.servers import Server, ServerDown, connect
from campaigns.delivery.shares import Shares, SharingDesk
from campaigns.delivery.wire import Closed, Conversation, Desk, Key

logger = logging.getLogger(__name__)

_TICK_SECONDS = 0.5
_LONG_SECONDS = 1  # an answer that takes longer is not waited for
_KEEP_ALIVE_SECONDS = 20
_PAUSES_SECONDS = (1, 2, 5, 15, 30, 60)  # between attempts to reach a server that fails


class Pool(Generic[Key]):
    """Open connections to every outgoing server, kept from batch to batch."""

    def __init__(self, servers: list[Server]) -> None:
        self._selector = selectors.DefaultSelector()
        self._open: dict[Server, list[Conversation[Key]]] = {server: [] for server in servers}
        self._writing = set[Conversation[Key]]()  # those that have more to write than their sockets took
        self._failures = dict.fromkeys(servers, 0)
        self._down_until = dict.fromkeys(servers, 0.0)
        self._looked_at = time.monotonic()
        self._shares = Shares(servers)
        self.last_trouble = ""

    def __enter__(self) -> "Pool[Key]":
        return self

    def __exit__(self, *_error: object) -> None:
        for conversation in list(self._conversations()):
            self._forget(conversation)
            conversation.quit()
        self._selector.close()

    @property
    def all_down(self) -> bool:
        """Whether no server can be asked now."""
        return all(until > time.monotonic() for until in self._down_until.values())

    @property
    def size(self) -> int:
        """How many connections there are, or would be if every server answered."""
        return sum(server.connections for server in self._open)

    def carry(self, desk: Desk[Key], *, waiting: Callable[[], int]) -> None:
        """Carry the desk's mails until none waits that may leave now, or no server answers.

        `waiting` says how many mails the desk still holds. Answers that are long in coming are not waited for: they
        reach the desk from which the mail was taken, whenever they come.
        """
        if len(self._open) > 1:
            desk = SharingDesk(desk, self._shares, self._working)
        self._start(desk, waiting)
        heard_at = time.monotonic()
        while self._busy() and time.monotonic() - heard_at < _LONG_SECONDS:
            if self.attend():
                heard_at = time.monotonic()
            if waiting() and self._some_could_start():
                self._start(desk, waiting)

    def attend(self) -> bool:
        """Serve what happens on the connections within a moment; False where nothing did."""
        happened = self._selector.select(_TICK_SECONDS)
        for key, _events in happened:
            self._serve(key.data)
        if time.monotonic() - self._looked_at > _TICK_SECONDS:
            for conversation in [each for each in self._conversations() if each.overdue]:
                self._lose(conversation, "no_answer")
            self._looked_at = time.monotonic()
        return bool(happened)

    def keep_alive(self) -> None:
        """Keep idle connections from being hung up on while nothing may leave."""
        now = time.monotonic()
        for conversation in list(self._conversations()):
            if conversation.idle and now - conversation.heard_at > _KEEP_ALIVE_SECONDS:
                self._guarded(conversation, conversation.keep_alive)
        for key, _events in self._selector.select(0):
            self._serve(key.data)

    def _start(self, desk: Desk[Key], waiting: Callable[[], int]) -> None:
        """Set every idle connection to work, and open more while mails wait."""
        for conversation in list(self._conversations()):
            if conversation.idle:
                if conversation.spent:
                    self._forget(conversation)
                    conversation.quit()
                else:
                    self._guarded(conversation, partial(conversation.work_for, desk))
        for server, conversations in self._open.items():
            while (
                waiting()
                and len(conversations) < server.connections
                and self._down_until[server] <= time.monotonic()
                and (opened := self._connect(server))
            ):
                self._guarded(opened, partial(opened.work_for, desk))
                if opened.idle:  # nothing may leave by this server now
                    break

    def _connect(self, server: Server) -> Conversation[Key] | None:
        try:
            conversation = Conversation[Key](server, connect(server))
        except ServerDown as error:
            self._put_aside(server, str(error))
            return None
        self._open[server].append(conversation)
        self._selector.register(conversation.socket, selectors.EVENT_READ, conversation)
        return conversation

    def _serve(self, conversation: Conversation[Key]) -> None:
        self._guarded(conversation, conversation.go_on)

    def _guarded(self, conversation: Conversation[Key], act: Callable[[], object]) -> None:
        """Let a connection act, and lose it where it cannot."""
        try:
            act()
        except Closed as closed:
            self._lose(conversation, str(closed))
            return
        if conversation.proved and self._failures[conversation.server]:
            self._failures[conversation.server] = 0
        if conversation.wants_to_write is not (conversation in self._writing):
            self._watch(conversation)

    def _watch(self, conversation: Conversation[Key]) -> None:
        """Be woken when a connection that has more to write takes it; one that has not would wake us without end."""
        if conversation.wants_to_write:
            self._writing.add(conversation)
            self._selector.modify(conversation.socket, selectors.EVENT_READ | selectors.EVENT_WRITE, conversation)
        else:
            self._writing.discard(conversation)
            self._selector.modify(conversation.socket, selectors.EVENT_READ, conversation)

    def _lose(self, conversation: Conversation[Key], reason: str) -> None:
        was_idle = conversation.idle
        self._forget(conversation)
        conversation.lose(reason)
        works_elsewhere = any(other.proved for other in self._open[conversation.server])
        if not (was_idle or conversation.proved or works_elsewhere or reason == "taken_back"):
            self._put_aside(conversation.server, f"{conversation.server}: {reason}")

    def _put_aside(self, server: Server, trouble: str) -> None:
        """Leave a server that fails alone for a while, longer each time."""
        pause = _PAUSES_SECONDS[min(self._failures[server], len(_PAUSES_SECONDS) - 1)]
        self._failures[server] += 1
        self._down_until[server] = time.monotonic() + pause
        self.last_trouble = trouble
        logger.warning("Mail server %s fails and is left alone for %s s: %s", server, pause, trouble)

    def _forget(self, conversation: Conversation[Key]) -> None:
        self._selector.unregister(conversation.socket)
        self._writing.discard(conversation)
        self._open[conversation.server].remove(conversation)

    def _some_could_start(self) -> bool:
        """Whether a connection is idle, or was lost, while mails wait."""
        return any(
            len(conversations) < server.connections or any(conversation.idle for conversation in conversations)
            for server, conversations in self._open.items()
        )

    def _working(self) -> list[Server]:
        """The servers that are not left alone now."""
        return [server for server, until in self._down_until.items() if until <= time.monotonic()]

    def _busy(self) -> bool:
        return any(not conversation.idle for conversation in self._conversations())

    def _conversations(self) -> Iterator[Conversation[Key]]:
        for conversations in self._open.values():
            yield from conversations
