"""What marketers design in MJML, as the clean HTML of a mail's body: nothing that acts, nothing loaded unasked."""

import re
from dataclasses import dataclass

import css_inline
import nh3
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from mjml import mjml2html

from campaigns.delivery.markup import only_absolute
from campaigns.delivery.outlook import only_the_engines, without_comments
from campaigns.delivery.plain import from_html

_ELEMENT = re.compile(r"<(mj[a-z-]*)")
_ELEMENTS = {
    *("mjml", "mj-head", "mj-body", "mj-attributes", "mj-all", "mj-class", "mj-breakpoint", "mj-font", "mj-preview"),
    *("mj-style", "mj-title", "mj-button", "mj-column", "mj-divider", "mj-group", "mj-hero", "mj-image", "mj-raw"),
    *("mj-section", "mj-social", "mj-social-element", "mj-spacer", "mj-table", "mj-text", "mj-wrapper"),
}
_BODY = re.compile(r"<body[^>]*>(.*)</body>", re.DOTALL)
_STYLE = re.compile(r"<style[^>]*>(.*?)</style>", re.DOTALL)
# What the engine itself writes so that columns stack on a small screen; it concerns its own classes alone.
_RESPONSIVE = re.compile(
    r"@media only screen and \((?:min|max)-width:\d+px\) \{\s*(?:[a-z]*\.mj-[\w-]+ \{[^{}<]*\}\s*)+\}"
)
_AT_RULE = re.compile(r"@[a-z-]+[^{};]*(?:;|\{(?:[^{}]*\{[^{}]*\})*[^{}]*\})")
_POSITION = re.compile(r"position (\d+):\d+")
# The engine follows elements inside one another on the stack, and ends the whole process where that is too deep.
_DEEPEST = 100
_TOKEN = re.compile(
    r"<!\[CDATA\[.*?\]\]>|</(?P<closes>[a-zA-Z][\w-]*)\s*>"
    r"|<(?P<name>[a-zA-Z][\w-]*)(?:[^\"'<>]|\"[^\"]*\"|'[^']*')*?(?P<closed>/?)>|<[a-zA-Z]",
    re.DOTALL,
)
_OPENING = re.compile(r"<[a-zA-Z]")
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_LOADS_OR_ACTS = re.compile(r"url\(|expression\(|javascript:|behavior|-moz-binding", re.IGNORECASE)
# What draws an element over those after it, the way to stop among them; and what writes a name so that none sees it.
_COVERS = re.compile(
    r"\s*(?:-[a-z]+-)?(?:position|transform|translate|rotate|scale|offset|perspective|z-index|opacity|isolation|contain"
    r"|will-change|filter|backdrop-filter|mix-blend-mode|clip|clip-path|mask|animation|view-transition|all)\b",
    re.IGNORECASE,
)
_DISGUISED = re.compile(r"\\|/\*")

_TAGS = {
    *("div", "span", "p", "br", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code"),
    *("strong", "b", "em", "i", "u", "s", "small", "sub", "sup", "a", "img", "hr", "center"),
    *("table", "thead", "tbody", "tfoot", "tr", "th", "td", "caption"),
}
_ATTRIBUTES = {
    "*": {"style", "class", "align", "dir", "lang", "role", "aria-label", "aria-hidden"},
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "width", "height", "border"},
    "table": {"width", "border", "cellpadding", "cellspacing", "bgcolor"},
    "td": {"width", "height", "bgcolor", "valign", "colspan", "rowspan"},
    "th": {"width", "height", "bgcolor", "valign", "colspan", "rowspan"},
}
_inliner = css_inline.CSSInliner(load_remote_stylesheets=False)


@dataclass(frozen=True)
class Design:
    """A mail's body as designed, and what makes it fit small screens."""

    html: str
    responsive: str


def to_design(source: str) -> Design:
    """Compile MJML. Raises ValidationError, in words for its writer, where it cannot be read."""
    page = rendered(source)
    body = _BODY.search(page)
    if body is None:
        raise ValidationError(_("MJML begins with <mjml>, and what it says stands in <mj-body>."))
    styles = "\n".join(_STYLE.findall(page))
    # Its own styles are put into its own elements: they cannot reach the lines below it, by which a reader stops.
    inlined = _inliner.inline_fragment(body[1], _AT_RULE.sub("", styles))
    html = nh3.clean(
        inlined,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel"},
        attribute_filter=_harmless,
        link_rel=None,
        strip_comments=False,
    )
    html = only_the_engines(html)
    if not from_html(html):
        raise ValidationError(_("The MJML says nothing: it needs an mj-body with a section in it."))
    return Design(html, "\n".join(dict.fromkeys(_RESPONSIVE.findall(styles))))


def rendered(source: str) -> str:
    """Return the page that the engine makes, not cleaned yet. Raises ValidationError where it cannot be read."""
    try:
        source = without_comments(source)
    except ValueError as error:
        raise ValidationError(_("The MJML has too many comments inside one another.")) from error
    _refuse_unknown_elements(source)
    if _depth(source) > _DEEPEST:
        raise ValidationError(_("The MJML has too many elements inside one another, or some that are not closed."))
    try:
        # A font from elsewhere would tell who opens the mail.
        page: str = mjml2html(source, disable_comments=True, fonts={})
    except ValueError as error:
        raise ValidationError(_in_words(str(error), source)) from error
    return page


def _refuse_unknown_elements(source: str) -> None:
    """The engine leaves out in silence what it does not know."""
    for name in dict.fromkeys(_ELEMENT.findall(source)):
        if name == "mj-include":
            raise ValidationError(_("MJML cannot include other files here: write everything in the message."))
        if name not in _ELEMENTS:
            raise ValidationError(_("MJML has no element “%(name)s” that can be used here."), params={"name": name})
    if "<mjml" not in source or "<mj-body" not in source:
        raise ValidationError(_("MJML begins with <mjml>, and what it says stands in <mj-body>."))


def _depth(source: str) -> int:
    """How many elements stand inside one another, or more where it is in doubt: a tag within quotes counts as one."""
    deepest = 0
    opened: list[str] = []
    for token in _TOKEN.finditer(source):
        if token["closes"]:
            if opened and opened[-1] == token["closes"]:
                opened.pop()
            continue
        opened += [token["name"] or ""] * len(_OPENING.findall(token[0]))
        deepest = max(deepest, len(opened))
        if token["closed"] or token["name"] in _VOID:
            opened.pop()
    return deepest


def _in_words(error: str, source: str) -> str:
    """What the engine found wrong, for somebody who writes."""
    if where := _POSITION.search(error):
        line = source.encode()[: int(where[1])].count(b"\n") + 1
        return _("The MJML cannot be read at line %(line)s: a tag there is not closed, or does not belong there.") % {
            "line": line
        }
    return _("The MJML cannot be read: a tag is not closed, or the message ends too early.")


def _harmless(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "style":
        return "; ".join(part.strip() for part in value.split(";") if part.strip() and _stays_in_place(part))
    return only_absolute(tag, attribute, value)


def _stays_in_place(declaration: str) -> bool:
    forbidden = _LOADS_OR_ACTS.search(declaration) or _DISGUISED.search(declaration) or _COVERS.match(declaration)
    return forbidden is None
