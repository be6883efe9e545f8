"""The people who are still to be told what is held of them, and until when."""

from datetime import date

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy, ngettext

from consent.admin.base import LargeTableAdmin, ReadOnlyAdmin
from consent.law.days import paris_day
from prospects.models import UntoldSource
from prospects.telling import told_by_staff, untold
from prospects.terms import months_later


@admin.register(UntoldSource)
class UntoldSourceAdmin(ReadOnlyAdmin, LargeTableAdmin):
    """Those whom no mail reached: staff tell them by letter, and say so here, before the month is over."""

    ordering = ["obtained_at", "pk"]
    list_display = ["person", "kind", "partner", "obtained_at", "erased_on"]
    when_empty = gettext_lazy(
        "Nobody is to be told by letter: everybody has read where their details come from, or a mail told them."
    )
    list_filter = ["kind"]
    list_display_links = None
    actions = ["tell"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[UntoldSource]:
        return untold(timezone.now())

    @admin.display(description=gettext_lazy("person"))
    def person(self, source: UntoldSource) -> SafeString:
        return format_html(
            '<a href="{}">№ {}</a>',
            reverse("admin:prospects_prospect_change", args=[source.prospect_id]),
            source.prospect_id,
        )

    @admin.display(description=gettext_lazy("erased on"), ordering="obtained_at")
    def erased_on(self, source: UntoldSource) -> date:
        return months_later(paris_day(source.obtained_at), 1)

    @admin.action(description=gettext_lazy("Note that these people were told by letter"), permissions=["tell"])
    def tell(self, request: HttpRequest, sources: QuerySet[UntoldSource]) -> None:
        count = told_by_staff(sources, at=timezone.now())
        text = ngettext("%(count)d detail is noted as told.", "%(count)d details are noted as told.", count)
        messages.success(request, text % {"count": count})

    def has_tell_permission(self, request: HttpRequest) -> bool:
        """Whoever may change a person may say that they were told."""
        return request.user.has_perm("prospects.change_prospect")
