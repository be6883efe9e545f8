"""The parts of a person's page. An upper app adds its own: `@panel` in its admin module, and no app imports upwards."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from consent.models import Objection
from prospects.models import Prospect

LATEST = 100
NO_BREAK = "\u00a0"


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
    def warnings(self) -> list[str]:
        """What staff must know before anything else."""
        return [
            *self._of_holds(),
            *([_("The person asked to limit what is done with their data.")] if self.prospect.restricted_at else []),
            *([_("The person objected to everything.")] if self._objected_to_all() else []),
        ]

    @property
    def panels(self) -> list[Panel]:
        return [build(self) for build in _BUILDERS]

    def _of_holds(self) -> Iterator[str]:
        now = timezone.now()
        for hold in self.prospect.holds.filter(starts_at__lte=now, ends_at__gt=now):
            yield _("On hold until %(day)s: neither contacted nor erased.") % {"day": when(hold.ends_at)}

    def _objected_to_all(self) -> bool:
        stops = Objection.objects.filter(address_key__in=self.address_of, channel=None, purpose=None)
        return stops.exists()


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
    """Write a moment in one or two lines: the day, and the time."""
    if moment is None:
        return "—"
    moment = localtime(moment)
    return f"{date_format(moment, 'j N Y').replace(' ', NO_BREAK)} {moment:%H:%M}"


def yes_no(value: bool) -> str:
    return _("yes") if value else _("no")
