"""What the channels of texts to phones share: a gateway, its speed, and STOP at the end of each text."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.channels.base import SentByWorker
from campaigns.delivery.judge import Allowed
from campaigns.models import Campaign
from campaigns.texting.turn import TextTurn
from prospects.texting.gateway import Gateway, Text

if TYPE_CHECKING:
    from campaigns.channel_form import ChannelForm

LONGEST = 1_000  # characters; operators join up to eight parts or so


class TextChannel(SentByWorker, ABC):
    """A channel whose messages a gateway takes one by one."""

    how_to_stop = gettext_lazy("By answering STOP to the short number that each text ends with, at no cost.")

    @abstractmethod
    def gateway(self) -> Gateway | None:
        """The gateway that the settings name, if any. Raises ImproperlyConfigured where they name it badly."""

    @abstractmethod
    def writer(self, campaign: Campaign) -> Callable[[Allowed], Text]:
        """What writes a campaign's text to each reader; asked for once a batch, so that it may look things up."""

    @property
    def is_set_up(self) -> bool:
        try:
            return self.gateway() is not None
        except ImproperlyConfigured:
            return False

    def shape(self, form: "ChannelForm") -> None:
        body = form.fields["body"]
        body.widget.attrs |= {"rows": 5, "maxlength": LONGEST}
        body.label = _("Text")

    def preview(self, campaign: Campaign, user: User) -> dict[str, Any]:
        return self.message(campaign)

    def send(self, seconds: float) -> bool:
        gateway = self.gateway()
        return gateway is None or TextTurn(self.name, gateway, self.writer, seconds).run()

    def per_second(self, campaign: Campaign) -> float:
        own = campaign.per_hour / 3600 if campaign.per_hour else settings.SMS_PER_SECOND
        return min(own, settings.SMS_PER_SECOND)
