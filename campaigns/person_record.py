"""What campaigns add to the record that a person may ask for: what was sent and why, what came back, the answers."""

from typing import LiteralString

from django.utils.translation import gettext_lazy as _

from campaigns.models import Bounce, Message, Reply
from campaigns.words import codes_in_words
from consent.vocabulary import Channel
from prospects.rights.record import Column, Section, add_section

_MESSAGES: LiteralString = """
SELECT coalesce(message.ended_at, message.queued_at), campaign.channel, campaign.name, campaign.subject, detail.address,
    message.status, message.ground, message.reason, message.queued_at, message.message_id
FROM prospects_contactdetail AS detail
JOIN campaigns_message AS message ON message.detail_id = detail.id
JOIN campaigns_campaign AS campaign ON campaign.id = message.campaign_id
WHERE detail.prospect_id = {prospect} ORDER BY 1, message.id
"""
_BOUNCES: LiteralString = """
SELECT bounce.at, detail.address, bounce.kind, bounce.status, bounce.reason
FROM prospects_contactdetail AS detail
JOIN campaigns_message AS message ON message.detail_id = detail.id
JOIN campaigns_bounce AS bounce ON bounce.message_id = message.id
WHERE detail.prospect_id = {prospect} ORDER BY bounce.at, bounce.id
"""
_CLICKS: LiteralString = """
SELECT click.at, link.url
FROM prospects_contactdetail AS detail
JOIN campaigns_message AS message ON message.detail_id = detail.id
JOIN campaigns_click AS click ON click.message_id = message.id
JOIN campaigns_link AS link ON link.id = click.link_id
WHERE detail.prospect_id = {prospect} ORDER BY click.at, click.id
"""
_REPLIES: LiteralString = """
SELECT reply.at, campaign.name, reply.text, reply.verdict, reply.read_at
FROM campaigns_reply AS reply
JOIN campaigns_message AS message ON message.id = reply.message_id
JOIN campaigns_campaign AS campaign ON campaign.id = message.campaign_id
WHERE reply.prospect_id = {prospect} ORDER BY reply.at, reply.id
"""
_AT = Column("at", _("on"))
_OUTCOMES = codes_in_words()

add_section(
    Section(
        "messages",
        _("What we sent you, and on what ground"),
        ("campaigns.Message",),
        (
            _AT,
            Column("channel", _("channel"), dict(Channel.choices)),
            Column("campaign", _("campaign")),
            Column("subject", _("subject")),
            Column("address", _("address")),
            Column("status", _("status"), dict(Message.Status.choices)),
            Column("ground", _("ground"), _OUTCOMES),
            Column("reason", _("reason"), _OUTCOMES),
            Column("queued_at", _("queued on")),
            Column("message_id", "Message-ID"),
        ),
        _MESSAGES,
    ),
    Section(
        "bounces",
        _("Mails to you that came back"),
        ("campaigns.Bounce",),
        (
            _AT,
            Column("address", _("address")),
            Column("kind", _("kind"), dict(Bounce.Kind.choices)),
            Column("status", _("status")),
            Column("reason", _("reason")),
        ),
        _BOUNCES,
    ),
    Section(
        "clicks",
        _("Links that you clicked, in the minute in which this is known"),
        ("campaigns.Click",),
        (_AT, Column("link", _("link"))),
        _CLICKS,
        given=_CLICKS,
    ),
    Section(
        "replies",
        _("What you answered"),
        ("campaigns.Reply",),
        (
            _AT,
            Column("campaign", _("campaign")),
            Column("text", _("text")),
            Column("verdict", _("verdict"), dict(Reply.Verdict.choices)),
            Column("read_at", _("read on")),
        ),
        _REPLIES,
        given=_REPLIES,
    ),
)
