"""A wish of somebody who is not known yet to be who they say: it waits for a press in the mail sent to the address."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet

from consent.acts import record_stop
from consent.address_keys import key_in_use, keys_of_normalised
from consent.law.days import paris_day
from consent.models import Act
from consent.vocabulary import Medium
from prospects.models import ContactDetail, RightsRequest
from prospects.terms import answer_due_on

BY_LINK = "link sent to the address"  # how identity was shown, read in any language


def ask(right: str, address: str, *, language: str, at: datetime) -> None:
    """Have a link mailed to this normalised e-mail address, whether or not it is known; the term runs from now on."""
    key, key_id = key_in_use(Medium.EMAIL, address)
    RightsRequest.objects.ask(
        right=right,
        address=address,
        key=key,
        key_id=key_id,
        language=language,
        at=at,
        due_on=answer_due_on(paris_day(at)),
        expires_at=at + timedelta(hours=settings.RIGHTS_LINK_HOURS),
    )


def object_now(medium: Medium, address: str, *, network: str, at: datetime) -> None:
    """Stop everything at this normalised address, at once: whoever asks for it, and whether or not it is known.

    Nothing is shown and nothing is sent, so that no identity need be shown either; a stop too many harms nobody, and
    the person alone takes it back (GDPR art. 12(6), 21(3)).
    """
    key, key_id = key_in_use(medium, address)
    record_stop(
        key,
        channel=None,
        purpose_id=None,
        at=at,
        origin=Act.Origin.RIGHTS,
        evidence={"network": network},
        key_id=key_id,
    )


def details_at(medium: str, address: str) -> QuerySet[ContactDetail]:
    """The contact details of this normalised address, under whichever key: several where a household shares it."""
    keys = keys_of_normalised(medium, address)
    return ContactDetail.objects.filter(address_key__in=keys, medium=medium).select_related("prospect").order_by("pk")


def detail_at(medium: str, address: str) -> ContactDetail | None:
    """The contact detail of this normalised e-mail address, which is one person's."""
    return details_at(medium, address).first()
