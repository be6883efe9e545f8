"""SMS: one plain text, our name first and how to stop last, given to the gateway that the settings name."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import URLPattern, path
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaigns.channels.base import Words
from campaigns.delivery.judge import Allowed
from campaigns.fields import examples
from campaigns.models import Campaign
from campaigns.texting import wording
from campaigns.texting.channel import TextChannel
from consent.vocabulary import Channel
from prospects.texting.alphabet import Length, foreign
from prospects.texting.gateway import Gateway, Text
from prospects.texting.sending import sms_gateway

if TYPE_CHECKING:
    from campaigns.channel_form import ChannelForm

MOST_PARTS = 6


class Sms(TextChannel):
    """Short texts to phones."""

    name = Channel.SMS
    rank = 20
    set_up_help = gettext_lazy(
        "An administrator names the gateway, the sender and the short number for STOP (SMS_GATEWAY and the like)."
    )
    preview_template = "campaigns/channels/sms/preview.html"
    message_template = "campaigns/channels/sms/message.html"

    def gateway(self) -> Gateway | None:
        return sms_gateway()

    def shape(self, form: "ChannelForm") -> None:
        super().shape(form)
        form.fields["body"].help_text = _(
            "Your organisation's name is put first and STOP last, unless the text begins with the name."
        )

    def problems(self, campaign: Campaign) -> list[str]:
        found = super().problems(campaign)
        if not found and wording.length(campaign, examples()).parts > MOST_PARTS:
            found.append(_("The text is longer than %(most)s SMS: shorten it.") % {"most": MOST_PARTS})
        return found

    def message(self, campaign: Campaign) -> dict[str, Any]:
        words = examples()
        length = wording.length(campaign, words)
        return {
            "text": wording.worded(campaign, words),
            "length": length,
            "said": _said(length),
            "foreign": [] if length.is_gsm else foreign(wording.worded(campaign, words)),
            "sender": settings.SMS_SENDER,
        }

    def summary(self, campaign: Campaign) -> Iterable[tuple[Words, Words]]:
        yield _("Length"), _said(wording.length(campaign, examples()))
        yield _("Arrives from"), settings.SMS_SENDER

    def writer(self, campaign: Campaign) -> Callable[[Allowed], Text]:
        worded = wording.writer(campaign)

        def write(allowed: Allowed) -> Text:
            reader = allowed.reader
            return Text(reader.address, worded(reader.words), name=reader.message_id)

        return write

    def return_urls(self) -> Sequence[URLPattern]:
        from campaigns.views import texting  # views know the channels

        return [
            path("report/<uuid:name>/<str:seal>/", texting.report, {"channel": "sms"}, name="sms_report"),
            path("incoming/<str:secret>/", texting.incoming, name="sms_incoming"),
            path("calls/", texting.called, {"gateway": sms_gateway}, name="sms_calls"),
        ]


def _said(length: Length) -> str:
    """How long a text is, in parts, and what each recipient costs."""
    parts = ngettext("%(count)s SMS for each recipient", "%(count)s SMS for each recipient", length.parts)
    said = parts % {"count": length.parts}
    price = wording.cost(length.parts)
    return said if price is None else f"{said}, {number_format(price)} €"


CHANNEL = Sms()
