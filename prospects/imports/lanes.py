"""How batches reach the database: here and now, or through a thread and connection for each lane, side by side."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from queue import Full, Queue
from threading import Thread
from typing import Any, Protocol, Self

from django.db import connections

Load = Callable[..., Any]
Batch = Sequence[Any]


class Lane(Protocol):
    """Takes batches in, one after the other."""

    def put(self, batch: Batch) -> None: ...


class Direct:
    """Each batch is loaded before the next is read."""

    @classmethod
    @contextmanager
    def opened(cls) -> Iterator[Self]:
        yield cls()

    def lane(self, load: Load, loaded: Callable[[Any], None]) -> Lane:
        return _DirectLane(load, loaded)


class _DirectLane:
    def __init__(self, load: Load, loaded: Callable[[Any], None]) -> None:
        self._load, self._loaded = load, loaded

    def put(self, batch: Batch) -> None:
        self._loaded(self._load(batch, last_line=batch[-1].line))


class Threaded:
    """While the database writes one batch, the next is read; a lane that fails stops them all."""

    def __init__(self) -> None:
        self._lanes: list[_ThreadedLane] = []
        self.failures: list[BaseException] = []

    @classmethod
    @contextmanager
    def opened(cls) -> Iterator[Self]:
        threads = cls()
        try:
            yield threads
        except BaseException as error:
            threads.failures.append(error)
            raise
        finally:
            threads._close()
        if threads.failures:
            raise threads.failures[0]

    def lane(self, load: Load, loaded: Callable[[Any], None]) -> Lane:
        lane = _ThreadedLane(load, loaded, self.failures)
        self._lanes.append(lane)
        return lane

    def _close(self) -> None:
        for lane in self._lanes:
            lane.close()


class _ThreadedLane:
    _ENOUGH = 1  # batches that wait: memory stays flat

    def __init__(self, load: Load, loaded: Callable[[Any], None], failures: list[BaseException]) -> None:
        self._load, self._loaded, self._failures = load, loaded, failures
        self._waiting: Queue[Batch | None] = Queue(self._ENOUGH)
        self._thread = Thread(target=self._work, daemon=True)
        self._thread.start()

    def put(self, batch: Batch | None) -> None:
        while True:
            if self._failures:
                raise self._failures[0]
            try:
                return self._waiting.put(batch, timeout=1)
            except Full:
                continue

    def close(self) -> None:
        """Wait until all that was put is in, or until the first failure."""
        while self._thread.is_alive():
            try:
                self._waiting.put(None, timeout=0.1)
            except Full:
                continue
            break
        self._thread.join()

    def _work(self) -> None:
        try:
            while (batch := self._waiting.get()) is not None and not self._failures:
                self._loaded(self._load(batch, last_line=batch[-1].line))
        except BaseException as error:  # raised again where the lanes were opened
            self._failures.append(error)
            while self._waiting.get() is not None:
                pass
        finally:
            connections.close_all()
