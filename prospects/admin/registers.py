"""What waits and what was done, told without anybody's name."""

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from consent.admin.base import LargeTableAdmin, ReadOnlyAdmin
from prospects.admin.chapters import staff_act
from prospects.models import PendingSignup, PurgeRun, SourceRefusal


@admin.register(PendingSignup)
class PendingSignupAdmin(ReadOnlyAdmin, LargeTableAdmin):
    """Who waits is not shown: nobody is a prospect before the button in the confirmation mail."""

    ordering = ["-signed_up_at"]
    list_display = ["signed_up_at", "form", "status", "mails_sent", "expires_at"]
    when_empty = gettext_lazy(
        "Nobody waits: a signup stays here until the button in its mail is pressed, or its time is over."
    )
    list_filter = ["status", "form"]
    list_select_related = ["form"]
    fields = ["form", "notice", "language", "status", "mails_sent", "last_mail_at", "signed_up_at", "expires_at"]


@admin.register(PurgeRun)
class PurgeRunAdmin(ReadOnlyAdmin):
    date_hierarchy = "started_at"
    when_empty = gettext_lazy("No purge yet: the first runs by itself in the coming night.")
    list_display = [
        "started_at",
        "finished_at",
        "silent_before",
        "erased_prospects",
        "erased_details",
        "lapsed_permissions",
        "erased_proofs",
    ]


@admin.register(SourceRefusal)
class SourceRefusalAdmin(ReadOnlyAdmin):
    date_hierarchy = "day"
    when_empty = gettext_lazy(
        "Nothing was refused: no file and no form brought details that were found on the Internet."
    )
    list_display = ["day", "door", "count"]
    list_filter = ["door"]


@admin.register(LogEntry)
class StaffActAdmin(ReadOnlyAdmin, LargeTableAdmin):
    """Who of the staff did what, and when. What it was done to is a number: nobody is named."""

    ordering = ["-action_time", "-pk"]
    date_hierarchy = "action_time"
    when_empty = gettext_lazy("Nothing was done yet: each act of staff is noted here.")
    list_display = ["action_time", "user", "thing", "what"]
    list_filter = ["user", "content_type"]
    list_select_related = ["user", "content_type"]
    list_display_links = None
    fields = ["action_time", "user", "thing", "what"]
    search_fields = ["object_id__exact"]
    search_help_text = gettext_lazy("The number of a record.")

    @admin.display(description=gettext_lazy("concerns"))
    def thing(self, entry: LogEntry) -> str:
        return f"{capfirst(str(entry.content_type))} № {entry.object_id}"

    @admin.display(description=gettext_lazy("staff act"))
    def what(self, entry: LogEntry) -> str:
        return staff_act(entry.action_flag, entry.change_message)
