"""A browser signed in as one role, on every page that is this role's to see first."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page

from tests import world
from tests.every_page import pages
from tests.staff.who_may_enter import MODELS, who_may_enter

ROLES = "VMODAS"


def first_of(name: str) -> str:
    """Who looks at a page, of all who may: visitors before staff, and a superuser last."""
    model, _, page = name.removeprefix("admin:").rpartition("_")
    letters = MODELS[model][0] if page == "history" and model in MODELS else who_may_enter(name)
    return next(letter for letter in ROLES if letter in (letters or "S"))


def pages_of(letter: str) -> list[tuple[str, str]]:
    return [(name, path) for name, path in pages() if first_of(name) == letter]


@contextmanager
def signed_in(browser: Browser, site: str, letter: str, language: str, **options: Any) -> Iterator[Page]:
    """Open a browser of its own for one role."""
    with browser.new_context(locale=language, timezone_id="Europe/Paris", **options) as context:
        if letter != "V":
            client = Client()
            client.force_login(world.account(letter))
            session = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
        yield context.new_page()
