"""What marketers write, Markdown, as clean HTML and as plain text."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])

_TAGS = {
    *("p", "br", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code", "hr"),
    *("strong", "em", "s", "a", "img", "table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title"},
    "ol": {"start"},
    "th": {"style"},
    "td": {"style"},
}
_SCHEMES = {"http", "https", "mailto", "tel"}
# What a text was read as takes a hundred times its room.
_KEPT_PARSED = 2
_ABSOLUTE = re.compile(r"(https?://[^/]|mailto:|tel:)", re.IGNORECASE)


def to_html(markdown: str) -> str:
    """Return Markdown as HTML that holds text, links, pictures, lists and tables, and nothing that acts."""
    return nh3.clean(
        rendered(markdown),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        attribute_filter=only_absolute,
        filter_style_properties={"text-align"},
        link_rel=None,
    )


def rendered(markdown: str) -> str:
    """Return Markdown as HTML that is not cleaned yet: it leads where the writer said, wherever that is."""
    html: str = _MARKDOWN.renderer.render(_parsed(markdown), _MARKDOWN.options, {})
    return html


@lru_cache(_KEPT_PARSED)
def _parsed(markdown: str) -> Sequence[Token]:
    """Read a text once, although a preview asks for its HTML, its words, its links and its habits."""
    return _MARKDOWN.parse(markdown)


def only_absolute(_tag: str, attribute: str, value: str) -> str | None:
    """Drop addresses without a site, which lead nowhere from a mail."""
    if attribute in ("href", "src") and not _ABSOLUTE.match(value):
        return None
    return value


def to_text(markdown: str) -> str:
    """Return Markdown as a reader without HTML likes it: marks gone, addresses shown."""
    return "\n\n".join(_blocks(SyntaxTreeNode(_parsed(markdown)))).strip()


def _blocks(node: SyntaxTreeNode) -> Iterator[str]:
    for child in node.children:
        yield _block(child)


def _block(node: SyntaxTreeNode) -> str:
    match node.type:
        case "fence" | "code_block":
            return _indent(node.content.rstrip("\n"), "    ", "    ")
        case "hr":
            return "—" * 20
        case "blockquote":
            return _indent("\n\n".join(_blocks(node)), "> ", "> ")
        case "bullet_list":
            return "\n".join(_indent("\n".join(_blocks(item)), "- ", "  ") for item in node.children)
        case "ordered_list":
            start = int(node.attrs.get("start", 1))
            return "\n".join(
                _indent("\n".join(_blocks(item)), f"{number}. ", "   ")
                for number, item in enumerate(node.children, start)
            )
        case "table":
            rows = (row for part in node.children for row in part.children)
            return "\n".join(" | ".join(_inline(cell) for cell in row.children) for row in rows)
        case _:
            return _inline(node)


def _inline(node: SyntaxTreeNode) -> str:
    match node.type:
        case "text" | "code_inline":
            return node.content
        case "softbreak" | "hardbreak":
            return "\n"
        case "image":
            return node.content
        case "link":
            words, address = "".join(map(_inline, node.children)), str(node.attrs.get("href", ""))
            return words if words in (address, address.removeprefix("mailto:")) else f"{words} ({address})"
        case _:
            return "".join(map(_inline, node.children))


def _indent(text: str, first: str, others: str) -> str:
    lines = text.split("\n")
    return "\n".join([first + lines[0], *(f"{others}{line}".rstrip() for line in lines[1:])])
