"""Every link of every page that a role reaches leads somewhere, and to nothing that refuses this very role."""

import re
from collections import Counter, deque
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, resolve

from tests import world
from tests.every_page import pages
from tests.staff.who_may_enter import who_may_enter

pytestmark = pytest.mark.django_db

STARTS = {"V": "/", "M": "/start/", "O": "/start/", "D": "/start/", "A": "/start/", "S": "/start/"}
INSTANCES = 2
# These ask other servers, and have tests of their own.
SLOW = {"checkup_part"}
# Where else a page may lead: the law, and who publishes or enforces it; what the demonstration's mails lead to.
ELSEWHERE = {
    "www.legifrance.gouv.fr",
    "www.cnil.fr",
    "eur-lex.europa.eu",
    "www.bloctel.gouv.fr",
    "jardins.example.test",
    "loyal.example.test",
    "erp.example.test",
}
# Mails, which marketers write, and the page for programmers, which its own script fills.
OTHERS_WORDS = ("/campaigns/preview/", "/v/", "/api/v1/docs")
# What a mail leads to speaks the language of the mail.
OWN_LANGUAGE = ("/c/", "/a/", "/rights/link/", "/rights/file/")
# Said by no English page, whatever its data: these are words of buttons, menus and headings.
FRENCH = re.compile(
    r">\s*(Accueil|Enregistrer|Envoyer|Annuler|Supprimer|Modifier|Rechercher|Aide|Se déconnecter|Campagnes|Comptes|"
    r"Exports de listes|Administration du site|Langue)\s*<"
)
ENGLISH = re.compile(
    r">\s*(Home|Save|Send|Cancel|Delete|Change|Search|Help|Sign out|Log out|Campaigns|Accounts|View|Add|History)\s*<"
)


class Page(HTMLParser):
    """What a page leads to and shows, and what it is called."""

    ATTRIBUTES = {
        "a": "href",
        "area": "href",
        "link": "href",
        "script": "src",
        "img": "src",
        "iframe": "src",
        "source": "src",
    }

    def __init__(self, text):
        super().__init__()
        self.links, self.h1, self.language, self.title, self._in_title = [], 0, "", "", False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag in self.ATTRIBUTES and given.get(self.ATTRIBUTES[tag]):
            self.links.append(given[self.ATTRIBUTES[tag]])
        elif tag == "form" and given.get("method", "get").lower() == "get":
            self.links.append(given.get("action") or "")
        self.links += [given[name] for name in ("hx-get", "data-url") if given.get(name)]
        self.h1 += tag == "h1"
        self.language = given.get("lang", "") if tag == "html" else self.language
        self._in_title = tag == "title"

    def handle_endtag(self, tag):
        self._in_title = self._in_title and tag != "title"

    def handle_data(self, data):
        self.title += data.strip() if self._in_title else ""


@pytest.fixture(scope="module")
def settled(django_db_setup, django_db_blocker):
    """One world for all walks, which change nothing of it."""
    with django_db_blocker.unblock(), transaction.atomic():
        world.settle()
        yield
        transaction.set_rollback(True)


class Walk:
    """All that one role reaches from its start page, breadth first, a few pages of each pattern."""

    def __init__(self, letter, language):
        self.client = Client(headers={"accept-language": language}, raise_request_exception=False)
        if letter != "V":
            self.client.force_login(world.account(letter))
        self.letter, self.language = letter, language
        self.faults, self.seen, self.visits = [], set(), Counter()
        self.queue = deque()

    def begin(self, *paths):
        for path in paths:
            self.meet(path, "the start")
        while self.queue:
            self.visit(*self.queue.popleft())
        return self

    def meet(self, link, page):
        """Note where a link leads, once, unless enough pages of its pattern were met."""
        parts = urlsplit(urljoin(page if page.startswith("/") else "/", link))
        if parts.scheme in ("mailto", "tel", "data", "blob"):
            return
        if parts.netloc not in ("", "testserver"):
            if parts.netloc not in ELSEWHERE:
                self.faults.append(f"{page} leads out of the site, to {link}")
            return
        if parts.path.startswith("/static/"):
            if not finders.find(parts.path.removeprefix("/static/")):
                self.faults.append(f"{page} asks for {parts.path}, which is not there")
            return
        if "lang=" in parts.query:
            return  # the same page in the other language, which has its own walk
        try:
            match = resolve(parts.path)
        except Resolver404:
            self.faults.append(f"{page} leads to {parts.path}, which no pattern answers")
            return
        if match.view_name in SLOW or (match.view_name == "checkup" and parts.query):
            return
        pattern = (match.route, match.view_name, bool(parts.query))
        address = parts.path + (f"?{parts.query}" if parts.query else "")
        if address in self.seen or self.visits[pattern] >= INSTANCES:
            return
        self.seen.add(address)
        self.visits[pattern] += 1
        self.queue.append((address, page))

    def visit(self, address, page):
        response = self.client.get(address)
        if response.status_code in (301, 302, 303):
            if "/login/" in response.url and self.letter != "V":
                self.faults.append(f"{page} leads to {address}, which asks {self.letter} to sign in")
            else:
                self.meet(response.url, page)
        elif response.status_code >= 400:
            self.faults.append(f"{page} leads to {address}, which answers {response.status_code}")
        elif not response.streaming and response["Content-Type"].startswith("text/html"):
            self.read(response.content.decode(), address)

    def read(self, text, address):
        page = Page(text)
        for link in page.links:
            self.meet(link, address)
        if "<html" not in text or address.startswith(OTHERS_WORDS) or address.endswith("/message/"):
            return
        if page.h1 != 1:
            self.faults.append(f"{address} has {page.h1} headings of the first level")
        if not page.title or (page.language != self.language and not address.startswith(OWN_LANGUAGE)):
            self.faults.append(f"{address} is called “{page.title}” in “{page.language}”")
        foreign = FRENCH if page.language == "en" else ENGLISH
        if found := foreign.search(text):
            self.faults.append(f"{address} says “{found[1]}” in {page.language}")


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("letter", "VMODAS")
def test_every_link_leads_to_a_page_that_lets_one_in(settled, letter, language):
    visited = [path for name, path in pages() if letter == "V" and "V" in who_may_enter(name)]

    walk = Walk(letter, language).begin(STARTS[letter], *visited)

    assert not walk.faults, f"of {len(walk.seen)} addresses:\n" + "\n".join(walk.faults)
