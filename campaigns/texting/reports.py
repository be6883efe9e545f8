"""What gateways tell of a text: that it arrived, or did not. Each address names one text, and is signed."""

import re
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.urls import reverse

from campaigns.delivery.bounces import mark_undeliverable, stop_if_too_many
from campaigns.delivery.claim import number_in
from campaigns.models import Bounce, Message
from config.logs import mask

# The network's word that nobody has this number, or that it takes no texts (GSM 09.02): unknown or unidentified
# subscriber, illegal subscriber, no such service, illegal equipment.
_FOR_GOOD = re.compile(r"\berr:0*(1|5|9|11|12)\b")

Status = Message.Status


def report_address(channel: str, name: str) -> str:
    """Where a gateway tells what became of the text of that name."""
    base = settings.SMS_CALLBACK_URL or settings.SITE_URL
    return base + reverse(f"{channel}_report", args=[UUID(name), _seal(channel, name)])


def is_genuine(channel: str, name: UUID, seal: str) -> bool:
    """Whether this address was made here."""
    try:
        return _signer(channel).unsign(f"{name.hex}:{seal}") == name.hex
    except BadSignature:
        return False


@transaction.atomic
def arrived(name: UUID) -> bool:
    """Note that a text arrived: where nobody knew whether it had left, it had."""
    unknown = Message.objects.filter(pk=number_in(name), message_id=name, status=Status.UNKNOWN).exclude(ground="")
    return bool(unknown.update(status=Status.SENT, reason=""))


def did_not_arrive(name: UUID, words: str, *, at: datetime) -> bool:
    """Note that a text did not arrive, and draw what follows for the number. Told twice, it is noted once."""
    with transaction.atomic():
        texts = Message.objects.select_for_update(of=("self",)).select_related("campaign")
        message = texts.filter(
            pk=number_in(name), message_id=name, status__in=[Status.SENT, Status.UNKNOWN, Status.SENDING]
        ).first()
        if message is None:
            return False
        told = {"status": Status.FAILED, "reason": "not_delivered", "lease_until": None}
        Message.objects.filter(pk=message.pk).update(**told, ended_at=message.ended_at or at)
        kind = Bounce.Kind.HARD if _FOR_GOOD.search(words) else Bounce.Kind.SOFT
        Bounce.objects.get_or_create(message=message, kind=kind, defaults={"reason": mask(words)[:200], "at": at})
        mark_undeliverable([message.pk])
    stop_if_too_many(message.campaign)
    return True


def _seal(channel: str, name: str) -> str:
    return _signer(channel).signature(name)


def _signer(channel: str) -> Signer:
    return Signer(salt=f"campaigns.texting.{channel}")
