"""The sections of which a campaign may be made: what each one holds, what is missing in it, and how they change places.

A section is kept as JSON, {"kind": "button", "words": "…", "link": "…"}: every value is a text, and what it holds for
its kind is said here alone.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

Section = dict[str, str]

MOST_SECTIONS = 50
LONGEST_TEXT = 20_000
LONGEST_LINE = 300

_DIGEST = re.compile(r"[0-9a-f]{64}")
_SIZES = (
    ("large", pgettext_lazy("size", "large")),
    ("medium", pgettext_lazy("size", "medium")),
    ("small", pgettext_lazy("size", "small")),
)


@dataclass(frozen=True)
class Part:
    """One thing that a section holds. `needed_with` names another part, without which this one may be missing."""

    name: str
    label: str | Promise
    kind: Literal["line", "prose", "link", "picture", "choice"]
    required: bool = True
    needed_with: str = ""
    choices: tuple[tuple[str, str | Promise], ...] = ()

    @property
    def longest(self) -> int:
        return {"prose": LONGEST_TEXT, "link": 2_000}.get(self.kind, LONGEST_LINE)


@dataclass(frozen=True)
class Kind:
    label: str | Promise
    parts: tuple[Part, ...] = ()


def _column(side: str, text: Promise, picture: Promise, alternative: Promise) -> tuple[Part, ...]:
    return (
        Part(f"{side}_picture", picture, "picture", required=False),
        Part(f"{side}_alternative", alternative, "line", required=False, needed_with=f"{side}_picture"),
        Part(f"{side}_text", text, "prose"),
    )


_ALTERNATIVE = gettext_lazy("What the picture shows")

KINDS: dict[str, Kind] = {
    "heading": Kind(
        gettext_lazy("Heading"),
        (
            Part("text", gettext_lazy("Heading"), "line"),
            Part("size", gettext_lazy("Size"), "choice", choices=_SIZES[:2]),
        ),
    ),
    "text": Kind(gettext_lazy("Text"), (Part("text", gettext_lazy("Text"), "prose"),)),
    "image": Kind(
        gettext_lazy("Picture"),
        (
            Part("picture", gettext_lazy("Picture"), "picture"),
            Part("alternative", _ALTERNATIVE, "line"),
            Part("link", gettext_lazy("Where a click on it leads, if anywhere"), "link", required=False),
        ),
    ),
    "button": Kind(
        gettext_lazy("Button"),
        (Part("words", gettext_lazy("Words"), "line"), Part("link", gettext_lazy("Where it leads"), "link")),
    ),
    "columns": Kind(
        gettext_lazy("Two columns"),
        (
            *_column(
                "left",
                gettext_lazy("Text on the left"),
                gettext_lazy("Picture on the left"),
                gettext_lazy("What the picture on the left shows"),
            ),
            *_column(
                "right",
                gettext_lazy("Text on the right"),
                gettext_lazy("Picture on the right"),
                gettext_lazy("What the picture on the right shows"),
            ),
        ),
    ),
    "divider": Kind(gettext_lazy("Rule")),
    "spacer": Kind(gettext_lazy("Space"), (Part("size", gettext_lazy("Size"), "choice", choices=_SIZES),)),
    "footnote": Kind(gettext_lazy("Small print"), (Part("text", gettext_lazy("Text"), "prose"),)),
}


def blank(kind: str) -> Section:
    """A section of a kind, with nothing in it yet."""
    return {"kind": kind} | {part.name: part.choices[0][0] if part.choices else "" for part in KINDS[kind].parts}


def check(value: Any) -> None:
    """Refuse what is no list of sections. Something missing in one is no reason: a draft may lack anything."""
    if not isinstance(value, list) or len(value) > MOST_SECTIONS:
        raise ValidationError(_("A message has at most %(most)s sections."), params={"most": MOST_SECTIONS})
    for section in value:
        if not isinstance(section, dict) or section.get("kind") not in KINDS:
            raise ValidationError(_("There is no such kind of section."))
        parts = KINDS[section["kind"]].parts
        if set(section) != {"kind", *(part.name for part in parts)}:
            raise ValidationError(_("A section does not hold what its kind holds."))
        for part in parts:
            _check_part(part, section[part.name])


def _check_part(part: Part, value: Any) -> None:
    if not isinstance(value, str) or "\0" in value:
        raise ValidationError(_("A section does not hold what its kind holds."))
    if len(value) > part.longest:
        raise ValidationError(
            _("“%(part)s” is longer than %(most)s characters."), params={"part": part.label, "most": part.longest}
        )
    if part.kind == "choice" and value not in dict(part.choices):
        raise ValidationError(_("A section does not hold what its kind holds."))
    if part.kind == "picture" and value and not _DIGEST.fullmatch(value):
        raise ValidationError(_("There is no such picture."))


def read(data: Mapping[str, Any]) -> list[Section]:
    """Read the sections that a page sends; what is of no known kind is left out."""
    sections = []
    for place in range(MOST_SECTIONS):
        kind = data.get(f"section-{place}-kind")
        if kind is None:
            break
        if kind in KINDS:
            sections.append(_read_one(kind, f"section-{place}-", data))
    return sections


def _read_one(kind: str, prefix: str, data: Mapping[str, Any]) -> Section:
    section = blank(kind)
    for part in KINDS[kind].parts:
        value = str(data.get(prefix + part.name, section[part.name])).replace("\r\n", "\n").replace("\0", "")
        section[part.name] = value.strip() if part.kind != "choice" or value in dict(part.choices) else section["size"]
    return section


def changed(sections: list[Section], act: str) -> tuple[list[Section], int]:
    """Do what a button asks: "add:text", "up:2", "down:2", "copy:2", "remove:2". Return also where to go on."""
    verb, _colon, what = act.partition(":")
    sections = list(sections)
    if verb == "add":
        if what in KINDS and len(sections) < MOST_SECTIONS:
            sections.append(blank(what))
        return sections, len(sections) - 1
    place = int(what) if what.isdecimal() and int(what) < len(sections) else None
    if place is None:
        return sections, -1
    match verb:
        case "up" if place > 0:
            sections.insert(place - 1, sections.pop(place))
            return sections, place - 1
        case "down" if place < len(sections) - 1:
            sections.insert(place + 1, sections.pop(place))
            return sections, place + 1
        case "copy" if len(sections) < MOST_SECTIONS:
            sections.insert(place + 1, dict(sections[place]))
            return sections, place + 1
        case "remove":
            del sections[place]
            return sections, min(place, len(sections) - 1)
    return sections, place


def rewritten(sections: list[Section], change: Callable[[str], str]) -> list[Section]:
    """The same sections, with every text that a person wrote changed in one way."""
    return [
        section
        | {
            part.name: change(section[part.name])
            for part in KINDS[section["kind"]].parts
            if part.kind in ("line", "prose", "link")
        }
        for section in sections
    ]


def texts(sections: list[Section]) -> Iterator[tuple[str, str]]:
    """Every text that a person wrote, each after the name of its place."""
    for place, section in enumerate(sections, 1):
        kind = KINDS[section["kind"]]
        for part in kind.parts:
            if part.kind in ("line", "prose", "link") and section[part.name]:
                yield name_of(place, section), section[part.name]


def gaps(sections: list[Section]) -> Iterator[str]:
    """Say what is missing."""
    if not sections:
        yield _("The message has no section yet.")
    for place, section in enumerate(sections, 1):
        for part in KINDS[section["kind"]].parts:
            needed = part.required or (part.needed_with and section[part.needed_with])
            if needed and not section[part.name]:
                yield _("%(section)s: “%(part)s” is empty.") % {
                    "section": name_of(place, section),
                    "part": part.label,
                }


def name_of(place: int, section: Section) -> str:
    """What people call a section: by its place and its kind."""
    return _("Section %(place)s (%(kind)s)") % {"place": place, "kind": str(KINDS[section["kind"]].label).lower()}


def pictures_in(sections: list[Section]) -> set[str]:
    """The digests of the pictures that sections show."""
    return {
        section[part.name]
        for section in sections
        for part in KINDS[section["kind"]].parts
        if part.kind == "picture" and section[part.name]
    }


def as_text(sections: list[Section]) -> str:
    """Everything that sections say, for somebody who compares two versions."""
    blocks = []
    for place, section in enumerate(sections, 1):
        held = [section[part.name] for part in KINDS[section["kind"]].parts if section[part.name]]
        blocks.append("\n".join([f"— {name_of(place, section)} —", *held]))
    return "\n\n".join(blocks)
