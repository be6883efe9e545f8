"""An objection that a person told to staff, by phone, letter or word of mouth: as good as a click on a stop link."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consent.acts import lock, record_stop
from consent.models import Act, Purpose
from consent.vocabulary import MEDIUM_OF, Channel
from prospects.models import MergedRecord, Prospect


class ToldBy(models.TextChoices):
    """How the person said it."""

    PHONE = "phone", gettext_lazy("by phone")
    LETTER = "letter", gettext_lazy("by letter")
    IN_PERSON = "in_person", gettext_lazy("in person")
    EMAIL = "email", gettext_lazy("by e-mail")


@dataclass(frozen=True, slots=True)
class Told:
    """What staff noted about an objection: when and how it was told, under which reference, and who noted it."""

    at: datetime
    by: str
    noted_by: str
    reference: str = ""


@transaction.atomic
def record_told_objection(prospect: Prospect, told: Told, *, channel: str | None, purpose: Purpose | None) -> int:
    """Stop one channel and purpose, or with None all of them, at each of the person's addresses that it concerns.

    Returns how many addresses are newly stopped. Raises ValidationError where the person has no such address.
    """
    details = list(prospect.details.order_by("pk"))
    lock([detail.address_key for detail in details])
    # Merged into another record meanwhile, the person has more addresses there: the objection is for those too.
    if merged := MergedRecord.objects.select_related("prospect").filter(pk=prospect.pk).first():
        return record_told_objection(merged.prospect, told, channel=channel, purpose=purpose)
    if channel is not None:
        details = [detail for detail in details if detail.medium == MEDIUM_OF[Channel(channel)]]
    if not details:
        raise ValidationError(_("This person has no address on this channel: choose another, or all."))
    return sum(
        record_stop(
            detail.address_key,
            key_id=detail.key_id,
            channel=channel,
            purpose_id=purpose.pk if purpose else None,
            at=told.at,
            origin=Act.Origin.STAFF,
            evidence={"told": told.by, "noted_by": told.noted_by, "reference": told.reference},
        )
        for detail in details
    )
