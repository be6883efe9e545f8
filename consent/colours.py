"""Shades of the organisation's colour that everybody can read, whatever colour it is (WCAG 2.1, contrast 4.5:1)."""

import re
from dataclasses import dataclass

Rgb = tuple[int, int, int]

_BLACK: Rgb = (0, 0, 0)
WHITE: Rgb = (255, 255, 255)
_LIGHT_PAGE: Rgb = (241, 243, 245)  # the darkest background on a light page, and the lightest on a dark one
_DARK_PAGE: Rgb = (43, 48, 53)
_READABLE = 4.6  # a little more than the 4.5 asked for, against rounding


@dataclass(frozen=True)
class Shades:
    """The colour itself, the ink to write on it, and the shade in which it is written on a light or a dark page."""

    fill: Rgb
    ink: Rgb
    on_light: Rgb
    on_dark: Rgb


def shades(colour: str) -> Shades:
    """Return the readable shades of a colour such as `1f4b99`. Raises ValueError where it is none."""
    if not re.fullmatch(r"[0-9a-fA-F]{6}", colour):
        raise ValueError(colour)
    fill = (int(colour[:2], 16), int(colour[2:4], 16), int(colour[4:], 16))
    return Shades(
        fill=fill,
        ink=max(WHITE, _BLACK, key=lambda ink: contrast(ink, fill)),
        on_light=_towards(_BLACK, fill, _LIGHT_PAGE),
        on_dark=_towards(WHITE, fill, _DARK_PAGE),
    )


def contrast(one: Rgb, other: Rgb) -> float:
    """Return the contrast ratio of two colours, from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Rgb) -> float:
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _towards(end: Rgb, start: Rgb, page: Rgb) -> Rgb:
    """Mix `start` with `end` in steps of five hundredths until it can be read on `page`."""
    for step in range(21):
        share = step / 20
        red, green, blue = (round(a + (b - a) * share) for a, b in zip(start, end, strict=True))
        if contrast((red, green, blue), page) >= _READABLE:
            return red, green, blue
    return end
