"""Two campaigns: one that was sent six weeks ago, one that waits to be finished."""

from datetime import datetime, timedelta

from django.contrib.postgres.functions import RandomUUID

from campaigns.audience import Audience
from campaigns.demo.shop import Shop
from campaigns.demo.texts import text
from campaigns.models import Campaign, Message
from consent.law import Reason
from consent.models import Objection


def write_letters(shop: Shop, *, at: datetime) -> None:
    """Leave the letter of October as if it had been sent, and that of December as a draft."""
    _sent(shop, at=(at - timedelta(days=42)).replace(hour=9, minute=0, second=0, microsecond=0))
    Campaign.objects.create(
        name="Lettre de décembre",
        purpose=shop.newsletter,
        subject="La courge rôtie et les pommes de garde",
        body=text("decembre.md"),
    )


def _sent(shop: Shop, *, at: datetime) -> None:
    """Send to nobody, but record what the law says that day of everybody who was known by then."""
    ended = at + timedelta(minutes=2)
    campaign = Campaign.objects.create(
        name="Lettre d'octobre",
        purpose=shop.newsletter,
        subject="Ail, fèves et feuilles mortes",
        body=text("octobre.md"),
        status=Campaign.Status.DONE,
        send_at=at,
        launched_at=at,
        finished_at=ended,
    )
    reach = Message.objects.queue_for(campaign, at=at)
    campaign.audience = Audience.of_reach(reach, at=at).as_json()
    campaign.save(update_fields=["audience"])

    queued = Message.objects.filter(campaign=campaign)
    left = Objection.objects.filter(at__gt=at).values("address_key")
    queued.filter(detail__address_key__in=left).withhold_queued(Reason.OBJECTED, at=ended)
    queued.filter(status=Message.Status.QUEUED).update(
        status=Message.Status.SENT, message_id=RandomUUID(), ended_at=ended
    )
    queued.update(queued_at=at)
