"""The history of a campaign's words: which saves are kept, what changed between two, and how to go back."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from typing import Any, Literal

from django.contrib.auth.models import User
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from campaigns.models import Campaign, Version
from campaigns.sections import as_text

# Words and looks alone: whom a campaign is for is never brought back unseen.
WORDS = ("name", "language", "subject", "preheader", "format", "body", "sections", "particulars")
KEPT = 50
ONE_SITTING = timedelta(minutes=5)
_LONGEST_COMPARED = 20_000  # words; the work grows with their square

_TOKEN = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True)
class Piece:
    """A piece of text that was kept, added or removed."""

    kind: Literal["kept", "added", "removed"]
    text: str


@dataclass(frozen=True)
class Change:
    """What changed in one field."""

    label: str | Promise
    pieces: list[Piece]


def keep(campaign: Campaign, *, by: User | None, at: datetime, autosaved: bool = False) -> None:
    """Keep a campaign's words as they are now. What one person saves while writing is one version for five minutes."""
    content = words_of(campaign)
    latest = campaign.versions.first()
    if latest is not None and _says_the_same(latest.content, content):
        return
    fields = {"number": campaign.version, "content": content, "saved_at": at}
    if latest is not None and autosaved and _goes_on(latest, by, at):
        Version.objects.filter(pk=latest.pk).update(**fields)
        return
    campaign.versions.create(saved_by=by, autosaved=autosaved, begun_at=at, **fields)
    newest = campaign.versions.values("pk")[:KEPT]
    campaign.versions.exclude(pk__in=newest).delete()


def words_of(campaign: Campaign) -> dict[str, Any]:
    return {name: getattr(campaign, name) for name in WORDS}


def compare(older: dict[str, Any], newer: dict[str, Any]) -> list[Change]:
    """Say what changed from one version's words to another's, field by field."""
    changes = []
    for label, read in _COMPARED:
        before, after = read(older), read(newer)
        if before.split() != after.split():
            changes.append(Change(label, list(_pieces(before, after))))
    return changes


def _goes_on(latest: Version, by: User | None, at: datetime) -> bool:
    return latest.autosaved and by is not None and latest.saved_by_id == by.pk and at - latest.begun_at < ONE_SITTING


def _says_the_same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return all(_squeezed(one.get(name)) == _squeezed(other.get(name)) for name in WORDS)


def _squeezed(value: Any) -> Any:
    return value.split() if isinstance(value, str) else value


def _pieces(before: str, after: str) -> Iterator[Piece]:
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    if len(old) + len(new) > _LONGEST_COMPARED:
        yield Piece("removed", before)
        yield Piece("added", after)
        return
    for verb, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if verb == "equal":
            yield Piece("kept", "".join(old[i:j]))
            continue
        if i < j:
            yield Piece("removed", "".join(old[i:j]))
        if k < m:
            yield Piece("added", "".join(new[k:m]))


def _message(content: dict[str, Any]) -> str:
    if content["format"] == Campaign.Format.SECTIONS:
        return as_text(content["sections"])
    return str(content["body"])


_COMPARED = (
    (gettext_lazy("Name"), lambda content: str(content["name"])),
    (gettext_lazy("Subject"), lambda content: str(content["subject"])),
    (gettext_lazy("Preheader"), lambda content: str(content["preheader"])),
    (gettext_lazy("Format"), lambda content: str(Campaign.Format(content["format"]).label)),
    (gettext_lazy("Message"), _message),
)
