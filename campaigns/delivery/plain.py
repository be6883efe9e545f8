"""Clean HTML as plain text, for readers without HTML: blocks on lines of their own, addresses shown."""

import re
from html.parser import HTMLParser

_BLOCKS = {
    *("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "hr", "center"),
    *("table", "tr", "caption"),
}
_HIDDEN = re.compile(r"display\s*:\s*none")
_VOID = {"br", "hr", "img"}
_BLANK_LINES = re.compile(r"\s*\n\s*\n\s*")
_SPACES = re.compile(r"[ \t\r\n]+")


def from_html(html: str) -> str:
    """Return what clean HTML says."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = "".join(reader.said).split("\n")
    return _BLANK_LINES.sub("\n\n", "\n".join(line.strip() for line in lines)).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._hidden_by: list[str] = []  # the open elements from the outermost hidden one on
        self._links: list[tuple[str, int]] = []  # where each leads, and where its words begin

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if self._hidden_by or _HIDDEN.search(attributes.get("style", "")):
            if tag not in _VOID:
                self._hidden_by.append(tag)
            return
        if tag in _BLOCKS:
            self.said.append("\n\n" if tag != "li" else "\n- ")
        elif tag == "br":
            self.said.append("\n")
        elif tag == "img":
            self.said.append(attributes.get("alt", ""))
        elif tag == "a":
            self._links.append((attributes.get("href", ""), len(self.said)))

    def handle_endtag(self, tag: str) -> None:
        if self._hidden_by:
            self._hidden_by.pop()
            return
        if tag == "a" and self._links:
            address, start = self._links.pop()
            words = "".join(self.said[start:]).strip()
            if address and words not in (address, address.removeprefix("mailto:")):
                self.said.append(f" ({address})" if words else address)
        elif tag in ("td", "th"):
            self.said.append(" ")
        elif tag in _BLOCKS and tag != "li":
            self.said.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden_by:
            self.said.append(_SPACES.sub(" ", data))
