"""Doors to the work, safe to open twice: the database says what there is to do."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from campaigns import channels, clicks, counting, recurring, rulebook, stock
from campaigns.delivery.claim import settle_expired
from campaigns.delivery.places import a_place
from campaigns.launch import finish, launch, mark_late
from campaigns.models import Campaign
from campaigns.recount import recount
from campaigns.returns.mailboxes import read_imap
from campaigns.returns.take_in import take_in
from campaigns.returns.understand import understand
from consent.vocabulary import Channel


@shared_task(expires=30)  # while no worker is there, ticks do not pile up
def tend_campaigns() -> None:
    """Every few seconds: start what is due, set aside what is late, close what has ended."""
    now = timezone.now()
    rulebook.forget_acknowledgement()
    mark_late(at=now)
    finish(at=now)
    failures = []
    for campaign in Campaign.objects.due(now).select_related("purpose").order_by("send_at"):
        try:
            launch(campaign, at=timezone.now())
        except Exception as failure:  # one that cannot start keeps no other from starting
            failures.append(failure)
    if failures:
        raise ExceptionGroup("campaigns that could not start; they are tried again", failures)


@shared_task(expires=60)
def send_queued_messages(channel: str = Channel.EMAIL) -> None:
    """Send what is queued on a channel, for one turn. However often it is asked for, only so many send at once."""
    sender = channels.sender(channel)
    with a_place(sender) as free:
        if not free:
            return
        done = sender.send(settings.SENDING_TURN_SECONDS)
    if not done:
        send_queued_messages.delay(channel)


@shared_task(expires=15)
def send_on_other_channels() -> None:
    """Every few seconds: have sent what is queued on channels other than e-mail, which has a tick of its own."""
    running = set(Campaign.objects.filter(status=Campaign.Status.RUNNING).values_list("channel", flat=True).distinct())
    for sender in channels.sent_by_workers():
        if sender.name != Channel.EMAIL and sender.name in running:
            send_queued_messages.delay(sender.name.value)


@shared_task(expires=600)
def count_audience(pk: int) -> None:
    """Answer what a page asks, unless it wants to know no longer."""
    counting.answer(pk)


@shared_task(expires=3600)
def take_stock(afresh: bool = False) -> None:
    """Every hour: what the home page says of today that is not counted yet, and what came back meanwhile."""
    now = timezone.now()
    stock.take_stock(at=now, afresh=afresh)
    counting.forget_old_counts(at=now)


@shared_task
def settle_expired_leases() -> None:
    """Every minute: give an end to what a worker claimed and was never heard of again."""
    settle_expired(at=timezone.now())


@shared_task
def settle_clicks() -> None:
    """Every minute: count the clicks of people who agreed to tracking, and forget the rest."""
    clicks.settle_clicks(at=timezone.now())


@shared_task(expires=60)
def tend_series() -> None:
    """Every minute: make the campaigns of recurring ones that are due soon."""
    recurring.tend_series(at=timezone.now())


@shared_task(expires=10)
def count_campaigns() -> None:
    """Every few seconds: count anew the figures of campaigns that pages only read."""
    recount(at=timezone.now())


@shared_task(expires=300)
def poll_returns() -> None:
    """Every few minutes: take in what came back to the mailbox of RETURNS_IMAP_URL, where one is named."""
    if settings.RETURNS_IMAP_URL:
        read_imap(settings.RETURNS_IMAP_URL, lambda mail: take_in(understand(mail), at=timezone.now()))
