"""A series in words: when it comes, and how often that is for those who receive it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format, time_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from campaigns.models import Campaign, Series
from campaigns.recurrence import Every
from campaigns.versions import words_of
from consent.law.days import paris_day

_MONTH = timedelta(days=30)


def rule_words(series: Series) -> str:
    """Say on which days a series comes, at which hour and until when."""
    match Every(series.every):
        case Every.DAY:
            said = _("every day")
        case Every.WEEK:
            days = get_text_list([str(WEEKDAYS[day]) for day in sorted(series.weekdays)], _("and"))
            said = _("every week on %(days)s") % {"days": days}
        case Every.MONTH_DAY:
            said = _("every month, on day %(day)s") % {"day": series.month_day}
        case Every.MONTH_WEEKDAY:
            said = _("every month, on the %(which)s %(weekday)s") % {
                "which": series.get_nth_display(),
                "weekday": WEEKDAYS[series.weekday],
            }
    said = _("%(days)s at %(time)s") % {"days": said, "time": time_format(series.clock, "H:i")}
    if series.last_on:
        said += ", " + _("until %(day)s") % {"day": date_format(series.last_on, "j F Y")}
    if series.at_most:
        said += ", " + _("%(count)s times at most") % {"count": series.at_most}
    return said


@dataclass(frozen=True)
class Pressure:
    """What a series means for those who receive it."""

    in_a_month: int
    others_lately: int
    says_nothing_new: bool


def pressure_of(series: Series, *, at: datetime) -> Pressure:
    """Count what the same people receive: of this series in thirty days, of its purpose in the last thirty."""
    original = series.original
    day = series.next_on or paris_day(at)
    lately = Campaign.objects.filter(purpose=original.purpose_id, channel=original.channel, launched_at__gt=at - _MONTH)
    last = series.occurrences.order_by("-occurrence_on").first()
    return Pressure(
        in_a_month=len(series.rule.between(day, day + _MONTH - timedelta(days=1))),
        others_lately=lately.exclude(series=series).count(),
        says_nothing_new=last is not None and _said(last) == _said(original),
    )


def _said(campaign: Campaign) -> dict[str, Any]:
    """Its words; an occurrence's name has its day in it."""
    return words_of(campaign) | {"name": ""}
