"""The life of a series: each occurrence becomes a campaign of its own, made once, shortly before it leaves."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F

from campaigns.launch import OutOfTurn, OwnWork, had_a_hand
from campaigns.models import Campaign, Series
from campaigns.paris_time import PARIS
from campaigns.readiness import obstacles
from consent.law.days import ONE_DAY
from consent.models import Organisation

Status = Series.Status

# A draft that is changed until then changes the occurrence; what is made already leaves as it stands.
MADE_BEFORE = timedelta(hours=1)

# What belongs to one run of a campaign, and is no part of what is copied.
_OF_ONE_RUN = {
    *("id", "name", "status", "version", "send_at", "tested_at", "launched_at", "finished_at", "resumed_at", "trouble"),
    *("audience", "counted", "counted_at", "results", "results_at", "results_took"),
    *("created_at", "created_by", "edited_by", "requested_by", "approved_by", "approved_at", "sent_back_because"),
    "editors",
    *("creation_key", "series", "occurrence_on"),
}


def content_of(campaign: Campaign) -> dict[str, Any]:
    """What a campaign says, to whom, and when it may leave."""
    fields = [field for field in Campaign._meta.concrete_fields if field.name not in _OF_ONE_RUN]
    return {field.attname: getattr(campaign, field.attname) for field in fields}


@transaction.atomic
def repeat(
    campaign: Campaign, *, by: User, at: datetime, windows: Mapping[str, Any] = MappingProxyType({}), **rule: Any
) -> Series:
    """Let a draft come again by a rule, or by another rule from now on; an approval of the old one is void.

    The days, the hours and the speed at which each occurrence may leave are kept on the draft, from which it is copied.
    """
    # A new version: whoever reads the old rule at this moment approves nothing.
    if not Campaign.objects.drafts().filter(pk=campaign.pk).update(version=F("version") + 1, edited_by=by, **windows):
        raise OutOfTurn
    campaign.refresh_from_db(fields=["version", "edited_by", "editors", *windows])
    series = Series.objects.select_for_update().filter(original=campaign).first() or Series(original=campaign)
    for name, value in rule.items():
        setattr(series, name, value)
    series.created_by = by
    series.approved_by, series.approved_at, series.approved_version = None, None, None
    _go_on_from(series, at)
    series.save()
    return series


@transaction.atomic
def pause(series: Series) -> None:
    """Make no more occurrences until it is resumed."""
    _step(series, {Status.ACTIVE}, status=Status.PAUSED)


@transaction.atomic
def resume(series: Series, *, at: datetime) -> None:
    """Go on with what is still to come: occurrences that were missed meanwhile are not made up for."""
    found = Series.objects.select_for_update().get(pk=series.pk)
    if found.status != Status.PAUSED:
        raise OutOfTurn
    _go_on_from(found, at)
    found.save(update_fields=["status", "next_on", "next_at"])


@transaction.atomic
def stop(series: Series) -> None:
    """End a series for good; what was made already is cancelled on its own page."""
    _step(series, {Status.ACTIVE, Status.PAUSED}, status=Status.ENDED, next_on=None, next_at=None)


def approve(series: Series, *, by: User, at: datetime) -> None:
    """Approve a series with its words as they were read, by somebody who had no hand in them."""
    original = series.original
    if by.pk == series.created_by_id or had_a_hand(by, original):
        raise OwnWork
    as_read = Series.objects.filter(pk=series.pk, original__version=original.version).exclude(status=Status.ENDED)
    if not as_read.update(approved_by=by, approved_at=at, approved_version=original.version):
        raise OutOfTurn


def awaits_approval(series: Series) -> bool:
    """Whether a second person must approve it, as it stands, before anything more of it leaves."""
    return Organisation.objects.current().approval_needed and series.approved_version != series.original.version


def tend_series(*, at: datetime) -> int:
    """Make the campaigns of all occurrences that are due soon. Returns how many were made."""
    made, failures = 0, []
    for pk in list(Series.objects.coming_until(at + MADE_BEFORE).values_list("pk", flat=True)):
        try:
            while _make_next(pk, at=at):
                made += 1
        except Exception as failure:  # one that cannot be made keeps no other from being made
            failures.append(failure)
    if failures:
        raise ExceptionGroup("series that could not go on; they are tried again", failures)
    return made


@transaction.atomic
def _make_next(pk: int, *, at: datetime) -> bool:
    """Make a series' next occurrence if it is due soon, and move on; of two that ask at once, one does."""
    due = Series.objects.coming_until(at + MADE_BEFORE).filter(pk=pk)
    series = due.select_for_update(skip_locked=True, of=("self",)).select_related("original").first()
    if series is None or series.next_on is None or series.next_at is None:
        return False
    if awaits_approval(series):
        if series.next_at <= at:  # too late for this one: nothing leaves unapproved
            _move_on(series, series.next_on)
        return False
    if obstacles(series.original):
        _step(series, {Status.ACTIVE}, status=Status.PAUSED)
        return False
    _make(series, series.next_on, series.next_at)
    _move_on(series, series.next_on)
    return True


def _make(series: Series, day: date, moment: datetime) -> None:
    original = series.original
    is_approved = series.approved_version == original.version
    suffix = f" · {day:%d/%m/%Y}"
    Campaign.objects.get_or_create(
        series=series,
        occurrence_on=day,
        defaults=content_of(original)
        | {
            "name": original.name[: 200 - len(suffix)] + suffix,
            "status": Campaign.Status.SCHEDULED,
            "send_at": moment,
            "created_by": original.created_by,
            "edited_by": original.edited_by,
            "editors": original.editors,
            "requested_by": series.created_by,
            "approved_by": series.approved_by if is_approved else None,
            "approved_at": series.approved_at if is_approved else None,
        },
    )


def _move_on(series: Series, day: date) -> None:
    following = series.rule.next_day(day + ONE_DAY)
    if series.at_most and series.occurrences.count() >= series.at_most:
        following = None
    _set_next(series, following)
    series.save(update_fields=["status", "next_on", "next_at"])


def _go_on_from(series: Series, at: datetime) -> None:
    following = series.rule.next_after(at, since=at.astimezone(PARIS).date())
    last_made = series.occurrences.order_by("-occurrence_on").first() if series.pk else None
    if following and last_made and last_made.occurrence_on and following <= last_made.occurrence_on:
        following = series.rule.next_after(at, since=last_made.occurrence_on + ONE_DAY)
    _set_next(series, following)


def _set_next(series: Series, day: date | None) -> None:
    series.next_on = day
    series.next_at = series.rule.moment_on(day) if day else None
    series.status = Status.ACTIVE if day else Status.ENDED


def _step(series: Series, before: set[Series.Status], **fields: Any) -> None:
    if not Series.objects.filter(pk=series.pk, status__in=before).update(**fields):
        raise OutOfTurn
