"""Run the embedded servers for as long as some process uses them, then stop them and end.

Started by `lease.py` as a plain script, so that it costs a few megabytes and not a whole Django. Every process that
uses the servers holds a shared lock on one file, which the system lets go however the process ends, SIGKILL included.
The keeper waits for the exclusive lock on that file: once it has it, nobody is left. Should the keeper itself be
killed, Linux tells the servers to stop (PR_SET_PDEATHSIG); elsewhere the next start stops what it finds.

It reads its plan, as JSON, from standard input:
{"keeper_lock": inherited descriptor, "users_lock": path, "servers": [{"command", "log", "stop_signal", "account"}]}
"""

import ctypes
import fcntl
import json
import os
import signal
import subprocess
import sys
from types import FrameType
from typing import Any

PR_SET_PDEATHSIG = 1
SECONDS_TO_STOP = 30


class ServerEnded(Exception):
    """A server ended by itself, or somebody asked the keeper to end."""


def end(_signal: int, _frame: FrameType | None) -> None:
    raise ServerEnded


def start(server: dict[str, Any]) -> "subprocess.Popen[bytes]":
    """Start one server in a process group of its own, so that a Ctrl-C in the terminal does not reach it."""

    def stop_with_keeper() -> None:
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, server["stop_signal"])

    account = dict(zip(("user", "group"), server["account"], strict=True), extra_groups=[]) if server["account"] else {}
    with open(server["log"], "ab") as log:
        return subprocess.Popen(
            server["command"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            process_group=0,
            preexec_fn=stop_with_keeper,  # this process has one thread
            **account,
        )


def keep(plan: dict[str, Any]) -> None:
    """Start the servers, wait until their last user is gone or one of them ends, stop them."""
    signal.signal(signal.SIGTERM, end)
    users_lock = os.open(plan["users_lock"], os.O_RDWR)
    running: list[tuple[subprocess.Popen[bytes], int]] = []
    try:
        running.extend((start(server), server["stop_signal"]) for server in plan["servers"])
        signal.signal(signal.SIGCHLD, end)
        if any(process.poll() is not None for process, _ in running):
            raise ServerEnded
        fcntl.flock(users_lock, fcntl.LOCK_EX)
    except ServerEnded:
        pass
    finally:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        stop(running)
        # In this order: whoever then takes the users' lock must find the keeper's lock free.
        os.close(plan["keeper_lock"])
        os.close(users_lock)


def stop(running: "list[tuple[subprocess.Popen[bytes], int]]") -> None:
    """Ask every server to stop, and insist if one does not."""
    for process, stop_signal in running:
        process.send_signal(stop_signal)
    for process, _ in running:
        try:
            process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


if __name__ == "__main__":
    keep(json.load(sys.stdin))
