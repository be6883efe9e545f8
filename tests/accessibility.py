"""What a browser test asks of every page it meets: everybody can use it, and it breaks no rule of its own."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Request

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}


def problems(page: Page) -> list[str]:
    """Name what axe finds on this page, and whether it must be scrolled sideways."""
    found = [
        f"{violation['id']}: {node['html']}"
        for violation in Axe().run(page).response["violations"]
        for node in violation["nodes"]
    ]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append(f"wider than the window: {page.url}")
    return found


class Complaints(list[str]):
    """What the browser says against a page: errors in its console, broken policies, files that do not come."""

    def listen(self, page: Page) -> "Complaints":
        page.on("console", lambda message: self.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.append(str(error)))
        page.on("requestfailed", self._failed)
        return self

    def _failed(self, request: Request) -> None:
        """Leaving a page gives up what it was still asking for, such as its icon: that is nobody's fault."""
        if request.failure != "net::ERR_ABORTED":
            self.append(f"failed: {request.url}")
