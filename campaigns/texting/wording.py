"""The words of a text: who writes comes first, how to stop comes last, both from us."""

from collections.abc import Mapping
from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from campaigns.fields import fill
from campaigns.models import Campaign
from consent.models import Organisation
from prospects.texting.alphabet import Length, measure, plain


def worded(campaign: Campaign, words: Mapping[str, str]) -> str:
    """The whole text that one reader receives."""
    name = plain(Organisation.objects.current().name).strip()
    body = plain(fill(campaign.body, words)).strip()
    with override(campaign.language):
        stop = plain(_("STOP to %(number)s") % {"number": settings.SMS_STOP_NUMBER})
    begins = body if body.casefold().startswith(name.casefold()) else f"{name}: {body}"
    return f"{begins} {stop}"


def length(campaign: Campaign, words: Mapping[str, str]) -> Length:
    """How long a text is with the words that every text carries."""
    return measure(worded(campaign, words))


def cost(parts: int) -> Decimal | None:
    """What so many parts cost, in euros; None where nobody said."""
    return settings.SMS_COST * parts if settings.SMS_COST else None
