"""Whether two names can be one person's."""

import unicodedata
from typing import Protocol


class Named(Protocol):
    """Whoever has a name."""

    @property
    def first_name(self) -> str: ...
    @property
    def last_name(self) -> str: ...
    @property
    def company(self) -> str: ...


def may_be_the_same(one: Named, other: Named) -> bool:
    """Whether nothing in these names tells two people apart: each part is equal, or missing on one side."""
    return all(
        not (mine and theirs) or _plain(mine) == _plain(theirs)
        for mine, theirs in (
            (one.first_name, other.first_name),
            (one.last_name, other.last_name),
            (one.company, other.company),
        )
    )


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name).casefold()
    return "".join(letter for letter in letters if letter.isalnum())
