"""How many parts a text has: GSM 03.38, with its extension table, else UCS-2."""

from dataclasses import dataclass

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")  # each takes two places, the first of which is an escape

# What typists and word processors write, and what says the same in the alphabet of phones.
_SAME = str.maketrans(
    {
        "’": "'",
        "‘": "'",
        "“": '"',
        "”": '"',
        "«": '"',
        "»": '"',
        "–": "-",
        "—": "-",
        "\u2212": "-",
        "…": "...",
        "\u00a0": " ",
        "\u202f": " ",
        "\u2009": " ",
        "\t": " ",
        "œ": "oe",
        "Œ": "OE",
    }
)


@dataclass(frozen=True, slots=True)
class Length:
    """How long a text is: in places of its alphabet, and in the parts in which it travels and is paid for."""

    places: int
    parts: int
    is_gsm: bool
    room: int  # places left in the last part


def plain(text: str) -> str:
    """Write a text, as far as nothing is lost, in the characters that phones know from the start."""
    return text.replace("\r\n", "\n").translate(_SAME)


def measure(text: str) -> Length:
    """Count a text: 160 places in one part and 153 in each of several, or 70 and 67 where a character needs UCS-2."""
    widths = [_width(character) for character in text]
    if all(widths):
        return _length([width or 0 for width in widths], 160, 153, is_gsm=True)
    # A character outside the basic plane takes two places, which no part may separate.
    return _length([1 if ord(character) < 0x10000 else 2 for character in text], 70, 67, is_gsm=False)


def foreign(text: str) -> list[str]:
    """The characters that make a text twice as long, each once."""
    return [character for character in dict.fromkeys(text) if not _width(character)]


def _width(character: str) -> int:
    return 1 if character in _BASIC else 2 if character in _EXTENDED else 0


def _length(widths: list[int], alone: int, among_several: int, *, is_gsm: bool) -> Length:
    total = sum(widths)
    if total <= alone:
        return Length(total, 1, is_gsm, alone - total)
    parts, left = 1, among_several
    for width in widths:
        if width > left:
            parts, left = parts + 1, among_several
        left -= width
    return Length(total, parts, is_gsm, left)
