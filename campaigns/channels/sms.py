"""SMS: one plain text, our name first and how to stop last, given to the gateway that the settings name."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ImproperlyConfigured
from django.urls import URLPattern, path
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaigns.channels.base import SentByWorker, Words
from campaigns.delivery.judge import Allowed
from campaigns.fields import examples
from campaigns.models import Campaign
from campaigns.texting import turn, wording
from consent.vocabulary import Channel
from prospects.texting.alphabet import Length, foreign
from prospects.texting.gateway import Text
from prospects.texting.sending import sms_gateway

if TYPE_CHECKING:
    from campaigns.channel_form import ChannelForm

LONGEST = 1_000  # characters; operators join up to eight parts or so
MOST_PARTS = 6


class Sms(SentByWorker):
    """Short texts to phones."""

    name = Channel.SMS
    rank = 20
    set_up_help = gettext_lazy(
        "An administrator names the gateway, the sender and the short number for STOP (SMS_GATEWAY and the like)."
    )
    how_to_stop = gettext_lazy("By answering STOP to the short number that each text ends with, at no cost.")
    preview_template = "campaigns/channels/sms/preview.html"
    message_template = "campaigns/channels/sms/message.html"

    @property
    def is_set_up(self) -> bool:
        try:
            return sms_gateway() is not None
        except ImproperlyConfigured:
            return False

    def shape(self, form: "ChannelForm") -> None:
        body = form.fields["body"]
        body.widget.attrs |= {"rows": 5, "maxlength": LONGEST}
        body.label = _("Text")
        body.help_text = _("Your organisation's name is put first and STOP last, unless the text begins with the name.")

    def problems(self, campaign: Campaign) -> list[str]:
        found = super().problems(campaign)
        if not found and wording.length(campaign, examples()).parts > MOST_PARTS:
            found.append(_("The text is longer than %(most)s SMS: shorten it.") % {"most": MOST_PARTS})
        return found

    def preview(self, campaign: Campaign, user: User) -> dict[str, Any]:
        return self.message(campaign)

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

    def send(self, seconds: float) -> bool:
        gateway = sms_gateway()
        return gateway is None or turn.TextTurn(self.name, gateway, _text, seconds).run()

    def per_second(self, campaign: Campaign) -> float:
        own = campaign.per_hour / 3600 if campaign.per_hour else settings.SMS_PER_SECOND
        return min(own, settings.SMS_PER_SECOND)

    def return_urls(self) -> Sequence[URLPattern]:
        from campaigns.views import texting  # views know the channels

        return [
            path("report/<uuid:name>/<str:seal>/", texting.report, {"channel": "sms"}, name="sms_report"),
            path("incoming/<str:secret>/", texting.incoming, name="sms_incoming"),
            path("calls/", texting.called, {"gateway": sms_gateway}, name="sms_calls"),
        ]


def _text(campaign: Campaign, allowed: Allowed) -> Text:
    reader = allowed.reader
    return Text(reader.address, wording.worded(campaign, reader.words), name=reader.message_id)


def _said(length: Length) -> str:
    """How long a text is, in parts, and what each recipient costs."""
    parts = ngettext("%(count)s SMS for each recipient", "%(count)s SMS for each recipient", length.parts)
    said = parts % {"count": length.parts}
    price = wording.cost(length.parts)
    return said if price is None else f"{said}, {number_format(price)} €"


CHANNEL = Sms()
