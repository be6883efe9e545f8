"""What waits and what was done, told without anybody's name."""

from django.contrib import admin

from consent.admin.base import LargeTableAdmin, ReadOnlyAdmin
from prospects.models import PendingSignup, PurgeRun, SourceRefusal


@admin.register(PendingSignup)
class PendingSignupAdmin(ReadOnlyAdmin, LargeTableAdmin):
    """Who waits is not shown: nobody is a prospect before the button in the confirmation mail."""

    ordering = ["-signed_up_at"]
    list_display = ["signed_up_at", "form", "status", "mails_sent", "expires_at"]
    list_filter = ["status", "form"]
    list_select_related = ["form"]
    fields = ["form", "notice", "language", "status", "mails_sent", "last_mail_at", "signed_up_at", "expires_at"]


@admin.register(PurgeRun)
class PurgeRunAdmin(ReadOnlyAdmin):
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
    list_display = ["day", "door", "count"]
    list_filter = ["door"]
