"""What a channel says of itself: what it is written in, what keeps it back, how it goes out, how one stops."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.models import User
from django.urls import URLPattern
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.fields import examples, fill, problems
from campaigns.models import Campaign
from consent.law.hours import HOURS, Hours
from consent.law.words import Channel as LawChannel
from consent.vocabulary import Channel

if TYPE_CHECKING:
    from campaigns.channel_form import ChannelForm

Words = str | Promise


class CampaignChannel:
    """One channel, whoever carries it. A subclass overrides what differs from a plain text."""

    name: Channel
    rank: int  # in the order in which channels are offered; its own, for good
    set_up_help: Words = ""  # where something must be set up first: what, and who does it
    how_to_stop: Words  # by whoever receives a message, in a sentence

    # What is written. `takes` are fields of a campaign; `particulars` is a form for what this channel alone asks,
    # whose answers are kept in `campaign.particulars` by the names of its fields.
    takes: frozenset[str] = frozenset({"body"})
    format: Campaign.Format | None = Campaign.Format.TEXT  # None where the writer chooses
    particulars: type[forms.Form] | None = None
    sends_tests: bool = False

    # Parts of pages: of the writing page, of the preview beside it, of every page that shows the message.
    writing_template = "campaigns/channels/plain/write.html"
    preview_template = "campaigns/channels/plain/preview.html"
    message_template = "campaigns/channels/plain/message.html"
    looks_template = ""  # of the preview: which ways to look at it there are

    @property
    def label(self) -> str:
        return str(self.name.label)

    @property
    def is_set_up(self) -> bool:
        """Whether campaigns may go out on it here and now."""
        return True

    @property
    def hours(self) -> Hours | None:
        """The hours that the law sets, in each recipient's own time; None for any time."""
        return HOURS.get(LawChannel(self.name.value))

    def return_urls(self) -> Sequence[URLPattern]:
        """The addresses, below /returns/<name>/, at which programs tell what came back."""
        return ()

    def workspace_urls(self) -> Sequence[URLPattern]:
        """The addresses, below /campaigns/, that this channel adds to the workspace."""
        return ()

    def shape(self, form: "ChannelForm") -> None:
        """Say what the fields of the writing page are on this channel: their labels, their lengths."""

    def problems(self, campaign: Campaign) -> list[str]:
        """What keeps a campaign from leaving, but for what every channel asks; empty when nothing does."""
        if not campaign.body.strip():
            return [_("The message is empty.")]
        return problems(campaign.body)

    def preview(self, campaign: Campaign, user: User) -> dict[str, Any]:
        """What the template of the preview shows of a message that is being written."""
        return {"text": fill(campaign.body, examples()), "problems": problems(campaign.body)}

    def message(self, campaign: Campaign) -> dict[str, Any]:
        """What the template of the message shows of a saved campaign."""
        return {"text": fill(campaign.body, examples())}

    def summary(self, campaign: Campaign) -> Iterable[tuple[Words, Words]]:
        """What is read last before it is scheduled, beside what every channel says: names and words."""
        return ()


class SentByWorker(CampaignChannel, ABC):
    """A channel whose messages a worker sends."""

    @property
    def workers(self) -> int:
        """How many workers may send at once, over all machines."""
        return 1

    @abstractmethod
    def send(self, seconds: float) -> bool:
        """Send what is queued for one turn; False where the turn ended before the queue did.

        What was claimed and not settled when the worker dies becomes unknown, and is never sent again by itself.
        """

    @abstractmethod
    def per_second(self, campaign: Campaign) -> float:
        """How many messages should leave in a second, to foretell an end."""


class CarriedByPeople(CampaignChannel):
    """A channel whose messages stay queued until somebody takes them: an operator, a file for a provider.

    Whoever takes them claims them (`delivery.claim.claim`, with the channel's name) and records how each ended
    (`delivery.record.record`). What is claimed and not settled in time goes back to the queue.
    """

    #: Where the messages are taken, by the name of an address that takes the campaign's number.
    carried_at: str
    carry_words: Words = gettext_lazy("Take its messages")
