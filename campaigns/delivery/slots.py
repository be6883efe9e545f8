"""Slots: the places of a mail that are filled anew for each reader, kept apart while the rest is compiled once."""

import re
import secrets
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from campaigns.fields import problems, substitute


@dataclass(frozen=True)
class Slot:
    """A place that is filled anew for each reader, and what stands there for a reader who has nothing to put in it."""

    name: str
    default: str = ""


Part = str | Slot


class Marks:
    """Stand-ins for slots while a text goes through Markdown, cleaning and layout: plain words that nothing alters."""

    def __init__(self) -> None:
        self._nonce = f"x{secrets.token_hex(8)}x"
        self._slots: list[Slot] = []
        self._mark = re.compile(rf"{self._nonce}(\d+)x")

    def of(self, slot: Slot) -> str:
        """Return the word that stands for this slot."""
        self._slots.append(slot)
        return f"{self._nonce}{len(self._slots) - 1}x"

    def of_fields(self, text: str) -> str:
        """Put a word where each field stands. Raises ValidationError for one that does not exist or is half written."""
        if found := problems(text):
            raise ValidationError(found)
        return substitute(text, lambda name, default: self.of(Slot(name, one_line(default))))

    def names(self) -> set[str]:
        """The names of all slots so far."""
        return {slot.name for slot in self._slots}

    def parts(self, text: str) -> tuple[Part, ...]:
        """Cut a text at the words that stand for slots."""
        return tuple(self._cut(text))

    def within(self, text: str) -> Iterator[Slot]:
        """The slots whose words stand in a text."""
        return (part for part in self._cut(text) if isinstance(part, Slot))

    def _cut(self, text: str) -> Iterator[Part]:
        end = 0
        for mark in self._mark.finditer(text):
            if mark.start() > end:
                yield text[end : mark.start()]
            yield self._slots[int(mark[1])]
            end = mark.end()
        if end < len(text):
            yield text[end:]


# What could start another line or header, or turn the writing direction of what surrounds a name.
_UNFIT = {"Cc", "Zl", "Zp", "Cs"}
_DIRECTIONS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def one_line(value: str) -> str:
    """Return a person's word as it may stand in a mail: on one line, without control characters."""
    if value.isascii() and value.isprintable():
        return value.strip()
    plain = "".join(" " if unicodedata.category(c) in _UNFIT else c for c in value.translate(_DIRECTIONS))
    return plain.strip()
