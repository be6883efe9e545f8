"""The parts of a person's page: how things stand, whether we may write, and all that happened."""

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
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from consent.models import Objection, Purpose
from consent.vocabulary import MEDIUM_OF, Channel
from prospects.answers import Answer, answers
from prospects.models import ContactDetail, Prospect
from prospects.timeline import Chapter, Entry, Page, Place, chapters, page_of
from prospects.words import outcome_words

LATEST = 100
# What is in sight without being asked for; the page that explains one answer takes any.
MOST_PURPOSES, MOST_DETAILS = 6, 6
NO_BREAK = "\u00a0"


@dataclass(frozen=True)
class Panel:
    """A titled table of what is known of one person."""

    title: str
    headings: list[str]
    rows: list[list[Any]]
    if_empty: str
    is_cut: bool = False

    @property
    def labelled_rows(self) -> list[list[tuple[str, Any]]]:
        """Each cell with its heading, which stands beside it where the table is too wide for the screen."""
        return [list(zip(self.headings, row, strict=True)) for row in self.rows]


@dataclass
class PersonPage:
    """One person, as shown to one member of staff."""

    request: HttpRequest
    prospect: Prospect

    @cached_property
    def details(self) -> list[ContactDetail]:
        return list(self.prospect.details.select_related("source__notice").order_by("pk"))

    @cached_property
    def address_of(self) -> dict[UUID, str]:
        """The person's addresses by their keys: acts, permissions and objections know no more than the key."""
        return {detail.address_key: detail.address for detail in self.details}

    # ---- All that happened ----

    @cached_property
    def chapters(self) -> list[Chapter]:
        """The kinds of entries that this member of staff may read."""
        user = self.request.user
        return [
            chapter for chapter in chapters().values() if not chapter.permission or user.has_perm(chapter.permission)
        ]

    @property
    def kind(self) -> str:
        """The kind to which the reader narrowed the story, or nothing."""
        asked = self.request.GET.get("kind", "")
        return asked if asked in {chapter.kind for chapter in self.chapters} else ""

    @cached_property
    def timeline(self) -> Page:
        among = [chapter for chapter in self.chapters if self.kind in ("", chapter.kind)]
        after = Place.read(self.request.GET.get("after", ""))
        return page_of(self.prospect.pk, list(self.address_of), among, after=after)

    @property
    def entries(self) -> list[tuple[Entry, str | Promise, str]]:
        """Each entry with the title of its chapter and its line."""
        named = {chapter.kind: chapter for chapter in self.chapters}
        return [
            (entry, named[entry.kind].title, named[entry.kind].tell(entry, self.request))
            for entry in self.timeline.entries
        ]

    # ---- May we write? ----

    @cached_property
    def purposes(self) -> list[Purpose]:
        return list(Purpose.objects.all()[:MOST_PURPOSES])

    @property
    def may_we(self) -> list[tuple[ContactDetail, Channel, list[tuple[Purpose, Answer, str]]]]:
        """For each address and channel, the answer for each purpose."""
        found = answers(self.details[:MOST_DETAILS], self.purposes, at=timezone.now())

        def cell(purpose: Purpose, answer: Answer) -> tuple[Purpose, Answer, str]:
            return purpose, answer, outcome_words(answer.outcome)

        return [
            (detail, channel, [cell(purpose, found[detail.pk, channel, purpose.pk]) for purpose in self.purposes])
            for detail in self.details[:MOST_DETAILS]
            for channel in Channel
            if MEDIUM_OF[channel] == detail.medium
        ]

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
    """Show what this function builds on every person's page."""
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
