"""What a report says, in the reader's language: facts and tables, the same for every kind of file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from campaigns.audience import Audience, Line, legal_sources, lines
from campaigns.comparison import compare
from campaigns.models import Campaign
from campaigns.paris_time import PARIS
from campaigns.progress import progress_of
from campaigns.results import Results
from campaigns.words import window_words

Cell = str | int | float | None
Row = Sequence[Cell]


@dataclass(frozen=True)
class Table:
    """A table under its title; a sentence stands in for one without rows."""

    title: str
    headings: Row
    rows: Sequence[Row]
    if_empty: str = ""


@dataclass(frozen=True)
class Report:
    """A title, and the tables below it."""

    title: str
    made_at: datetime
    tables: Sequence[Table]


def report_on(campaign: Campaign, *, at: datetime) -> Report:
    """Put together what is to be said of a launched campaign. Nobody is named."""
    progress = progress_of(campaign)
    audience = Audience.from_json(campaign.audience)
    sources = legal_sources(campaign.as_law_message(), at=audience.at if audience else at)
    results = Results.shown_of(campaign)
    discretion = progress.discretion
    tables = [
        _facts(campaign),
        Table(
            _("What became of it"),
            [_("Ending"), _("Messages")],
            [
                [_("sent"), progress.sent],
                [_("waiting"), progress.waiting],
                [_("withheld"), progress.withheld],
                [_("failed"), progress.failed],
                [_("unknown"), progress.unknown],
            ],
        ),
        _lines(_("Received it, on the ground of"), lines(progress.sent_on, sources, discretion)),
        _lines(_("Did not, because"), lines(progress.all_reasons(), sources, discretion)),
    ]
    if audience:
        tables += [
            _lines(_("At launch: could receive it, on the ground of"), lines(audience.allowed, sources, discretion)),
            _lines(_("At launch: could not, because"), lines(audience.refused, sources, discretion)),
        ]
    if results:
        tables += _of_results(results)
    if campaign.count_clicks:
        rows: list[Row] = [[link.url, link.clicks] for link in progress.links]
        tables.append(Table(_("Clicks on its links"), [_("Link"), _("Clicks")], rows, _("None.")))
    tables.append(_comparison(campaign))
    return Report(_("Report: %(name)s") % {"name": campaign.name}, at, tables)


def in_words(cell: Cell) -> str:
    """Write a cell as the reader's language does; a dash where there is nothing to say."""
    match cell:
        case None:
            return "–"
        case float():
            return number_format(cell, decimal_pos=2)
        case int():
            return number_format(cell, use_l10n=True, force_grouping=True)
        case _:
            return cell


def moment(at: datetime | None) -> str:
    """Write a moment as the clocks in Paris show it."""
    return date_format(at.astimezone(PARIS), "j F Y, H:i") if at else "–"


def _facts(campaign: Campaign) -> Table:
    speed = campaign.per_hour or _("as fast as they are taken")
    return Table(
        _("The campaign"),
        [_("Fact"), _("Value")],
        [
            [_("Name"), campaign.name],
            [_("Subject"), campaign.subject],
            [_("Purpose"), str(campaign.purpose)],
            [_("Channel"), str(campaign.get_channel_display())],
            [_("Status"), str(campaign.get_status_display())],
            [_("Started (Paris)"), moment(campaign.launched_at)],
            [_("Ended (Paris)"), moment(campaign.finished_at)],
            [_("Days and hours"), window_words(campaign) or _("at any time")],
            [_("Mails an hour, at most"), speed],
        ],
    )


def _lines(title: str, found: Sequence[Line]) -> Table:
    rows: list[Row] = [[line.words, line.count, " · ".join(line.sources)] for line in found]
    return Table(title, [_("Ground or reason"), _("Messages"), _("Legal source")], rows, _("Nobody."))


def _of_results(results: Results) -> list[Table]:
    endings = [_("sent"), _("failed"), _("withheld")]
    return [
        Table(
            _("What came back"),
            [_("What"), _("Messages")],
            [
                [_("Bounced: the address does not exist"), results.hard],
                [_("Bounced: full, refused or out of reach"), results.soft],
                [_("Complaints"), results.complaints],
                [_("Stopped within seven days of it"), results.stops],
            ],
        ),
        Table(
            _("By recipients’ domain"),
            [_("Domain"), *endings],
            [
                [tally.name or _("all others together"), tally.sent, tally.failed, tally.withheld]
                for tally in results.by_domain
            ],
            _("Nothing has ended yet."),
        ),
        Table(
            _("Over time (Paris)"),
            [_("From"), *endings],
            [[moment(begins), tally.sent, tally.failed, tally.withheld] for begins, tally in results.times],
            _("Nothing has ended yet."),
        ),
    ]


def _comparison(campaign: Campaign) -> Table:
    return Table(
        _("Beside earlier campaigns of this purpose, in %"),
        [_("Campaign"), _("Sent"), _("Delivered"), _("Failed"), _("Stopped"), _("Complained"), _("Clicked")],
        [
            [
                one.campaign.name,
                one.sent,
                *(one.delivered, one.failed, one.stopped, one.complained, one.clicked),
            ]
            for one in compare(campaign)
        ],
    )
