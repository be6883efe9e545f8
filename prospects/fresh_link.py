"""The link, good for one hour, with which somebody sees their own data or turns something on."""

from uuid import UUID

from django.conf import settings

from consent.vocabulary import Medium
from prospects.links import absolute, fresh_token
from prospects.mail import compose
from prospects.models import ContactDetail


def send_fresh_link(address_key: UUID, language: str) -> bool:
    """Mail a fresh link to the address that has this key; False where nobody has it any more."""
    detail = ContactDetail.objects.filter(address_key=address_key, medium=Medium.EMAIL).first()
    if detail is None:
        return False
    mail = compose(
        "fresh_link",
        detail.address,
        language,
        {"link": absolute("my_data", fresh_token(detail.pk)), "minutes": settings.FRESH_LINK_SECONDS // 60},
    )
    mail.send()
    return True
