"""The parts of a person's page. An upper app adds its own: `@panel` in its admin module, and no app imports upwards."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from prospects.models import Prospect

LATEST = 100


@dataclass(frozen=True)
class Panel:
    """A titled table of what is known of one person."""

    title: str
    headings: list[str]
    rows: list[list[Any]]
    if_empty: str
    is_cut: bool = False


@dataclass
class PersonPage:
    """One person, as shown to one member of staff."""

    request: HttpRequest
    prospect: Prospect

    @cached_property
    def address_of(self) -> dict[UUID, str]:
        """The person's addresses by their keys: acts, permissions and objections know no more than the key."""
        return dict(self.prospect.details.values_list("address_key", "address"))

    @property
    def panels(self) -> list[Panel]:
        return [build(self) for build in _BUILDERS]


Builder = Callable[[PersonPage], Panel]
_BUILDERS: list[Builder] = []


def panel(build: Builder) -> Builder:
    """Show what this function builds on every person's page, after the parts that are there already."""
    _BUILDERS.append(build)
    return build


def latest(rows: QuerySet[Any]) -> tuple[list[Any], bool]:
    """Return the first hundred rows, and whether there are more."""
    found = list(rows[: LATEST + 1])
    return found[:LATEST], len(found) > LATEST


def when(moment: datetime | None) -> str:
    return date_format(localtime(moment), "SHORT_DATETIME_FORMAT") if moment else "—"


def yes_no(value: bool) -> str:
    return _("yes") if value else _("no")
