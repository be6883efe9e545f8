"""Sections written as MJML, so that what marketers compose and what they design become a mail in one way."""

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from campaigns.delivery.markup import rendered
from campaigns.sections import Section, pictures_in
from consent.colours import shades
from consent.models import Organisation, Picture, Sender

_HEIGHTS = {"small": 12, "medium": 24, "large": 48}
_LOGO_HEIGHT, _LOGO_WIDTH = 40, 240
_FULL_WIDTH = 552  # of a mail's 600 pixels, less the margins


def to_mjml(sections: list[Section], organisation: Organisation, sender: Sender, language: str) -> str:
    """Return sections as MJML, in the organisation's colour."""
    pictures = Picture.objects.defer("content").in_bulk(pictures_in(sections))
    return render_to_string(
        "emails/sections.mjml",
        {
            "sections": [_ready(section, pictures) for section in sections],
            "language": language,
            "logo": organisation.logo,
            "logo_width": _logo_width(organisation.logo),
            "sender": sender.name or organisation.name,
            "colour": organisation.colour,
            "shades": shades(organisation.colour.removeprefix("#")),
        },
    )


def _logo_width(logo: Picture | None) -> int:
    """How wide a logo is drawn that is no higher than a line of large words, and no wider than a phone likes."""
    return min(_LOGO_WIDTH, round(_LOGO_HEIGHT * logo.width / logo.height)) if logo else 0


def _ready(section: Section, pictures: dict[str, Picture]) -> dict[str, object]:
    """A section with its prose as HTML, its pictures' addresses and its sizes."""
    ready: dict[str, object] = dict(section)
    for name, value in section.items():
        prefix = name.removesuffix("text").removesuffix("picture")
        if name.endswith("text") and section["kind"] != "heading":
            ready[f"{prefix}html"] = mark_safe(rendered(value))  # noqa: S308 — Markdown without HTML, and cleaned later
        elif name.endswith("picture") and value in pictures:
            ready[f"{prefix}address"] = pictures[value].address
    if section["kind"] == "image" and section["picture"] in pictures:
        ready["width"] = min(pictures[section["picture"]].width, _FULL_WIDTH)
    if section["kind"] == "spacer":
        ready["height"] = _HEIGHTS[section["size"]]
    return ready
