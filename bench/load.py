"""Servers as `make run` starts them, and the load that `wrk` lays on them."""

import hashlib
import json
import os
import shlex
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CORES = 2


def secret(name: str) -> str:
    """The same for who measures and for what is measured; it guards nothing that anybody would want."""
    return hashlib.sha256(f"measured and thrown away: {name}".encode()).hexdigest()


@dataclass(frozen=True)
class Answered:
    """How a load was answered."""

    requests: int
    seconds: float
    p95: float  # milliseconds

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds


@contextmanager
def served(application: str, *, port: int, python: Path = Path(sys.executable), **environment: str) -> Iterator[str]:
    """Serve an application by the web line of the Procfile, one process for each of two cores."""
    line = next(line for line in (ROOT / "Procfile").read_text().splitlines() if line.startswith("web:"))
    command = line.removeprefix("web:").strip().replace("config.wsgi:application", application)
    program, _, arguments = command.partition(" ")
    here = {"PORT": str(port), "HOST": "127.0.0.1", "WEB_WORKERS": str(CORES)}
    log = ROOT / "var" / "bench" / f"{application.split(':')[0]}.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            f"exec {shlex.quote(str(python.parent / program))} {arguments}",
            shell=True,
            cwd=ROOT,
            env=os.environ | here | environment,
            stdout=output,
            stderr=output,
        )
        try:
            _wait_for(server, port, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(timeout=30)


def _wait_for(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _attempt in range(300):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/livez", timeout=5).close()
            return
        except urllib.error.HTTPError:
            return  # it answers
        except OSError:
            if server.poll() is not None:
                break
            time.sleep(0.1)
    sys.exit(f"a server did not start: see {log}")


def times(address: str, *, cookie: str, seconds: float, least: int = 2) -> list[float]:
    """Ask for a page again and again, as one person does, and return how many milliseconds each answer took."""
    asked = urllib.request.Request(address, headers={"Cookie": cookie, "Accept-Language": "fr"})
    taken: list[float] = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(taken) < least:
        began = time.perf_counter()
        with urllib.request.urlopen(asked, timeout=120) as answer:
            answer.read()
        taken.append((time.perf_counter() - began) * 1_000)
    return taken


def load(address: str, *, seconds: int, connections: int, cookie: str = "", bodies: Sequence[str] = ()) -> Answered:
    """Ask for a page, or post each body once, over so many connections, and refuse any answer that is an error."""
    threads = min(CORES, connections)
    arguments = [cookie]
    if bodies:
        sent = ROOT / "var" / "bench" / "bodies.txt"
        sent.write_text("\n".join(bodies) + "\n")
        arguments += [str(sent), str(threads)]
    wrk = shutil.which("wrk") or sys.exit("this measurement needs wrk")
    command = [wrk, f"-t{threads}", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s"]
    command += ["-s", str(ROOT / "bench" / "wrk.lua"), address, "--", *arguments]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    summary = json.loads(told.rpartition("JSON ")[2])
    assert summary["requests"], f"{address}: nothing was answered in {seconds} s"
    assert not summary["failed"] and not summary["timeouts"], (address, told)
    assert not bodies or summary["requests"] + connections <= len(bodies), "too few bodies for so fast a server"
    return Answered(summary["requests"], summary["seconds"], summary["p95"])
