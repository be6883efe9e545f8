"""What still keeps a campaign from being scheduled, in words for the person who writes it."""

from django.utils.translation import gettext as _

from campaigns import channels
from campaigns.models import Campaign
from consent.models import Organisation


def obstacles(campaign: Campaign) -> list[str]:
    """Say everything that keeps a campaign from leaving; empty when nothing does."""
    channel = channels.every().get(campaign.channel)
    if channel is None:
        return [
            _("Campaigns cannot go out on this channel: %(channel)s.") % {"channel": campaign.get_channel_display()}
        ]
    found = channel.problems(campaign)
    if not channel.is_set_up:
        found.append(str(channel.set_up_help))
    if not Organisation.objects.current().name:
        found.append(_("The organisation has no name yet: staff set it in the administration."))
    return found
