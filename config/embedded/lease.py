"""Hold the embedded servers for the life of this process: find them, or start them."""

import fcntl
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from config.embedded.failure import EmbeddedServiceError
from config.embedded.places import Places

KEEPER = Path(__file__).with_name("keeper.py")

_guard = threading.Lock()
_leases: dict[Path, IO[bytes]] = {}
_keepers: dict[Path, subprocess.Popen[bytes]] = {}


def hold(places: Places, start: Callable[[int], subprocess.Popen[bytes]]) -> None:
    """Keep the servers running until this process and its forks end; start them where nobody else did.

    Cheap when they run, so asked again at each new connection: a server that died meanwhile is started anew.
    """
    with _guard:
        if places.var_dir not in _leases:
            # Waits while a keeper that lost its last user is still stopping its servers.
            _leases[places.var_dir] = _locked(places.locks / "users.lock", fcntl.LOCK_SH)
        with _locked(places.locks / "start.lock", fcntl.LOCK_EX), _free_to_start(places) as keeper_lock:
            if keeper_lock is not None:
                _keepers[places.var_dir] = start(keeper_lock.fileno())


def _renew_guard() -> None:
    global _guard
    _guard = threading.Lock()


# A fork may happen while another thread of the parent holds the guard, which nobody in the child would ever let go.
os.register_at_fork(after_in_child=_renew_guard)


def release(places: Places, seconds: float = 40) -> bool:
    """Let the servers go and wait for their end; False where another process still uses them."""
    with _guard:
        lease = _leases.pop(places.var_dir, None)
        if lease:
            lease.close()
        keeper = _keepers.pop(places.var_dir, None)
        deadline = time.monotonic() + seconds
        while not _used_by_others(places) and time.monotonic() < deadline:
            with _locked(places.locks / "start.lock", fcntl.LOCK_EX), _free_to_start(places) as keeper_lock:
                if keeper_lock is not None:
                    if keeper:
                        keeper.wait()
                    return True
            time.sleep(0.02)
        return False


def running(places: Places) -> bool:
    """Say whether the servers run, or are about to."""
    with _locked(places.locks / "start.lock", fcntl.LOCK_EX), _free_to_start(places) as keeper_lock:
        return keeper_lock is None


def spawn_keeper(places: Places, servers: list[dict[str, Any]], keeper_lock: int) -> subprocess.Popen[bytes]:
    """Start the keeper with its plan; it owns the keeper's lock from birth, whatever becomes of this process."""
    plan = {"keeper_lock": keeper_lock, "users_lock": str(places.locks / "users.lock"), "servers": servers}
    with open(places.logs / "keeper.log", "wb") as log:
        keeper = subprocess.Popen(
            [sys.executable, "-I", "-S", str(KEEPER)],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            cwd="/",
            pass_fds=[keeper_lock],
            start_new_session=True,
        )
    if keeper.stdin:
        with keeper.stdin as plan_file:
            plan_file.write(json.dumps(plan).encode())
    return keeper


def _used_by_others(places: Places) -> bool:
    """Say whether another process holds the servers; a keeper stopping them, alone on the lock, does not count."""
    with open(places.locks / "users.lock", "ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def _locked(path: Path, how: int) -> IO[bytes]:
    file = open(path, "ab")  # noqa: SIM115 - the lock lives as long as the file is open
    fcntl.flock(file, how)
    return file


@contextmanager
def _free_to_start(places: Places) -> Iterator[IO[bytes] | None]:
    """Give the keeper's lock where no keeper lives, else None."""
    with open(places.locks / "keeper.lock", "ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
        else:
            yield file


def failed(keeper: subprocess.Popen[bytes], why: str) -> EmbeddedServiceError:
    """End a keeper whose servers do not serve, and give the error to raise."""
    keeper.terminate()
    keeper.wait()
    return EmbeddedServiceError(why)
