"""Many people who agreed, and a running campaign queued to all of them."""

from datetime import timedelta

from django.utils import timezone

from campaigns.models import Campaign, Message
from consent.address_keys import address_key
from consent.models import Permission
from prospects.models import ContactDetail, Prospect, Source
from tests.factories import make_campaign


def queue_campaign(count: int, **fields: object) -> Campaign:
    """Queue one message to each of person-0@example.test, person-1@… and so on, made in bulk."""
    now = timezone.now()
    earlier = now - timedelta(days=1)
    campaign = make_campaign(status="running", send_at=now, launched_at=now, **fields)
    people = Prospect.objects.bulk_create(Prospect(first_name=f"Zoé {number}") for number in range(count))
    sources = Source.objects.bulk_create(
        Source(prospect=person, kind="form", collected_at=earlier, informed=True) for person in people
    )
    details = ContactDetail.objects.bulk_create(
        ContactDetail(
            prospect=person,
            medium="email",
            address=f"person-{number}@example.test",
            address_key=address_key("email", f"person-{number}@example.test"),
            key_id=1,
            source=source,
        )
        for number, (person, source) in enumerate(zip(people, sources, strict=True))
    )
    Permission.objects.bulk_create(
        Permission(
            address_key=detail.address_key,
            key_id=1,
            channel="email",
            purpose=campaign.purpose,
            given_at=earlier,
            confirmed_at=earlier,
            needs_confirmation=True,
        )
        for detail in details
    )
    Message.objects.bulk_create(Message(campaign=campaign, detail=detail) for detail in details)
    return campaign
