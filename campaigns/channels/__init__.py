"""The channels on which a campaign may go out: one module each, found here by being there.

What the rest of Loyal asks of a channel is in `base`; docs/channels.md says how one is added.
"""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from campaigns.channels.base import CampaignChannel, CarriedByPeople, SentByWorker, Words
from campaigns.models import Campaign

__all__ = [
    "CampaignChannel",
    "CarriedByPeople",
    "SentByWorker",
    "Words",
    "carried_by_people",
    "every",
    "named",
    "of",
    "offered",
    "sender",
    "sent_by_workers",
    "unavailable",
]


@cache
def every() -> dict[str, CampaignChannel]:
    """Every channel by its name, in the order in which they are offered."""
    modules = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__) if module.name != "base"]
    found: list[CampaignChannel] = [module.CHANNEL for module in modules]
    return {channel.name.value: channel for channel in sorted(found, key=lambda channel: channel.rank)}


def named(name: str) -> CampaignChannel:
    """The channel of that name. Raises KeyError where campaigns cannot go out on it."""
    return every()[name]


def sender(name: str) -> SentByWorker:
    """The channel of that name, which a worker sends."""
    channel = named(name)
    assert isinstance(channel, SentByWorker)  # noqa: S101 - only those are asked for
    return channel


def of(campaign: Campaign) -> CampaignChannel:
    """The channel of a campaign."""
    return named(campaign.channel)


def offered() -> list[CampaignChannel]:
    """Those on which a campaign may be begun: all that they need is set up."""
    return [channel for channel in every().values() if channel.is_set_up]


def unavailable() -> list[CampaignChannel]:
    """Those that are not set up; each says what it needs."""
    return [channel for channel in every().values() if not channel.is_set_up]


def sent_by_workers() -> list[SentByWorker]:
    """Those whose messages a worker sends."""
    return [channel for channel in every().values() if isinstance(channel, SentByWorker)]


def carried_by_people() -> list[CarriedByPeople]:
    """Those whose messages wait until somebody takes them."""
    return [channel for channel in every().values() if isinstance(channel, CarriedByPeople)]
