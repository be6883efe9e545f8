"""A message that was sent, shown in the browser as its reader got it, for a while and while the reader is known."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError

from campaigns.delivery.compose import Reader, Rendered, compose, render
from campaigns.delivery.extra_words import extra_words
from campaigns.delivery.why import Provenance, why
from campaigns.models import Message
from consent.bilingual import in_language
from consent.law.days import paris_day
from consent.stop_links import Stop, stop_token
from prospects.models import ExtraField


def shown_in_browser(campaign_id: int, reader: Stop, *, at: datetime) -> Rendered | None:
    """Return the message of a campaign to the address that a stop token names; None once its time is over.

    An erased person has no message any more. A link followed here is counted as nobody's.
    """
    left = Message.Status.SENT, Message.Status.UNKNOWN
    messages = Message.objects.select_related("campaign__purpose", "detail__prospect", "detail__source")
    message = messages.filter(
        campaign_id=campaign_id,
        detail__address_key=reader.address_key,
        status__in=left,
        ended_at__gt=at - timedelta(days=settings.VIEW_IN_BROWSER_DAYS),
    ).first()
    if message is None or message.detail is None:
        return None
    try:
        composition = compose(message.campaign)
    except ValidationError:  # the organisation or the campaign was changed so that nothing can be made of it any more
        return None
    return render(composition, _reader_of(message, reader, composition.extras))


def _reader_of(message: Message, reader: Stop, extras: Sequence[ExtraField]) -> Reader:
    detail, campaign = message.detail, message.campaign
    assert detail is not None  # noqa: S101 - asked for by its address
    source, person = detail.source, detail.prospect
    provenance = Provenance(
        source=source.kind,
        collected_on=paris_day(source.collected_at) if source.collected_at else None,
        place=source.place,
        partner=source.partner,
    )
    purpose = in_language(campaign.purpose, "name", campaign.language)
    ground = message.ground or "information"
    return Reader(
        address=detail.address,
        message_id=message.message_id.hex if message.message_id else "",
        token=stop_token(reader.address_key, campaign.channel, campaign.purpose_id, key_id=reader.key_id),
        words={
            "first_name": person.first_name,
            "last_name": person.last_name,
            "company": person.company,
            "why": why(ground, provenance, purpose, campaign.language),
            **extra_words(extras, (person.extra.get(field.slug) for field in extras), campaign.language),
        },
    )
