"""Picture every page in both languages and both widths, into docs/screenshots: `make screenshots`."""

import re
from fnmatch import fnmatchcase
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image

from tests import world
from tests.accessibility import DESK, PHONE
from tests.looking import ROLES, pages_of, signed_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

FOLDER = Path(settings.BASE_DIR) / "docs" / "screenshots"
COLOURS = 96
TALLEST = 3600
# Django's own pages, alike for every model.
ALIKE = ("admin:*_history", "admin:*_delete", "admin:django_celery_beat_*", "admin:auth_group_*", "admin:password_*")


@pytest.mark.parametrize("letter", ROLES)
def test_every_page_is_pictured(browser, site, letter):
    world.settle()
    FOLDER.mkdir(exist_ok=True)
    for language in ("fr", "en"):
        with signed_in(browser, site, letter, language, color_scheme="light", reduced_motion="reduce") as page:
            for name, path in pages_of(letter):
                if any(fnmatchcase(name, pattern) for pattern in ALIKE):
                    continue
                page.goto(f"{site}{path}", wait_until="networkidle")
                for size in (PHONE, DESK):
                    page.set_viewport_size(size)
                    keep(page.screenshot(full_page=True), f"{plain(name)}.{language}.{size['width']}.png")


def plain(name: str) -> str:
    return re.sub(r"[^a-z0-9_]+", "-", name.lower()).strip("-")


def keep(shot: bytes, name: str) -> None:
    """Write a picture with few colours, no taller than a page that somebody scrolls through."""
    with Image.open(BytesIO(shot)) as picture:
        top = picture.convert("RGB").crop((0, 0, picture.width, min(picture.height, TALLEST)))
        top.quantize(COLOURS, dither=Image.Dither.NONE).save(FOLDER / name, optimize=True)
