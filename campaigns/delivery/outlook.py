"""The comments by which MJML lays a mail out for Outlook on Windows, which knows columns only as tables.

Only what the engine itself writes is kept. It puts some of what people wrote into it, unescaped: so each comment is
read by its grammar, and all together must close what they open, lest one take in the lines below the design. What it
draws in VML is left out: these are pictures behind the text, which no other reader is shown either.
"""

import re

_WRITTEN_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_MOST_TURNS = 20
_COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
_CONDITIONAL = re.compile(r"\[if mso \| IE\]>(.*)<!\[endif\]", re.DOTALL)
_TAG = re.compile(r'<(/?)(table|tr|td|v:image|v:rect|v:fill|v:textbox)((?: [a-z:]+="[^"<>]*")*) ?(/?)>|&nbsp;')
_ATTRIBUTE = re.compile(r' ([a-z:]+)="([^"]*)"')
_ATTRIBUTES = {
    *(
        "align",
        "bgcolor",
        "border",
        "cellpadding",
        "cellspacing",
        "class",
        "height",
        "role",
        "style",
        "valign",
        "width",
    ),
    *("color", "fill", "inset", "origin", "position", "size", "aspect", "src", "stroke", "type", "xmlns:v"),
}
_VML = re.compile(r"</?v:[^<>]*>")
_LOADS_OR_ACTS = re.compile(r"url\(|expression\(|javascript:|behavior|-moz-binding", re.IGNORECASE)


def without_comments(source: str) -> str:
    """Return what somebody wrote without its comments, on the same lines. Raises ValueError where they never end."""
    for _turn in range(_MOST_TURNS):
        shorter = _WRITTEN_COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), source)
        if shorter == source:
            return source
        source = shorter  # what stood around one may make another
    raise ValueError("comments within comments")


def only_the_engines(html: str) -> str:
    """Return a clean body with its comments, or without any where one is not as the engine writes them."""
    still_open: list[str] = []
    if all(_is_read(comment, still_open) for comment in _COMMENT.findall(html)) and not still_open:
        return _VML.sub("", html)
    return _COMMENT.sub("", html)


def _is_read(comment: str, still_open: list[str]) -> bool:
    """Follow one comment from tag to tag, noting what it leaves open; False where it says anything else."""
    conditional = _CONDITIONAL.fullmatch(comment)
    if conditional is None:
        return False
    inside, at = conditional[1], 0
    while at < len(inside):
        tag = _TAG.match(inside, at)
        if tag is None or not all(_is_harmless(*attribute) for attribute in _ATTRIBUTE.findall(tag[3] or "")):
            return False
        closing, name, _attributes, alone = tag.groups()
        if closing:
            if not still_open or still_open.pop() != name:
                return False
        elif name and not alone:
            still_open.append(name)
        at = tag.end()
    return True


def _is_harmless(name: str, value: str) -> bool:
    return name in _ATTRIBUTES and not _LOADS_OR_ACTS.search(value)
