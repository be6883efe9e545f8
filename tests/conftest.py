"""What the tests share: the real PostgreSQL and Valkey, a real SMTP server, Celery processes, a browser."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Condition, get_ident
from typing import Any

import pytest
import redis
from django.conf import settings as django_settings
from django.core.signals import request_finished, request_started
from django.db import connection
from django.utils.translation import override
from hypothesis import settings as hypothesis_settings

from tests import processes
from tests.database import MigratedState
from tests.mailbox import Mailbox, MailServer

# How long an example takes says how busy the machine is, and nothing of the code.
hypothesis_settings.register_profile("loyal", deadline=None)
hypothesis_settings.load_profile("loyal")

NO_CHROMIUM = (
    "no Chromium was found: install one, for example with “apt-get install chromium”, to run the browser tests"
)
CHROMIUMS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_reset_sequences", "live_server"}


@pytest.fixture(autouse=True)
def _language_of_the_project() -> Iterator[None]:
    """Begin each test in French, whatever language a page or a mail spoke before."""
    with override(django_settings.LANGUAGE_CODE):
        yield


def chromium() -> str | None:
    """Give the path of a Chromium, if there is one."""
    return next(filter(None, map(shutil.which, CHROMIUMS)), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a browser, and skip it where there is none."""
    for item in items:
        if "page" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
        if item.get_closest_marker("browser") and not chromium():
            item.add_marker(pytest.mark.skip(reason=NO_CHROMIUM))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say once, however many they are, that browser tests were skipped."""
    skipped = [r for r in terminalreporter.stats.get("skipped", ()) if NO_CHROMIUM in str(r.longrepr)]
    if skipped:
        terminalreporter.write_line(f"{len(skipped)} browser tests were skipped: {NO_CHROMIUM}.", yellow=True)


# ---- PostgreSQL and Valkey ----


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Let a transactional test, which commits, leave behind what the migrations wrote and nothing else."""
    with django_db_blocker.unblock():
        migrated = MigratedState()
    with pytest.MonkeyPatch.context() as patch:
        # On the class: a browser's event loop gives its tests a connection of their own.
        patch.setattr(type(connection.ops), "execute_sql_flush", lambda _ops, sql_list: migrated.return_to(sql_list))
        yield


@pytest.fixture(autouse=True)
def _empty_cache(request: pytest.FixtureRequest) -> Iterator[None]:
    """Leave no cached value to the next test; tests without a database use no cache and start no server."""
    yield
    if DATABASE_FIXTURES & set(request.fixturenames) or request.node.get_closest_marker("django_db"):
        forget_keys()


def forget_keys() -> None:
    """Remove this worker's keys alone: parallel workers share the server."""
    with redis.Redis.from_url(django_settings.CACHES["default"]["LOCATION"]) as client:
        keys = list(client.scan_iter(match=f"{django_settings.TEST_RUN}:*", count=1000))
        if keys:
            client.delete(*keys)


# ---- Mail ----


@pytest.fixture(scope="session")
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


@pytest.fixture
def mailbox(mail_server: MailServer, settings: Any) -> Mailbox:
    """What the real SMTP server receives during this test, from this process and from its Celery workers."""
    mail_server.mailbox.clear()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = mail_server.port
    return mail_server.mailbox


# ---- Celery ----


@pytest.fixture
def celery_processes(transactional_db: None, mailbox: Mailbox) -> Iterator[None]:
    """A real worker and a real beat."""
    with processes.celery_worker(), processes.celery_beat():
        yield


# ---- The site in a browser ----


@pytest.fixture
def site(live_server: Any, settings: Any) -> Iterator[str]:
    """The address of the running site, which the links in mails lead to."""
    settings.SITE_URL = live_server.url
    with all_answered():
        yield str(live_server.url)


@contextmanager
def all_answered() -> Iterator[None]:
    """Wait at the end for what a closed page asked last: tables are emptied only once no request reads them."""
    under_way, changed = set[int](), Condition()

    def begun(**_signal: Any) -> None:
        with changed:
            under_way.add(get_ident())

    def ended(**_signal: Any) -> None:
        with changed:
            under_way.discard(get_ident())
            changed.notify_all()

    request_started.connect(begun)
    request_finished.connect(ended)
    try:
        yield
        with changed:
            changed.wait_for(lambda: not under_way, timeout=30)
    finally:
        request_started.disconnect(begun)
        request_finished.disconnect(ended)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    # Playwright's synchronous interface runs an event loop in this thread, which Django takes for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    arguments = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    arguments += ["--disable-component-update", "--disable-sync"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    return browser_type_launch_args | {"executable_path": chromium(), "args": arguments}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return browser_context_args | {"locale": "fr-FR", "timezone_id": "Europe/Paris"}


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A temporary folder that the embedded servers may enter where root runs the tests and they are another user."""
    with tempfile.TemporaryDirectory(prefix="loyal-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder).resolve()
