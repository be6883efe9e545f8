"""The life of a campaign. Each step is one UPDATE that names where it may start from: of two people, or two beats, who
take it at once, one does and the other is told."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from campaigns import channels, versions
from campaigns.audience import Audience
from campaigns.models import Campaign, Message, Series
from campaigns.readiness import obstacles
from consent.models import Organisation, Sender

Status = Campaign.Status

# What is approved is exactly what was read: whatever may be changed again must be approved again, and a new moment or
# speed is a new version.
_AS_DRAFT: dict[str, Any] = {
    "status": Status.DRAFT,
    "version": F("version") + 1,
    "send_at": None,
    "requested_by": None,
    "approved_by": None,
    "approved_at": None,
}


class OutOfTurn(Exception):
    """The campaign is no longer where this step starts from: somebody was faster, or saw it as it no longer is."""


class OwnWork(Exception):
    """Whoever wrote, changed or scheduled a campaign is not the second person who approves it."""


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
    _step(campaign, {Status.DRAFT}, as_read=True, version=F("version") + 1, edited_by=by, **fields)
    versions.keep(Campaign.objects.get(pk=campaign.pk), by=by, at=timezone.now(), autosaved=autosaved)


def schedule(campaign: Campaign, *, send_at: datetime, now: datetime, by: User | None = None, **windows: Any) -> None:
    """Fix the moment at which a draft leaves, exactly as it was read, and the days and hours that it then keeps to.

    Where the organisation asks for it, it waits for a second person's approval first.
    """
    if send_at <= now:
        raise ValueError("a campaign cannot be scheduled in the past")
    if what := obstacles(campaign):
        raise NotReady(*what)
    if Series.objects.filter(original=campaign).exclude(status=Series.Status.ENDED).exists():
        raise OutOfTurn  # its copies leave, by the series' own days
    needed = Organisation.objects.current().approval_needed
    status = Status.AWAITING_APPROVAL if needed else Status.SCHEDULED
    asked = {"requested_by": by, "sent_back_because": ""}
    _step(campaign, {Status.DRAFT}, as_read=True, status=status, send_at=send_at, **asked, **windows)


def approve(campaign: Campaign, *, by: User, at: datetime) -> None:
    """Let a campaign leave at its time, as it was read, by the word of somebody who had no hand in it."""
    if had_a_hand(by, campaign):
        raise OwnWork
    given = {"approved_by": by, "approved_at": at}
    _step(campaign, {Status.AWAITING_APPROVAL}, as_read=True, status=Status.SCHEDULED, **given)


def had_a_hand(user: User, campaign: Campaign) -> bool:
    """Say whether somebody ever wrote, changed or scheduled a campaign, however long ago and by however many since."""
    return Campaign.objects.filter(pk=campaign.pk, editors__contains=[user.pk]).exists()


def send_back(campaign: Campaign, *, because: str) -> None:
    """Make a campaign that awaits approval a draft again, and say why."""
    _step(campaign, {Status.AWAITING_APPROVAL}, **_AS_DRAFT, sent_back_because=because)


def unschedule(campaign: Campaign) -> None:
    """Make a campaign that has not left yet a draft again: an approval of it is void."""
    _step(campaign, {Status.SCHEDULED, Status.LATE, Status.AWAITING_APPROVAL}, **_AS_DRAFT)


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
    _fix_sender(campaign)
    audience = Audience.of_reach(Message.objects.queue_for(campaign, at=at), at=at)
    campaign.audience = audience.as_json()
    campaign.save(update_fields=["audience"])
    transaction.on_commit(lambda: _wake_senders(campaign.channel), robust=True)
    return audience.allowed_total


def pause(campaign: Campaign) -> None:
    """Stop sending: what a worker has in hand ends, nothing more is taken."""
    _step(campaign, {Status.RUNNING}, status=Status.PAUSED)


def resume(campaign: Campaign) -> None:
    """Go on sending. What failed before counts no longer towards a stop."""
    _step(campaign, {Status.PAUSED}, status=Status.RUNNING, resumed_at=timezone.now(), trouble="")
    transaction.on_commit(lambda: _wake_senders(campaign.channel), robust=True)


@transaction.atomic
def cancel(campaign: Campaign, *, at: datetime) -> int:
    """Stop for good: whatever waits is withheld. Returns how many messages that was."""
    before = {Status.SCHEDULED, Status.AWAITING_APPROVAL, Status.LATE, Status.RUNNING, Status.PAUSED}
    _step(campaign, before, status=Status.CANCELLED, finished_at=at)
    return Message.objects.filter(campaign=campaign).withhold_queued("cancelled", at=at)


def finish(*, at: datetime) -> int:
    """Close the campaigns whose every message has ended."""
    return Campaign.objects.with_nothing_left().update(status=Status.DONE, finished_at=at)


@transaction.atomic
def discard(campaign: Campaign) -> None:
    """Delete a draft; not while copies of it are still to leave."""
    Series.objects.filter(original=campaign, status=Series.Status.ENDED).delete()
    if Series.objects.filter(original=campaign).exists():
        raise OutOfTurn
    if not Campaign.objects.drafts().filter(pk=campaign.pk).delete()[0]:
        raise OutOfTurn


def _copy_segment(campaign: Campaign) -> None:
    """Keep the segment as it stands: what the campaign says of its audience stays true whatever becomes of it."""
    if campaign.segment is not None:
        campaign.filter = campaign.segment.chosen.as_json()
        campaign.save(update_fields=["filter"])


def _fix_sender(campaign: Campaign) -> None:
    """Name the default sender for good, so that all its mails leave in one name and its page goes on saying which."""
    if campaign.sender is None and "sender" in channels.of(campaign).takes:
        campaign.sender = Sender.objects.filter(is_default=True).first()
        campaign.save(update_fields=["sender"])


def _step(campaign: Campaign, before: set[Status], *, as_read: bool = False, **fields: Any) -> None:
    """Change a campaign, if it still is in one of these statuses and, where asked, the version that was read."""
    campaigns = Campaign.objects.filter(pk=campaign.pk, status__in=before)
    if as_read:
        campaigns = campaigns.filter(version=campaign.version)
    if not campaigns.update(**fields):
        raise OutOfTurn
    campaign.refresh_from_db(fields=list(fields))


def _wake_senders(channel: str) -> None:
    """Spare the senders the wait for the next tick, which finds the work even where no broker answers now."""
    from campaigns.tasks import send_queued_messages  # tasks call this module

    sender = channels.named(channel)
    if isinstance(sender, channels.SentByWorker):
        for _place in range(sender.workers):
            send_queued_messages.delay(channel)
