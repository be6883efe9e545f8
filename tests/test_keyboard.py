"""The journeys with the keyboard alone: every step is reached by Tab, seen to have the focus, and pressed there."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from consent.models import Objection
from consent.stop_links import stop_token
from prospects.models import PendingSignup
from tests.factories import (
    make_consent,
    make_detail,
    make_form,
    make_notice,
    make_organisation,
    make_purpose,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

HASTE = 2.1  # seconds: nobody fills a form faster
FURTHEST = 150
# What has the focus: how it is called, and whether one sees that it has it.
FOCUSED = """() => {
    const element = document.activeElement;
    const style = getComputedStyle(element);
    const name = element.getAttribute("aria-label") || element.labels?.[0]?.textContent || element.textContent;
    const ringed = (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
    // Chromium draws the focus of a date on its own parts, the day or the month, where no script can look.
    const inside = element.type === "date" || element.type === "time";
    const seen = ringed || inside || element === document.body;
    return {name: name.replace(/\\s+/g, " ").trim(), field: element.name || "", seen};
}"""


class Keyboard:
    """Somebody without a mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, name: str = "", field: str = "") -> None:
        """Press Tab until what is called so, or the field of this name, has the focus."""
        seen: list[str] = []
        for _press in range(FURTHEST):
            self.page.keyboard.press("Tab")
            focused = self.page.evaluate(FOCUSED)
            seen.append(focused["name"])
            assert focused["seen"], f"nobody sees that {focused} has the focus"
            if (field and focused["field"] == field) or (name and re.fullmatch(name, focused["name"])):
                return
        raise AssertionError(f"Tab never reaches {name or field} on {self.page.url}, but {seen}")

    def type(self, field: str, words: str) -> None:
        self.reach(field=field)
        self.page.keyboard.type(words)

    def press(self, name: str, key: str = "Enter") -> None:
        self.reach(name)
        self.page.keyboard.press(key)

    def go(self, name: str, key: str = "Enter") -> None:
        """Press what leads to another page, and wait for it."""
        self.reach(name)
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def title(self, words: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(words)


@pytest.fixture
def keyboard(page: Page, site):
    make_organisation()
    page.emulate_media(reduced_motion="reduce")  # a focus that fades in is seen too, but later
    return Keyboard(page)


def test_a_visitor_signs_up(keyboard, site):
    notice = make_notice({"purpose": make_purpose(slug="lettre"), "label_fr": "Oui, je veux la lettre"})
    make_form(slug="lettre", notice=notice)
    keyboard.page.goto(f"{site}/s/lettre/")

    keyboard.press("Aller au contenu")
    expect(keyboard.page.locator("#content")).to_be_focused()
    keyboard.type("email", "iris@example.test")
    keyboard.press("Oui, je veux la lettre", "Space")
    time.sleep(HASTE)
    keyboard.go("Envoyer")

    keyboard.title("Encore une étape : regardez dans votre messagerie")
    assert PendingSignup.objects.count() == 1


def test_a_reader_stops_everything(keyboard, site):
    purpose = make_purpose()
    detail = make_detail("iris@example.test")
    make_consent(detail, purpose)
    token = stop_token(detail.address_key, "email", purpose.pk, key_id=detail.key_id)
    keyboard.page.goto(f"{site}/u/{token}/")

    keyboard.go("Arrêter", "Space")
    keyboard.title("C’est arrêté")
    keyboard.go(".*tout.*")
    keyboard.title("C’est arrêté")
    assert Objection.objects.filter(channel=None).exists()
