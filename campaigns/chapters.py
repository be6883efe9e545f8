"""What campaigns add to the dated story of a person: messages and why, what came back, what was answered."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.models import Bounce, Message, Reply
from campaigns.words import staff_words
from prospects.admin.chapters import label, link, told
from prospects.timeline import Chapter, Entry, add_chapter

_MESSAGES = """
SELECT coalesce(message.ended_at, message.queued_at) AS at, message.id, jsonb_build_object(
    'status', message.status, 'why', coalesce(nullif(message.reason, ''), message.ground),
    'campaign', campaign.id, 'name', campaign.name, 'address', detail.address) AS facts
FROM prospects_contactdetail AS detail
JOIN campaigns_message AS message ON message.detail_id = detail.id
JOIN campaigns_campaign AS campaign ON campaign.id = message.campaign_id
WHERE detail.prospect_id = {prospect}
"""
_BOUNCES = """
SELECT bounce.at, bounce.id, jsonb_build_object(
    'kind', bounce.kind, 'status', bounce.status, 'reason', bounce.reason, 'address', detail.address) AS facts
FROM prospects_contactdetail AS detail
JOIN campaigns_message AS message ON message.detail_id = detail.id
JOIN campaigns_bounce AS bounce ON bounce.message_id = message.id
WHERE detail.prospect_id = {prospect}
"""
_REPLIES = """
SELECT at, id, jsonb_build_object('verdict', verdict, 'text', left(text, 500)) AS facts
FROM campaigns_reply WHERE prospect_id = {prospect}
"""


def _message(entry: Entry, request: HttpRequest) -> SafeString:
    facts = entry.facts
    name = facts["name"]
    if request.user.has_perm("campaigns.view_campaign"):
        name = link(reverse("admin:campaigns_campaign_change", args=[facts["campaign"]]), name)
    status = label(Message.Status, facts["status"])
    return told(_("Message %(status)s") % {"status": status}, name, staff_words(facts["why"]), facts["address"])


def _bounce(entry: Entry, request: HttpRequest) -> SafeString:
    facts = entry.facts
    kind = label(Bounce.Kind, facts["kind"])
    return told(_("Came back, %(kind)s") % {"kind": kind}, facts["address"], facts["status"], facts["reason"])


def _reply(entry: Entry, request: HttpRequest) -> SafeString:
    facts = entry.facts
    what = link(reverse("admin:campaigns_reply_change", args=[entry.pk]), _("Replied"))
    return told(what, label(Reply.Verdict, facts["verdict"]), facts["text"])


def add_chapters() -> None:
    """Tell of them on every person's page."""
    for chapter in (
        Chapter("message", gettext_lazy("Messages"), _MESSAGES, _message),
        Chapter("bounce", gettext_lazy("Returned mail"), _BOUNCES, _bounce),
        Chapter("reply", gettext_lazy("Replies"), _REPLIES, _reply, permission="campaigns.view_reply"),
    ):
        add_chapter(chapter)
