"""The life of a campaign. Each step is one UPDATE that names where it may start from: of two people, or two beats, who
take it at once, one does and the other is told."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from campaigns import versions
from campaigns.audience import Audience
from campaigns.models import Campaign, Message
from campaigns.readiness import obstacles

Status = Campaign.Status


class OutOfTurn(Exception):
    """The campaign is no longer where this step starts from: somebody was faster, or saw it as it no longer is."""


class NotReady(Exception):
    """Something keeps the campaign from being sent; the argument says what, in words."""


@transaction.atomic
def begin(key: UUID, *, by: User, autosaved: bool = False, **fields: Any) -> tuple[Campaign, bool]:
    """Start a draft, or find the one that this key started already."""
    campaign, created = Campaign.objects.get_or_create(creation_key=key, defaults=fields | {"created_by": by})
    if created:
        versions.keep(campaign, by=by, at=timezone.now(), autosaved=autosaved)
    return campaign, created


@transaction.atomic
def edit(campaign: Campaign, *, by: User | None = None, autosaved: bool = False, **fields: Any) -> None:
    """Change a draft, unless somebody else changed or scheduled it since it was read. Its history keeps the words."""
    _step(campaign, {Status.DRAFT}, as_read=True, version=F("version") + 1, **fields)
    versions.keep(Campaign.objects.get(pk=campaign.pk), by=by, at=timezone.now(), autosaved=autosaved)


def schedule(campaign: Campaign, *, send_at: datetime, now: datetime, **windows: Any) -> None:
    """Fix the moment at which a draft leaves, exactly as it was read, and the days and hours that it then keeps to."""
    if send_at <= now:
        raise ValueError("a campaign cannot be scheduled in the past")
    if what := obstacles(campaign):
        raise NotReady(*what)
    _step(campaign, {Status.DRAFT}, as_read=True, status=Status.SCHEDULED, send_at=send_at, **windows)


def unschedule(campaign: Campaign) -> None:
    """Make a campaign that has not left yet a draft again."""
    _step(campaign, {Status.SCHEDULED, Status.LATE}, status=Status.DRAFT, send_at=None)


def mark_late(*, at: datetime) -> int:
    """Keep campaigns whose time passed too long ago from leaving before a person has decided."""
    return Campaign.objects.overdue(at).update(status=Status.LATE)


def send_late(campaign: Campaign, *, at: datetime) -> None:
    """Send a late campaign anyway: it is due from now on."""
    _step(campaign, {Status.LATE}, status=Status.SCHEDULED, send_at=at)


@transaction.atomic
def launch(campaign: Campaign, *, at: datetime) -> int:
    """Queue one message per reachable contact of a due campaign, then wake the senders once all are saved.

    Returns how many were queued; nothing happens where the campaign is not due or is being launched already.
    """
    due = Campaign.objects.filter(pk=campaign.pk).due(at).not_being_changed()
    if not due.update(status=Status.RUNNING, launched_at=at):
        return 0
    campaign.refresh_from_db()
    _copy_segment(campaign)
    audience = Audience.of_reach(Message.objects.queue_for(campaign, at=at), at=at)
    campaign.audience = audience.as_json()
    campaign.save(update_fields=["audience"])
    transaction.on_commit(_wake_senders, robust=True)
    return audience.allowed_total


def pause(campaign: Campaign) -> None:
    """Stop sending: what a worker has in hand ends, nothing more is taken."""
    _step(campaign, {Status.RUNNING}, status=Status.PAUSED)


def resume(campaign: Campaign) -> None:
    """Go on sending. What failed before counts no longer towards a stop."""
    _step(campaign, {Status.PAUSED}, status=Status.RUNNING, resumed_at=timezone.now(), trouble="")
    transaction.on_commit(_wake_senders, robust=True)


@transaction.atomic
def cancel(campaign: Campaign, *, at: datetime) -> int:
    """Stop for good: whatever waits is withheld. Returns how many messages that was."""
    before = {Status.SCHEDULED, Status.LATE, Status.RUNNING, Status.PAUSED}
    _step(campaign, before, status=Status.CANCELLED, finished_at=at)
    return Message.objects.filter(campaign=campaign).withhold_queued("cancelled", at=at)


def finish(*, at: datetime) -> int:
    """Close the campaigns whose every message has ended."""
    return Campaign.objects.with_nothing_left().update(status=Status.DONE, finished_at=at)


def discard(campaign: Campaign) -> None:
    """Delete a draft."""
    if not Campaign.objects.drafts().filter(pk=campaign.pk).delete()[0]:
        raise OutOfTurn


def _copy_segment(campaign: Campaign) -> None:
    """Keep the segment as it stands: what the campaign says of its audience stays true whatever becomes of it."""
    if campaign.segment is not None:
        campaign.filter = campaign.segment.chosen.as_json()
        campaign.save(update_fields=["filter"])


def _step(campaign: Campaign, before: set[Status], *, as_read: bool = False, **fields: Any) -> None:
    """Change a campaign, if it still is in one of these statuses and, where asked, the version that was read."""
    campaigns = Campaign.objects.filter(pk=campaign.pk, status__in=before)
    if as_read:
        campaigns = campaigns.filter(version=campaign.version)
    if not campaigns.update(**fields):
        raise OutOfTurn
    campaign.refresh_from_db(fields=list(fields))


def _wake_senders() -> None:
    """Spare the senders the wait for the next tick, which finds the work even where no broker answers now."""
    from campaigns.tasks import send_queued_messages  # tasks call this module

    for _place in range(settings.SENDING_WORKERS):
        send_queued_messages.delay()
