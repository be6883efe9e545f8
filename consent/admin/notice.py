from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from consent.admin.base import ModelAdmin, StackedInline, faults_shown
from consent.admin.checks import checks_drawn
from consent.comparing import differences, version_in_use
from consent.models import Box, Notice
from consent.models.notice import MENTION_FIELDS
from consent.publishing import checks_now, new_version, publish
from consent.wording_checks import errors_of


class _OnlyDrafts:
    """A draft may be changed and deleted; nobody can touch what was published."""

    def has_change_permission(self, request: HttpRequest, obj: Notice | None = None) -> bool:
        return super().has_change_permission(request, obj) and not _is_published(obj)  # type: ignore[misc]

    def has_delete_permission(self, request: HttpRequest, obj: Notice | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not _is_published(obj)  # type: ignore[misc]


class BoxInline(_OnlyDrafts, StackedInline):
    model = Box
    extra = 0
    fieldsets = [
        (None, {"fields": [("purpose", "channel", "kind", "position"), "label_fr", "label_en"]}),
        (
            gettext_lazy("The five mentions for a consent to calls (R223-1)"),
            {
                "classes": ["collapse"],
                "description": gettext_lazy(
                    "Shown beside the box. Without all five, no yes to calls given here counts."
                ),
                "fields": [*MENTION_FIELDS],
            },
        ),
    ]

    def has_add_permission(self, request: HttpRequest, obj: Notice | None = None) -> bool:
        return super().has_add_permission(request, obj) and not _is_published(obj)


class PublishedFilter(admin.SimpleListFilter):
    title = gettext_lazy("in use")
    parameter_name = "published"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", gettext_lazy("published")), ("no", gettext_lazy("draft"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Notice]) -> QuerySet[Notice] | None:
        return queryset.filter(published_at__isnull=self.value() == "no") if self.value() else None


@admin.register(Notice)
class NoticeAdmin(_OnlyDrafts, ModelAdmin):
    """Drafts are written here, published for good, and followed by new versions."""

    list_display = ["code", "version", "published_at"]
    when_empty = gettext_lazy(
        "No notice yet. Write the first: what people read before they agree, in French and in English."
    )
    list_filter = [PublishedFilter]
    search_fields = ["code", "information_fr", "information_en"]
    fields = ["code", "version", "published_at", "information_fr", "information_en", "checks"]
    readonly_fields = ["version", "published_at", "checks"]
    inlines = [BoxInline]
    actions = ["publish_chosen"]

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/publish/", wrap(self.publish_view), name="consent_notice_publish"),
            path("<int:pk>/compare/", wrap(self.compare_view), name="consent_notice_compare"),
            path("<int:pk>/new-version/", wrap(require_POST(self.new_version_view)), name="consent_notice_new_version"),
            *super().get_urls(),
        ]

    @admin.action(description=gettext_lazy("Publish, for good"), permissions=["change"])
    def publish_chosen(self, request: HttpRequest, notices: QuerySet[Notice]) -> None:
        for notice in notices:
            self._publish(request, notice)

    def publish_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what will be fixed for good, and what keeps it from being so; on POST, publish it."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        notice = get_object_or_404(Notice, pk=pk)
        if not self.has_change_permission(request, notice):
            raise PermissionDenied
        if request.method == "POST":
            self._publish(request, notice)
            return self._to(notice)
        found = checks_now(notice, at=timezone.now())
        context = {
            **self.admin_site.each_context(request),
            "title": _("Publish %(notice)s") % {"notice": notice},
            "opts": self.opts,
            "notice": notice,
            "boxes": notice.boxes.select_related("purpose"),
            "checks": checks_drawn(found),
            "faults": errors_of(found),
        }
        return TemplateResponse(request, "admin/consent/notice/publish.html", context)

    @method_decorator(require_safe)
    def compare_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show, word by word, what differs from the version that visitors read before this one."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        notice = get_object_or_404(Notice, pk=pk)
        old = version_in_use(notice)
        found = differences(old, notice) if old else []
        changed = sum(difference.is_change for difference in found)
        context = {
            **self.admin_site.each_context(request),
            "title": _("What changes in %(notice)s") % {"notice": notice},
            "opts": self.opts,
            "notice": notice,
            "old": old,
            "differences": found,
            "changed": changed,
            "unchanged": len(found) - changed,
        }
        return TemplateResponse(request, "admin/consent/notice/compare.html", context)

    def new_version_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        draft = new_version(get_object_or_404(Notice, pk=pk))
        self.log_addition(request, draft, _("New version."))
        messages.success(request, _("%(notice)s is a draft: change it, then publish it.") % {"notice": draft})
        return self._to(draft)

    @admin.display(description=gettext_lazy("what the law asks"))
    def checks(self, notice: Notice) -> str:
        return checks_drawn(checks_now(notice, at=timezone.now()) if notice.pk and not _is_published(notice) else [])

    def get_readonly_fields(self, request: HttpRequest, obj: Notice | None = None) -> list[str]:
        return [*self.readonly_fields, *(["code"] if obj and obj.version > 1 else [])]

    def _publish(self, request: HttpRequest, notice: Notice) -> None:
        with faults_shown(request):
            publish(notice, at=timezone.now())
            self.log_change(request, notice, _("Published."))
            messages.success(request, _("%(notice)s is published.") % {"notice": notice})

    def _to(self, notice: Notice) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:consent_notice_change", args=[notice.pk]))


def _is_published(notice: Notice | None) -> bool:
    return notice is not None and notice.published_at is not None
