"""The pages at which staff bring a person, a source or an objection in by hand: each asks, calls the domain, shows."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.admin.helpers import AdminForm
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from consent.admin.base import ModelAdmin
from consent.vocabulary import Medium
from prospects.admin.forms import KnownSourceForm, NewProspectForm, ObjectionForm
from prospects.intake import Person, take_in
from prospects.models import Prospect, Source
from prospects.objections import record_told_objection
from prospects.retention import Held, erase_person

DOOR = "staff"


class DoorsAdmin(ModelAdmin):
    """A prospect's pages other than the list and the person's page."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/objection/", wrap(self.objection_view), name="prospects_prospect_objection"),
            path("<int:pk>/erase/", wrap(self.erase_view), name="prospects_prospect_erase"),
            path("<int:pk>/source/<int:source_pk>/", wrap(self.source_view), name="prospects_prospect_source"),
            *super().get_urls(),
        ]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Bring a person in through the intake, with a source."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = NewProspectForm(request.POST or None, noted_by=request.user.get_username())

        def enter() -> Prospect:
            return take_in(form.person(), form.addresses(), form.provenance(), at=timezone.now(), door=DOOR)

        return self._door(request, form, enter, title=_("Add a person"), done=_("Recorded, with the source."))

    def source_view(self, request: HttpRequest, pk: int, source_pk: int) -> HttpResponse:
        """Record, with its proof, where an address in quarantine comes from."""
        prospect = self._changeable(request, pk)
        source = get_object_or_404(
            Source.objects.select_related("detail"), pk=source_pk, prospect=prospect, kind=Source.Kind.UNKNOWN
        )
        form = KnownSourceForm(request.POST or None, noted_by=request.user.get_username())

        def enter() -> Prospect:
            person = Person(first_name=prospect.first_name, last_name=prospect.last_name, company=prospect.company)
            address = {Medium(source.detail.medium): source.detail.address}
            return take_in(person, address, form.provenance(), at=timezone.now(), door=DOOR)

        title = _("Record the source of %(address)s") % {"address": source.detail.address}
        return self._door(request, form, enter, title=title, done=_("The source is recorded."))

    def objection_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Record an objection that the person told by phone, letter or in person."""
        prospect = self._changeable(request, pk)
        form = ObjectionForm(request.POST or None)

        def enter() -> Prospect:
            told = form.told(noted_by=request.user.get_username())
            asked = form.cleaned_data
            record_told_objection(prospect, told, channel=asked["channel"] or None, purpose=asked["purpose"])
            return prospect

        title = _("Record an objection of %(name)s") % {"name": prospect.name}
        return self._door(request, form, enter, title=title, done=_("The objection is recorded, and stands at once."))

    def erase_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Erase somebody who asks for it, once staff have read what goes and what stays."""
        prospect = get_object_or_404(Prospect, pk=pk)
        if not request.user.has_perm("prospects.delete_prospect"):
            raise PermissionDenied
        page = reverse("admin:prospects_prospect_change", args=[pk])
        if request.method == "POST":
            try:
                erase_person(prospect, timezone.now())
            except Held:
                messages.error(request, _("A legal hold freezes this person: nothing may be erased before it ends."))
                return HttpResponseRedirect(page)
            self.log_change(request, prospect, _("Erased."))
            messages.success(request, _("%(prospect)s is erased.") % {"prospect": capfirst(str(prospect))})
            return HttpResponseRedirect(reverse("admin:prospects_prospect_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Erase %(name)s") % {"name": prospect.name},
            "opts": self.opts,
            "page": page,
        }
        return TemplateResponse(request, "admin/prospects/prospect/erase.html", context)

    def _changeable(self, request: HttpRequest, pk: int) -> Prospect:
        prospect = get_object_or_404(Prospect, pk=pk)
        if not self.has_change_permission(request, prospect):
            raise PermissionDenied
        return prospect

    def _door(
        self, request: HttpRequest, form: Any, enter: Callable[[], Prospect], *, title: str, done: str
    ) -> HttpResponse:
        """Show a form and, once it is right, enter; where the domain refuses, show its words."""
        if form.is_valid():
            try:
                prospect = enter()
            except ValidationError as refusal:
                form.add_error(None, refusal)
            else:
                self.log_change(request, prospect, done)
                messages.success(request, f"{capfirst(str(prospect))}: {done}")
                return HttpResponseRedirect(reverse("admin:prospects_prospect_change", args=[prospect.pk]))
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "adminform": AdminForm(form, form.fieldsets, {}, model_admin=self),
            "media": self.media + form.media,
            "errors": form.errors,
        }
        return TemplateResponse(request, "admin/prospects/prospect/door.html", context)
