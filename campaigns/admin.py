"""The admin of campaigns: for reading. They are written, scheduled and stopped in the marketers' workspace."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns import sender_admin  # noqa: F401 — registers itself
from campaigns.chapters import add_chapters
from campaigns.models import Campaign, Message, Reply
from campaigns.returns.take_in import settle_reply
from campaigns.words import staff_words
from consent.admin.base import LargeTableAdmin, ReadOnlyAdmin

add_chapters()


@admin.register(Campaign)
class CampaignAdmin(ReadOnlyAdmin):
    list_display = ["name", "status", "purpose", "channel", "send_at", "finished_at", "created_by"]
    when_empty = gettext_lazy("No campaign yet: marketers write them in their own workspace.")
    list_filter = ["status", "purpose", "channel"]
    list_select_related = ["purpose", "created_by"]
    search_fields = ["name", "subject"]


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin, LargeTableAdmin):
    list_display = ["number", "campaign", "status", "why", "ended_at"]
    when_empty = gettext_lazy("No message yet: a campaign makes them when it starts.")
    list_filter = ["status", "campaign"]
    list_select_related = ["campaign", "detail"]
    search_fields = ["message_id__exact"]
    search_help_text = gettext_lazy("A whole Message-ID.")
    fields = ["campaign", "person", "status", "why", "message_id", "queued_at", "lease_until", "ended_at"]

    @admin.display(description="№")
    def number(self, message: Message) -> int:
        return message.pk

    @admin.display(description=gettext_lazy("ground or reason"))
    def why(self, message: Message) -> str:
        return staff_words(message.reason or message.ground) or "—"

    @admin.display(description=gettext_lazy("prospect"))
    def person(self, message: Message) -> str | SafeString:
        if message.detail is None:
            return _("erased since")
        page = reverse("admin:prospects_prospect_change", args=[message.detail.prospect_id])
        return format_html('<a href="{}">№ {}</a>', page, message.detail.prospect_id)


@admin.register(Reply)
class ReplyAdmin(ReadOnlyAdmin, LargeTableAdmin):
    """Replies, for reading; staff say of a doubtful one whether it asks to stop."""

    list_display = ["at", "verdict", "read_at", "prospect"]
    when_empty = gettext_lazy(
        "No reply is kept: those that ask to stop are obeyed at once, and only doubtful ones wait here."
    )
    list_filter = ["verdict", ("read_at", admin.EmptyFieldListFilter)]
    list_select_related = ["prospect"]
    fields = ["prospect", "message", "at", "verdict", "text", "read_at"]
    actions = ["asks_to_stop", "asks_nothing"]

    @admin.action(description=gettext_lazy("Read: it asks to stop"))
    def asks_to_stop(self, request: HttpRequest, replies: QuerySet[Reply]) -> None:
        self._settle(replies, stop=True)

    @admin.action(description=gettext_lazy("Read: it does not ask to stop"))
    def asks_nothing(self, request: HttpRequest, replies: QuerySet[Reply]) -> None:
        self._settle(replies, stop=False)

    def _settle(self, replies: QuerySet[Reply], *, stop: bool) -> None:
        for reply in replies.select_related("message__detail"):
            settle_reply(reply, stop=stop, at=timezone.now())
