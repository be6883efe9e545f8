"""Run several programs together: they live and end as one."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

PR_SET_PDEATHSIG = 1
SECONDS_TO_STOP = 20


class Processes:
    """Programs started by this process, each in a session of its own with its output in a file of its own."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, command: str, environment: dict[str, str]) -> None:
        """Start a program as the Procfile writes it."""
        log = self.log(name)
        if log.exists():
            log.replace(log.with_suffix(".log.before"))
        with log.open("wb") as output:
            self._running[name] = subprocess.Popen(
                ["/bin/sh", "-c", f"exec {command}"],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                # Its own session, so that a Ctrl-C in the terminal reaches this process alone, which stops the others.
                start_new_session=True,
                preexec_fn=_end_with_parent,
            )

    def log(self, name: str) -> Path:
        """Give the file that holds a program's output."""
        return self._logs / f"{name}.log"

    def ended(self) -> tuple[str, int] | None:
        """Give the name and exit status of a program that has ended, if one has."""
        return next(((name, code) for name, p in self._running.items() if (code := p.poll()) is not None), None)

    def stop(self) -> None:
        """Ask all to end, and make those end that do not, with whatever they had started."""
        for process in self._running.values():
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + SECONDS_TO_STOP
        for process in self._running.values():
            try:
                process.wait(max(deadline - time.monotonic(), 0))
            except subprocess.TimeoutExpired:
                pass
            finally:
                _kill_group(process)
        self._running.clear()


def _end_with_parent() -> None:
    """Let the system end the program should this process be killed; only Linux can."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    except PermissionError:  # macOS says so of a group whose members have all ended
        return
    process.wait()
