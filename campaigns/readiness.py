"""What still keeps a campaign from being scheduled, in words for the person who writes it."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from campaigns.delivery.compose import compose
from campaigns.fields import problems
from campaigns.models import Campaign
from consent.models import Organisation


def obstacles(campaign: Campaign) -> list[str]:
    """Say everything that keeps a campaign from leaving; empty when nothing does."""
    found = problems(campaign.subject) + problems(campaign.body)
    if not Organisation.objects.current().name:
        found.append(_("The organisation has no name yet: staff set it in the administration."))
    try:
        compose(campaign)
    except ValidationError as error:
        found += [message for message in error.messages if message not in found]
    return found
