"""Scans of papers, for whoever may see evidence: saved, never opened in our own pages."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consent.admin.base import LargeTableAdmin, ReadOnlyAdmin
from consent.models import Scan


@admin.register(Scan)
class ScanAdmin(ReadOnlyAdmin, LargeTableAdmin):
    ordering = ["-added_at"]
    when_empty = gettext_lazy("No paper yet: a scan is kept with the consent that it proves, from the person’s page.")
    list_display = ["digest", "content_type", "given_at", "added_at"]
    fields = ["digest", "content_type", "given_at", "added_at", "saved"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Scan]:
        return super().get_queryset(request).defer("content")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.download_view)
        return [path("<str:digest>/file/", view, name="consent_scan_file"), *super().get_urls()]

    def download_view(self, request: HttpRequest, digest: str) -> HttpResponse:
        """Give the file to be saved: whatever a PDF holds, it runs in no page of ours."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        scan = get_object_or_404(Scan, pk=digest)
        return HttpResponse(
            bytes(scan.content),
            content_type=scan.content_type,
            headers={
                "Content-Disposition": f'attachment; filename="{scan.file_name}"',
                "Content-Security-Policy": "default-src 'none'; sandbox",
                "X-Content-Type-Options": "nosniff",
                "Cache-Control": "no-store",
            },
        )

    @admin.display(description=gettext_lazy("file"))
    def saved(self, scan: Scan) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:consent_scan_file", args=[scan.pk]), _("Save the scan")
        )
