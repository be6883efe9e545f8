"""MMS: a text with a picture of the library, given to the provider that the settings describe."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ImproperlyConfigured
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns import illustrations
from campaigns.channels.base import SentByWorker
from campaigns.delivery.judge import Allowed
from campaigns.fields import examples
from campaigns.models import Campaign, Illustration
from campaigns.texting import turn, wording
from consent.vocabulary import Channel
from prospects.texting.gateway import Text
from prospects.texting.sending import mms_gateway

if TYPE_CHECKING:
    from campaigns.channel_form import ChannelForm

LONGEST = 1_000


class PictureForm(forms.Form):
    """Which picture of the library it shows."""

    picture = forms.ChoiceField(
        label=gettext_lazy("Picture"),
        choices=lambda: [(each.picture_id, each.name) for each in illustrations.newest()],
        help_text=gettext_lazy("One of the library: “Pictures” brings new ones."),
    )


class Mms(SentByWorker):
    """A picture with a text, to phones."""

    name = Channel.MMS
    rank = 30
    particulars = PictureForm
    set_up_help = gettext_lazy(
        "An administrator describes the provider in a file (MMS_PROVIDER), and names sender and number for STOP."
    )
    how_to_stop = gettext_lazy("By answering STOP to the short number that each text ends with, at no cost.")
    preview_template = "campaigns/channels/mms/preview.html"
    message_template = "campaigns/channels/mms/message.html"

    @property
    def is_set_up(self) -> bool:
        try:
            return mms_gateway() is not None
        except ImproperlyConfigured:
            return False

    def shape(self, form: "ChannelForm") -> None:
        form.fields["body"].widget.attrs |= {"rows": 5, "maxlength": LONGEST}
        form.fields["body"].label = _("Text")

    def problems(self, campaign: Campaign) -> list[str]:
        found = super().problems(campaign)
        if not _picture(campaign):
            found.append(_("Choose a picture of the library."))
        return found

    def preview(self, campaign: Campaign, user: User) -> dict[str, Any]:
        return self.message(campaign)

    def message(self, campaign: Campaign) -> dict[str, Any]:
        return {
            "text": wording.worded(campaign, examples()),
            "picture": _picture(campaign),
            "sender": settings.SMS_SENDER,
        }

    def send(self, seconds: float) -> bool:
        gateway = mms_gateway()
        return gateway is None or turn.TextTurn(self.name, gateway, _text, seconds).run()

    def per_second(self, campaign: Campaign) -> float:
        own = campaign.per_hour / 3600 if campaign.per_hour else settings.SMS_PER_SECOND
        return min(own, settings.SMS_PER_SECOND)

    def return_urls(self) -> Sequence[URLPattern]:
        from campaigns.views import texting  # views know the channels

        return [
            path("report/<uuid:name>/<str:seal>/", texting.report, {"channel": "mms"}, name="mms_report"),
            path("calls/", texting.called, {"gateway": mms_gateway}, name="mms_calls"),
        ]


def _picture(campaign: Campaign) -> Illustration | None:
    chosen = Illustration.objects.select_related("picture").defer("picture__content")
    return chosen.filter(pk=campaign.particulars.get("picture", "")).first()


def _text(campaign: Campaign, allowed: Allowed) -> Text:
    reader, shown = allowed.reader, _picture(campaign)
    address = shown.picture.address if shown else ""
    return Text(reader.address, wording.worded(campaign, reader.words), name=reader.message_id, picture=address)


CHANNEL = Mms()
