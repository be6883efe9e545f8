"""What pages ask of the channel of a campaign."""

from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from campaigns import channels
from campaigns.models import Campaign

register = template.Library()


@register.filter
def channel_of(campaign: Campaign) -> channels.CampaignChannel | None:
    """The channel of a campaign; None where campaigns cannot go out on it any more."""
    return channels.every().get(campaign.channel)


@register.filter
def summary_of(
    channel: channels.CampaignChannel | None, campaign: Campaign
) -> list[tuple[channels.Words, channels.Words]]:
    """What is read last of a campaign on its channel, before it is scheduled."""
    return list(channel.summary(campaign)) if channel is not None else []


@register.simple_tag(takes_context=True)
def message_of(context: dict[str, Any], campaign: Campaign, obstacles: object = (), short: bool = False) -> SafeString:
    """The message as its channel shows it; where something keeps it from being composed, as it was written."""
    channel = channel_of(campaign)
    if channel is None:
        return SafeString("")
    shown = {} if obstacles else channel.message(campaign)
    told = {"campaign": campaign, "channel": channel, "obstacles": obstacles, "short": short}
    return render_to_string(channel.message_template, told | shown, request=context.get("request"))
