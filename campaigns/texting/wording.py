"""The words of a text: who writes comes first, how to stop comes last, both from us."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from campaigns.fields import fill
from campaigns.models import Campaign
from consent.models import Organisation
from prospects.texting.alphabet import Length, measure, plain


def writer(campaign: Campaign) -> Callable[[Mapping[str, str]], str]:
    """What gives the whole text that a reader of these words receives; what all texts share is looked up once."""
    name = plain(Organisation.objects.current().name).strip()
    with override(campaign.language):
        stop = plain(_("STOP to %(number)s") % {"number": settings.SMS_STOP_NUMBER})

    def write(words: Mapping[str, str]) -> str:
        body = plain(fill(campaign.body, words)).strip()
        begins = body if body.casefold().startswith(name.casefold()) else f"{name}: {body}"
        return f"{begins} {stop}"

    return write


def worded(campaign: Campaign, words: Mapping[str, str]) -> str:
    """The whole text that one reader receives."""
    return writer(campaign)(words)


def length(campaign: Campaign, words: Mapping[str, str]) -> Length:
    """How long a text is with the words that every text carries."""
    return measure(worded(campaign, words))


def cost(parts: int) -> Decimal | None:
    """What so many parts cost, in euros; None where nobody said."""
    return settings.SMS_COST * parts if settings.SMS_COST else None
