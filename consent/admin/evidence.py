"""Acts and what they add up to: for reading alone."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consent.address_keys import keys_of_typed
from consent.admin.base import LargeTableAdmin, ReadOnlyAdmin
from consent.models import Act, Objection, Permission


class EvidenceAdmin(ReadOnlyAdmin, LargeTableAdmin):
    """Searched by typing an address, or its key: neither the address nor the person is kept here."""

    search_fields = ["address_key"]
    search_help_text = gettext_lazy("A whole e-mail address, phone number or address key.")
    list_select_related = ["purpose"]

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> Any:
        return queryset.filter(address_key__in=keys_of_typed(search_term)) if search_term else queryset, False


@admin.register(Act)
class ActAdmin(EvidenceAdmin):
    list_display = ["at", "kind", "channel_or_all", "purpose_or_all", "origin", "notice"]
    list_filter = ["kind", "channel", "origin"]
    list_select_related = ["purpose", "notice"]
    when_empty = gettext_lazy(
        "Nobody has said anything yet: what people say, by a form, a link or staff, is kept here for good."
    )
    fieldsets = [
        (None, {"fields": ["kind", "at", "channel_or_all", "purpose_or_all", "origin", "about"]}),
        (gettext_lazy("What was shown"), {"fields": ["notice", "wording_shown", "language"]}),
        (gettext_lazy("Proof"), {"fields": ["address_key", "evidence", "recorded_at", "seal", "erased_by"]}),
    ]

    @admin.display(description=gettext_lazy("channel"))
    def channel_or_all(self, act: Act) -> str:
        return act.get_channel_display() or _all_of(act)

    @admin.display(description=gettext_lazy("purpose"))
    def purpose_or_all(self, act: Act) -> str:
        return str(act.purpose or _all_of(act))

    @admin.display(description=gettext_lazy("box shown"))
    def wording_shown(self, act: Act) -> str:
        return getattr(act.box, f"label_{act.language or 'fr'}") if act.box else "—"

    @admin.display(description=gettext_lazy("digest"))
    def seal(self, act: Act) -> str:
        return bytes(act.digest).hex()


@admin.register(Permission)
class PermissionAdmin(EvidenceAdmin):
    when_empty = gettext_lazy(
        "Nobody has agreed to anything yet: a permission begins with a box ticked on a form, or with a paper."
    )
    list_display = ["purpose", "channel", "given_at", "confirmed_at", "withdrawn_at", "lapsed_at"]
    list_filter = ["channel", "purpose"]


@admin.register(Objection)
class ObjectionAdmin(EvidenceAdmin):
    when_empty = gettext_lazy("Nobody has objected. What is told by phone or letter is noted on the person’s page.")
    list_display = ["at", "channel", "purpose"]
    list_filter = ["channel", "purpose"]
    empty_value_display = gettext_lazy("all")


def _all_of(act: Act) -> str:
    """What it means that an act names no channel or purpose: a stop concerns them all, an information none."""
    return _("all") if act.kind in (Act.Kind.WITHDRAWN, Act.Kind.OBJECTED, Act.Kind.LAPSED) else "—"
