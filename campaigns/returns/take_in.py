"""What a received mail changes: the address, an objection, a reply for staff. Forged and foreign mails change nothing.

A mail concerns a message of ours only where it names it: the names are random, and only those who handled it know them.
"""

from datetime import datetime, timedelta

from django.db import transaction

from campaigns.delivery.bounces import mark_undeliverable, stop_if_too_many
from campaigns.delivery.claim import number_in
from campaigns.models import Bounce, Message, Reply
from campaigns.returns.understand import Kind, Understood
from config.logs import mask
from consent.acts import record_stop
from consent.models import Act
from consent.stop_links import read_stop_token
from consent.stops import obey
from prospects.intake import record_interaction
from prospects.models import Interaction, LegalHold, Prospect

# A doubtful reply keeps its writer from being written to until staff have read it, however long that takes.
_UNTIL_READ = timedelta(days=10 * 365)


def take_in(understood: Understood, *, at: datetime) -> bool:
    """Apply what came back. Returns whether it concerned us and was not known yet."""
    if understood.kind is Kind.UNSUBSCRIBE and understood.token:
        return obey(read_stop_token(understood.token), at=at, origin=Act.Origin.ONE_CLICK)
    message = (
        Message.objects.select_related("campaign", "detail__prospect")
        .filter(
            pk__in=map(number_in, understood.names),
            message_id__in=understood.names,
            status__in=["sent", "unknown", "failed"],
        )
        .first()
    )
    if message is None:
        return False
    match understood.kind:
        case Kind.HARD | Kind.SOFT:
            return _bounce(message, understood, at=at)
        case Kind.COMPLAINT:
            return _complaint(message, understood, at=at)
        case Kind.UNSUBSCRIBE:  # a provider's own list of those who want no more: none of our purposes in particular
            return _object(message, Act.Origin.ONE_CLICK, at=at)
        case Kind.REPLY:
            return _reply(message, understood, at=at)
        case _:
            return False


@transaction.atomic
def _bounce(message: Message, understood: Understood, *, at: datetime) -> bool:
    _bounced, new = Bounce.objects.get_or_create(
        message=message,
        kind=str(understood.kind),
        defaults={"status": understood.status, "reason": mask(understood.reason)[:200], "at": at},
    )
    if new:
        mark_undeliverable([message.pk])
    return new


@transaction.atomic
def _complaint(message: Message, understood: Understood, *, at: datetime) -> bool:
    """Somebody who complains about a mail wants none: an objection to all e-mail."""
    _complained, new = Bounce.objects.get_or_create(
        message=message, kind=Bounce.Kind.COMPLAINT, defaults={"reason": mask(understood.reason)[:200], "at": at}
    )
    if new:
        _object(message, Act.Origin.COMPLAINT, at=at)
        stop_if_too_many(message.campaign)
    return new


@transaction.atomic
def _reply(message: Message, understood: Understood, *, at: datetime) -> bool:
    if message.detail is None:  # erased since: nobody to keep this for
        return False
    prospect = message.detail.prospect
    if not record_interaction(prospect, Interaction.Kind.REPLIED, at):
        return False
    verdict = {"asks_to_stop": Reply.Verdict.STOP, "doubtful": Reply.Verdict.DOUBTFUL}.get(
        understood.reason, Reply.Verdict.READ_ON
    )
    keep_reply(prospect, message, understood.text, verdict, at=at)
    if verdict == Reply.Verdict.STOP:
        _object(message, Act.Origin.REPLY, at=at)
    return True


def keep_reply(prospect: Prospect, message: Message, text: str, verdict: Reply.Verdict, *, at: datetime) -> None:
    """Keep what somebody answered; where it is doubtful, nobody writes to them until staff have read it."""
    hold = None
    if verdict == Reply.Verdict.DOUBTFUL:
        hold = LegalHold.objects.create(
            prospect=prospect,
            reason="A doubtful reply, until staff have read it.",
            starts_at=at,
            ends_at=at + _UNTIL_READ,
            forbids_erasure=False,
        )
    Reply.objects.create(prospect=prospect, message=message, text=text, verdict=verdict, at=at, hold=hold)


@transaction.atomic
def settle_reply(reply: Reply, *, stop: bool, at: datetime) -> None:
    """Record that staff have read a reply, and whether it asks to stop; its writer is no longer held back for it."""
    if stop:
        _object(reply.message, Act.Origin.REPLY, at=at)
    if reply.hold_id is not None:
        LegalHold.objects.filter(pk=reply.hold_id).update(ends_at=at)
    reply.verdict = Reply.Verdict.STOP if stop else Reply.Verdict.READ_ON
    reply.read_at = at
    reply.save(update_fields=["verdict", "read_at"])


def _object(message: Message, origin: str, *, at: datetime) -> bool:
    """Record an objection of a message's reader to its whole channel; False where it stands, or nobody is left."""
    if message.detail is None:
        return False
    return record_stop(
        message.detail.address_key,
        channel=message.campaign.channel,
        purpose_id=None,
        at=at,
        origin=origin,
        evidence={"message": message.pk},
        key_id=message.detail.key_id,
    )
