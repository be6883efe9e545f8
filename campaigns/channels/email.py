"""E-mail: written in sections, Markdown or MJML, sent by the engine in `campaigns.delivery`."""

import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from redis.exceptions import RedisError

from campaigns.channels.base import SentByWorker, Words
from campaigns.delivery.compose import compose, render_preview, sender_of
from campaigns.delivery.send import Turn
from campaigns.delivery.servers import outgoing_servers
from campaigns.fields import examples, fill, problems
from campaigns.forecast import expected_speed
from campaigns.mail_faults import better, of_body, of_links
from campaigns.models import Campaign
from campaigns.sections import gaps
from consent.models import Sender
from consent.vocabulary import Channel

if TYPE_CHECKING:
    from campaigns.channel_form import ChannelForm

PREVIEW_SECONDS = 10 * 60


class Email(SentByWorker):
    """Mails to mailboxes."""

    name = Channel.EMAIL
    rank = 10
    takes = frozenset({"sender", "subject", "preheader", "format", "body", "count_clicks"})
    format = None
    sends_tests = True
    how_to_stop = gettext_lazy("By the link in each mail, or the button of the mail program.")
    writing_template = "campaigns/channels/email/write.html"
    preview_template = "campaigns/channels/email/preview.html"
    message_template = "campaigns/channels/email/message.html"
    looks_template = "campaigns/channels/email/looks.html"

    def shape(self, form: "ChannelForm") -> None:
        formats = [choice for choice in Campaign.Format.choices if choice[0] != Campaign.Format.TEXT]
        form.fields["format"].choices = formats  # type: ignore[attr-defined]
        _offer_senders(form)

    def problems(self, campaign: Campaign) -> list[str]:
        found = problems(campaign.subject) + problems(campaign.preheader) + of_body(campaign)
        if not campaign.subject.strip():
            found.append(_("The message has no subject."))
        if campaign.sender is not None and not campaign.sender.is_active:
            inactive = _("%(sender)s is not an active sender any more: choose another.")
            found.append(inactive % {"sender": campaign.sender})
        try:
            compose(campaign)
        except ValidationError as error:
            found += [message for message in error.messages if message not in found]
        else:
            found += of_links(campaign)
        return found

    def preview(self, campaign: Campaign, user: User) -> dict[str, Any]:
        try:
            rendered = render_preview(campaign)
        except ValidationError as error:
            return {"problems": error.messages}
        key = uuid.uuid4()
        try:
            cache.set(preview_key(user, key), rendered.html, PREVIEW_SECONDS)
        except RedisError:
            return {"problems": [_("The preview is away for a moment. You may go on writing, and save.")]}
        return {
            "rendered": rendered,
            "key": key,
            "preheader": fill(campaign.preheader, examples()),
            "obstacles": [
                *(gaps(campaign.sections) if campaign.format == Campaign.Format.SECTIONS else []),
                *of_links(campaign),
            ],
            "advice": better(campaign, rendered),
        }

    def message(self, campaign: Campaign) -> dict[str, Any]:
        return {"subject": fill(campaign.subject, examples()), "sender": sender_of(campaign)}

    def summary(self, campaign: Campaign) -> Iterable[tuple[Words, Words]]:
        sender = sender_of(campaign)
        yield pgettext("of a mail", "From"), str(sender)
        if sender.reply_to:
            yield _("Replies"), sender.reply_to

    @property
    def workers(self) -> int:
        return settings.SENDING_WORKERS

    def send(self, seconds: float) -> bool:
        return Turn(seconds).run()

    def per_second(self, campaign: Campaign) -> float:
        return expected_speed(campaign.per_hour, outgoing_servers())


def _offer_senders(form: "ChannelForm") -> None:
    """Offer the active senders, and the one chosen already; leave out the question where there is no choice."""
    chosen = form.instance.sender_id
    senders = Sender.objects.filter(Q(is_active=True) | Q(pk=chosen))
    if not chosen and len(senders) < 2:
        del form.fields["sender"]
        return
    field = form.fields["sender"]
    field.queryset = senders  # type: ignore[attr-defined]
    field.empty_label = _("The default one, %(sender)s") % {"sender": Sender.objects.default()}  # type: ignore[attr-defined]


def preview_key(user: User, key: uuid.UUID) -> str:
    """Where a mail that is being written is kept for the frame that shows it to its writer."""
    return f"campaign-preview:{user.pk}:{key}"


CHANNEL = Email()
