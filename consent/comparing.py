"""What differs between two versions of a notice, word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.translation import gettext as _

from consent.mentions import FIVE
from consent.models import Box, Notice
from consent.vocabulary import Language


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words: in both versions, only in the old one ("del") or only in the new one ("ins")."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One text of a notice in one language, old and new as one run of pieces."""

    title: str
    language: str
    pieces: list[Piece]

    @property
    def is_change(self) -> bool:
        return any(piece.kind for piece in self.pieces)


def version_in_use(notice: Notice) -> Notice | None:
    """Return the latest published version before this one."""
    earlier = Notice.objects.published().filter(code=notice.code, version__lt=notice.version)
    return earlier.order_by("-version").first()


def differences(old: Notice, new: Notice) -> list[Difference]:
    """Compare everything that visitors read: information, box labels and mentions, in both languages."""
    return [
        Difference(title, language, words_compared(before.get(title, ""), after.get(title, "")))
        for language in Language
        for before, after in [(_texts(old, language), _texts(new, language))]
        for title in {**after, **before}
    ]


def words_compared(old: str, new: str) -> list[Piece]:
    """Return the words of both texts in reading order, what was taken away before what was put in its place."""
    before, after = (re.findall(r"\s+|\w+|[^\w\s]", text) for text in (old, new))
    return list(_pieces(before, after))


def _pieces(before: list[str], after: list[str]) -> Iterator[Piece]:
    for operation, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if operation == "equal":
            yield Piece("", "".join(before[a:b]))
            continue
        if a < b:
            yield Piece("del", "".join(before[a:b]))
        if c < d:
            yield Piece("ins", "".join(after[c:d]))


def _texts(notice: Notice, language: str) -> dict[str, str]:
    """Name every text of a notice; a box is the same one in both versions by its purpose and channel."""
    texts = {_("Information"): getattr(notice, f"information_{language}")}
    for box in notice.boxes.select_related("purpose"):
        about = f"{box.purpose}, {box.get_channel_display()}"
        texts[_("Box: %(about)s") % {"about": about}] = f"{_sign(box)} {getattr(box, f'label_{language}')}"
        for mention in FIVE:
            if text := getattr(box, f"{mention.field}_{language}"):
                texts[f"{about}: {mention.title}"] = text
    return texts


def _sign(box: Box) -> str:
    return f"[{box.get_kind_display()}]"
