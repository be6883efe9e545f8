"""MMS: a text with a picture of the library, given to the provider that the settings describe."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns import illustrations
from campaigns.delivery.judge import Allowed
from campaigns.fields import examples
from campaigns.models import Campaign, Illustration
from campaigns.texting import wording
from campaigns.texting.channel import TextChannel
from consent.vocabulary import Channel
from prospects.texting.gateway import Gateway, Text
from prospects.texting.sending import mms_gateway


class PictureForm(forms.Form):
    """Which picture of the library it shows."""

    picture = forms.ChoiceField(
        label=gettext_lazy("Picture"),
        choices=lambda: [(each.picture_id, each.name) for each in illustrations.newest()],
        help_text=gettext_lazy("One of the library: “Pictures” brings new ones."),
    )


class Mms(TextChannel):
    """A picture with a text, to phones."""

    name = Channel.MMS
    rank = 30
    particulars = PictureForm
    set_up_help = gettext_lazy(
        "An administrator describes the provider in a file (MMS_PROVIDER), and names sender and number for STOP."
    )
    preview_template = "campaigns/channels/mms/preview.html"
    message_template = "campaigns/channels/mms/message.html"

    def gateway(self) -> Gateway | None:
        return mms_gateway()

    def problems(self, campaign: Campaign) -> list[str]:
        found = super().problems(campaign)
        if not _picture(campaign):
            found.append(_("Choose a picture of the library."))
        return found

    def message(self, campaign: Campaign) -> dict[str, Any]:
        return {
            "text": wording.worded(campaign, examples()),
            "picture": _picture(campaign),
            "sender": settings.SMS_SENDER,
        }

    def writer(self, campaign: Campaign) -> Callable[[Allowed], Text]:
        shown = _picture(campaign)
        address, worded = shown.picture.address if shown else "", wording.writer(campaign)

        def write(allowed: Allowed) -> Text:
            reader = allowed.reader
            return Text(reader.address, worded(reader.words), name=reader.message_id, picture=address)

        return write

    def return_urls(self) -> Sequence[URLPattern]:
        from campaigns.views import texting  # views know the channels

        return [
            path("report/<uuid:name>/<str:seal>/", texting.report, {"channel": "mms"}, name="mms_report"),
            path("calls/", texting.called, {"gateway": mms_gateway}, name="mms_calls"),
        ]


def _picture(campaign: Campaign) -> Illustration | None:
    chosen = Illustration.objects.select_related("picture").defer("picture__content")
    return chosen.filter(pk=campaign.particulars.get("picture", "")).first()


CHANNEL = Mms()
