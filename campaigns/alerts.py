"""What marketers should know before they send: what is not set up, and what mailbox providers may hold against us."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.delivery import dkim
from campaigns.models import DailyFigures
from consent.models import Organisation, Sender

# Gmail and Yahoo ask for fewer complaints than the first, and turn mails away from the second on.
WISHED_COMPLAINTS, MOST_COMPLAINTS = 0.001, 0.003
_NEAR_WISHED, _NEAR_MOST = 0.0008, 0.0024
# Of fewer mails, one reader is a large share.
_ENOUGH_SENT = 1_000
_MANY_BOUNCES = 0.02
_RISE = 1.5


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing to know, and how grave it is."""

    words: str
    is_grave: bool = False


def alerts(organisation: Organisation, figures: DailyFigures | None) -> list[Alert]:
    """Say what needs somebody's attention, the gravest first."""
    found = [*_set_up(organisation)]
    if figures is not None:
        found += [*_complaints(figures), *_bounces(figures), *_untold(figures)]
    return sorted(found, key=lambda alert: not alert.is_grave)


def _set_up(organisation: Organisation) -> Iterator[Alert]:
    if not (organisation.name and Sender.objects.default().address):
        yield Alert(
            _("The sender is not set up: no campaign can leave before staff have given its name and address."), True
        )
    if not _is_signed():
        yield Alert(
            _("Nothing signs your mails (DKIM): large mailbox providers turn campaigns away. Tell whoever runs Loyal."),
            True,
        )


def _is_signed() -> bool:
    try:
        return bool(dkim.keys()) or settings.DKIM_SIGNED_BY_SERVER
    except ImproperlyConfigured:
        return False


def _complaints(figures: DailyFigures) -> Iterator[Alert]:
    week = figures.returns.get("this_week", {})
    sent, complaints = week.get("sent", 0), week.get("complaints", 0)
    if sent < _ENOUGH_SENT:
        return
    share = complaints / sent
    if share < _NEAR_WISHED:
        return
    if share >= MOST_COMPLAINTS:
        words = _("%(share)s of this week's readers complained: from 0.3 %% on, providers turn your mails away.")
    elif share >= _NEAR_MOST:
        words = _("%(share)s of this week's readers complained: close to the 0.3 %% that shuts you out.")
    elif share >= WISHED_COMPLAINTS:
        words = _("%(share)s of this week's readers complained: providers ask for less than 0.1 %%.")
    else:
        words = _("%(share)s of this week's readers complained: close to the 0.1 %% that providers ask for.")
    yield Alert(words % {"share": _percent(share, 2)}, is_grave=share >= _NEAR_MOST)


def _bounces(figures: DailyFigures) -> Iterator[Alert]:
    share, before = (_share(figures, week) for week in ("this_week", "week_before"))
    if share is not None and share >= _MANY_BOUNCES and share >= _RISE * (before or 0):
        words = _(
            "%(share)s of this week's mails came back, after %(before)s the week before: see where addresses come from."
        )
        yield Alert(words % {"share": _percent(share, 1), "before": _percent(before or 0, 1)})


def _share(figures: DailyFigures, week: str) -> float | None:
    returns = figures.returns.get(week, {})
    sent = returns.get("sent", 0)
    return returns["bounces"] / sent if sent >= _ENOUGH_SENT else None


def _untold(figures: DailyFigures) -> Iterator[Alert]:
    if count := figures.untold:
        yield Alert(
            ngettext(
                "%(count)s contact detail is of somebody not told yet that we hold it: it goes after a month.",
                "%(count)s contact details are of people not told yet that we hold them: they go after a month.",
                count,
            )
            % {"count": number_format(count, force_grouping=True)}
        )


def _percent(share: float, decimals: int) -> str:
    return _("%(number)s %%") % {"number": number_format(100 * share, decimal_pos=decimals)}
