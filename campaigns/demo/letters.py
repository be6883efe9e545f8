"""Campaigns in every state: sent, leaving, waiting for its day, coming each month, and a draft."""

from datetime import datetime, time, timedelta

from django.contrib.auth.models import User
from django.contrib.postgres.functions import RandomUUID

from campaigns import recurring, versions
from campaigns.audience import Audience
from campaigns.demo.shop import Shop
from campaigns.demo.texts import text
from campaigns.models import Campaign, Message, Segment
from campaigns.paris_time import PARIS
from campaigns.recurrence import Every
from consent.law import Reason
from consent.models import Objection, Sender

HOW_MANY_HAVE_LEFT = 18
MAILS_AN_HOUR = 20
NINE, EIGHTEEN = time(9), time(18)


def write_letters(shop: Shop, *, at: datetime) -> None:
    """Leave the shop in the middle of its year."""
    writer = User.objects.filter(username="marketing").first()
    _sent(shop, "Lettre de septembre", "Semer avant les pluies", "septembre.md", at=_at_nine(at, days=-73))
    _sent(shop, "Lettre d'octobre", "Ail, fèves et feuilles mortes", "octobre.md", at=_at_nine(at, days=-42))
    gardeners = Segment.objects.create(
        name="Clients du rayon jardin", filter={"families": ["jardin"]}, created_by=writer
    )
    _leaving(shop, gardeners, writer, at=at)
    Campaign.objects.create(
        name="Lettre de novembre",
        purpose=shop.newsletter,
        subject="Tailler, pailler, planter",
        preheader="Trois gestes avant le gel",
        body=text("novembre.md"),
        status=Campaign.Status.SCHEDULED,
        send_at=_at_nine(at, days=3),
        window_days=[0, 1, 2, 3, 4],
        window_from=NINE,
        window_until=EIGHTEEN,
        created_by=writer,
        requested_by=writer,
    )
    draft = Campaign.objects.create(
        name="Lettre de décembre",
        purpose=shop.newsletter,
        subject="La courge rôtie et les pommes de garde",
        body=text("decembre.md"),
        created_by=writer,
    )
    versions.keep(draft, by=writer, at=at)
    if writer is not None:
        _comes_each_month(shop, writer, at=at)


def _sent(shop: Shop, name: str, subject: str, body: str, *, at: datetime) -> None:
    """Send to nobody, but record what the law says that day of everybody who was known by then."""
    ended = at + timedelta(minutes=2)
    campaign = Campaign.objects.create(
        name=name,
        purpose=shop.newsletter,
        subject=subject,
        body=text(body),
        status=Campaign.Status.DONE,
        send_at=at,
        launched_at=at,
        finished_at=ended,
    )
    _queue(campaign, at=at)
    queued = Message.objects.filter(campaign=campaign)
    left = Objection.objects.filter(at__gt=at).values("address_key")
    queued.filter(detail__address_key__in=left).withhold_queued(Reason.OBJECTED, at=ended)
    queued.filter(status=Message.Status.QUEUED).update(
        status=Message.Status.SENT, message_id=RandomUUID(), ended_at=ended
    )
    queued.update(queued_at=at)


def _leaving(shop: Shop, gardeners: Segment, writer: User | None, *, at: datetime) -> None:
    """An offer whose first mails have left: the others follow at its own speed."""
    began = at - timedelta(minutes=50)
    campaign = Campaign.objects.create(
        name="Outils d'hiver",
        purpose=shop.offers,
        families=["jardin/outils"],
        segment=gardeners,
        filter=gardeners.filter,
        subject="Sécateurs et bêches : les prix d'hiver",
        preheader="Jusqu'à la fin du mois, en boutique et en ligne",
        body=text("outils.md"),
        per_hour=MAILS_AN_HOUR,
        status=Campaign.Status.RUNNING,
        send_at=began,
        launched_at=began,
        created_by=writer,
        requested_by=writer,
    )
    _queue(campaign, at=began)
    queued = Message.objects.filter(campaign=campaign)
    queued.update(queued_at=began)
    queued.filter(pk__in=queued.order_by("pk").values("pk")[:HOW_MANY_HAVE_LEFT]).update(
        status=Message.Status.SENT, message_id=RandomUUID(), ended_at=at - timedelta(minutes=1)
    )


def _comes_each_month(shop: Shop, writer: User, *, at: datetime) -> None:
    original = Campaign.objects.create(
        name="Ateliers du mois",
        purpose=shop.newsletter,
        families=["ateliers"],
        sender=Sender.objects.get(address="ateliers@example.test"),
        subject="Les ateliers du mois",
        body=text("ateliers.md"),
        created_by=writer,
    )
    recurring.repeat(
        original, by=writer, at=at, every=Every.MONTH_WEEKDAY, nth=1, weekday=1, clock=NINE, first_on=at.date()
    )


def _queue(campaign: Campaign, *, at: datetime) -> None:
    reach = Message.objects.queue_for(campaign, at=at)
    campaign.audience = Audience.of_reach(reach, at=at).as_json()
    campaign.save(update_fields=["audience"])


def _at_nine(at: datetime, *, days: int) -> datetime:
    day = (at + timedelta(days=days)).astimezone(PARIS).date()
    return datetime.combine(day, NINE, PARIS)
