"""What a writing page asks on the channel of its campaign, and what that channel alone asks."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from campaigns import channels
from campaigns.models import Campaign
from consent.vocabulary import Channel

# What a channel may take or leave out, and before what the names of its own fields stand.
CONTENT = frozenset({"sender", "subject", "preheader", "format", "body", "count_clicks"})
PREFIX = "particulars"

if TYPE_CHECKING:
    CampaignModelForm = forms.ModelForm[Campaign]
else:  # generic for the type checker alone
    CampaignModelForm = forms.ModelForm


class ChannelForm(CampaignModelForm):
    """A form that knows its channel. A new campaign names it; that of a campaign that exists already stays.

    What the channel does not take is not asked; what it alone asks stands in `particulars`, a form within this one.
    """

    channel = forms.ChoiceField(widget=forms.HiddenInput, required=False)

    def take_channel(self) -> None:
        """Ask what the channel takes and nothing else, in the channel's own words."""
        if self.instance.pk is not None:
            name = self.instance.channel
            offered = [(name, name)]
        else:
            name = self.data.get("channel") or self.instance.channel
            offered = [(channel.name.value, channel.label) for channel in channels.offered()]
        self.fields["channel"].choices = offered  # type: ignore[attr-defined]
        self.initial["channel"] = name
        self.means = channels.every().get(name) or channels.named(Channel.EMAIL)
        if self.instance.pk is None:
            self.instance.channel = self.means.name.value
        for field in CONTENT - self.means.takes:
            del self.fields[field]
        asked = self.means.particulars
        data = self.data if self.is_bound else None
        self.particulars = asked(data, initial=self.instance.particulars, prefix=PREFIX) if asked else None
        self.means.shape(self)

    def fix_channel(self, cleaned: dict[str, Any]) -> None:
        """Fix what the channel decides, and take what it alone asks."""
        cleaned["channel"] = self.instance.channel
        if self.means.format is not None:
            self.instance.format = self.means.format
        if self.particulars is not None:
            if not self.particulars.is_valid():
                self.say_of_particulars()
            self.instance.particulars = cleaned["particulars"] = self.particulars.cleaned_data

    def say_of_particulars(self) -> None:
        """What is wrong there is wrong here; each field says it beside itself."""
        self.add_error(None, ValidationError(_("Something below needs mending."), code="particulars"))
