"""`make run`: starts everything, answers, stops everything, and says in one sentence what prevents it."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from django.conf import settings

from config.embedded.ports import mail_page_port, mail_port
from tests.processes import free_port, wait_until

SECONDS_TO_START = 120
OURS = ("HOME", "PATH", "LANG")


def environment(var_dir: Path, port: int) -> dict[str, str]:
    inherited = {name: os.environ[name] for name in OURS if name in os.environ}
    ports = {"PORT": port, "MAIL_PORT": free_port(), "MAIL_PAGE_PORT": free_port()}
    return inherited | {"LOYAL_VAR": str(var_dir)} | {name: str(value) for name, value in ports.items()}


@contextmanager
def running(given: dict[str, str]) -> Iterator["subprocess.Popen[str]"]:
    """Start what `make run` starts, and leave nothing of it behind whatever the test does."""
    process = subprocess.Popen(
        [sys.executable, "-m", "config.run"],
        cwd=settings.BASE_DIR,
        env=given,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=60)


def until_it_runs(process: "subprocess.Popen[str]") -> str:
    said = ""
    for line in process.stdout or ():
        said += line
        if "Ctrl-C" in line:
            return said
    raise AssertionError(said)


def processes_of(var_dir: Path) -> list[psutil.Process]:
    """Every process that was started with this state folder."""
    found = []
    for process in psutil.process_iter(["cmdline", "status"]):
        try:
            told = process.environ().get("LOYAL_VAR", ""), *(process.info["cmdline"] or ())
        except psutil.Error:
            continue
        if process.info["status"] != psutil.STATUS_ZOMBIE and any(str(var_dir) in word for word in told):
            found.append(process)
    return found


def named(var_dir: Path, word: str) -> psutil.Process:
    return next(process for process in processes_of(var_dir) if word in " ".join(process.cmdline()))


@pytest.fixture(scope="module")
def prepared() -> Iterator[Path]:
    """A state folder whose first run is behind it."""
    with tempfile.TemporaryDirectory(prefix="loyal-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder).resolve() / "var"


def test_it_starts_everything_on_loopback_alone_and_a_signal_leaves_no_process(prepared: Path) -> None:
    given = environment(prepared, free_port())
    with running(given) as process:
        said = until_it_runs(process)
        site = f"http://localhost:{given['PORT']}"
        for address in (
            f"{site}/",
            f"{site}/s/lettre/",
            f"{site}/campaigns/",
            f"{site}/admin/",
            f"http://localhost:{given['MAIL_PAGE_PORT']}/",
        ):
            assert f" {address}\n" in said
        assert "  admin" in said
        assert "  marketing" in said
        with urllib.request.urlopen(f"{site}/readyz") as answer:
            assert answer.status == 200
        hosts = {c.laddr.ip for p in processes_of(prepared) for c in p.net_connections("inet") if c.status == "LISTEN"}
        assert hosts == {"127.0.0.1"}

        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
        assert process.returncode == 0
        assert processes_of(prepared) == []


def test_it_stops_when_one_of_its_programs_ends_and_says_which(prepared: Path) -> None:
    with running(environment(prepared, free_port())) as process:
        until_it_runs(process)
        named(prepared, "beat").kill()
        said, _ = process.communicate(timeout=60)
        assert "Loyal stops, since Celery beat has ended" in said
        assert process.returncode == 1
        assert processes_of(prepared) == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a program that the one above it died")
def test_even_killed_it_leaves_no_process(prepared: Path) -> None:
    with running(environment(prepared, free_port())) as process:
        until_it_runs(process)
        process.kill()
        process.wait()
        wait_until(lambda: processes_of(prepared) == [])


def test_a_second_run_on_the_same_folder_is_refused(prepared: Path) -> None:
    with running(environment(prepared, free_port())) as first:
        until_it_runs(first)
        with running(environment(prepared, free_port())) as second:
            said, _ = second.communicate(timeout=60)
            assert said.startswith(f"Loyal already runs on {prepared}")


def test_a_taken_port_is_named_before_anything_starts(open_folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with running(environment(open_folder / "var", port)) as process:
            said, _ = process.communicate(timeout=60)
    another = f"PORT={port + 100} make run"
    assert said == f"Port {port} is taken: stop what listens there, or choose another, for example {another}.\n"
    assert process.returncode == 1
    assert not (open_folder / "var" / "postgresql").exists()


def test_two_sites_on_two_ports_have_two_mail_catchers(monkeypatch: pytest.MonkeyPatch) -> None:
    ports = set()
    for port in ("8000", "8100"):
        monkeypatch.setenv("PORT", port)
        ports |= {mail_port(), mail_page_port()}
    assert len(ports) == 4
