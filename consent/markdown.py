"""Markdown that staff write, as HTML that holds text and nothing else: no control, no script, no image, no style."""

import re

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

_MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True})
_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "a", "h3", "h4", "h5", "h6", "blockquote", "code", "pre", "hr"}
_LAYERS = re.compile(r"^[ \t]*-{3,}[ \t]*$", re.MULTILINE)
_DEEPEST = 6


def to_html(text: str) -> SafeString:
    """Return the HTML of a text. Its headings start at the third level, below those of the page."""
    tokens = _MARKDOWN.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 2, _DEEPEST)}"
    html = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer",
    )
    return mark_safe(clean)  # noqa: S308 - cleaned just above


def layers(text: str) -> tuple[str, str]:
    """Split a text at its first line of dashes: the essentials stay in sight, the rest is one press away."""
    essentials, *rest = _LAYERS.split(text.replace("\r\n", "\n"), maxsplit=1)
    return essentials.strip(), "".join(rest).strip()
