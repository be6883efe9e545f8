"""Real Celery processes for a test, on the test's own database, queues and mail server."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

from config.celery import app

SECONDS_TO_START = 60


def wait_until(condition: Callable[[], object], seconds: float = 30, *, why: str = "it never came true") -> None:
    """Wait for what another process brings about."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, why
        time.sleep(0.05)


def free_port() -> int:
    """Give a port on which nothing listens."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port: int = door.getsockname()[1]
        return port


def environment_of_this_test(**more: str) -> dict[str, str]:
    """The environment in which another process meets this test's database, queues and mail server."""
    return (
        os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "LOYAL_TEST_RUN": settings.TEST_RUN,
            "LOYAL_TEST_DATABASE": str(connection.settings_dict["NAME"]),
            "LOYAL_TEST_MAIL_PORT": str(settings.EMAIL_PORT),
            "SITE_URL": settings.SITE_URL,
        }
        | more
    )


@contextmanager
def celery(*command: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a Celery command until the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "config", *command],
        cwd=settings.BASE_DIR,
        env=environment_of_this_test(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def celery_worker(*options: str, concurrency: int = 1) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a worker, ready to take tasks, until the block ends."""
    node = f"test-{settings.TEST_RUN}@%h"
    with celery("worker", "--concurrency", str(concurrency), "--hostname", node, *options) as process:
        wait_until(
            lambda: process.poll() is not None or app.control.ping(timeout=0.2),
            SECONDS_TO_START,
            why="the Celery worker did not start",
        )
        assert process.poll() is None, "the Celery worker ended"
        yield process


@contextmanager
def celery_beat() -> Iterator["subprocess.Popen[bytes]"]:
    """Run beat until the block ends."""
    with celery("beat", "--pidfile", "", "--max-interval", "1") as process:
        yield process
