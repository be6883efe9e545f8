"""What a mail holds, read from its HTML: its links with their words, its pictures, how much it says."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

_SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class Anchor:
    """A link: where it leads, as it was written, and the words that stand for it."""

    address: str
    words: str


@dataclass
class Contents:
    """What was found."""

    links: list[Anchor] = field(default_factory=list)
    pictures: list[tuple[str, str]] = field(default_factory=list)  # the address and what stands in for each
    text: str = ""


def contents(html: str) -> Contents:
    """Read HTML, cleaned or not."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.found.text = _SPACES.sub(" ", "".join(reader.said)).strip()
    return reader.found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found = Contents()
        self.said: list[str] = []
        self._silent = 0
        self._links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag in ("style", "script", "title"):
            self._silent += 1
        elif tag == "img":
            alternative = (attributes.get("alt") or "").strip()
            self.found.pictures.append(((attributes.get("src") or "").strip(), alternative))
            if self._links:
                self.said.append(f" {alternative} ")
        elif tag == "a":
            self._links.append(((attributes.get("href") or "").strip(), len(self.said)))
        else:
            self.said.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("style", "script", "title"):
            self._silent = max(0, self._silent - 1)
        elif tag == "a" and self._links:
            address, start = self._links.pop()
            words = _SPACES.sub(" ", "".join(self.said[start:])).strip()
            self.found.links.append(Anchor(address, words))

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.said.append(data)
