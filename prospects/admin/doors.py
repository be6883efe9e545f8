"""The pages at which staff bring a person or a source in by hand, or erase: each asks, calls the domain, shows."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from consent.vocabulary import Medium
from prospects.admin.actions import ActionsAdmin
from prospects.admin.forms import KnownSourceForm, NewProspectForm
from prospects.intake import Person, take_in
from prospects.models import Prospect, Source
from prospects.retention import Held, erase_person

DOOR = "staff"


class DoorsAdmin(ActionsAdmin):
    """The pages at which people come in and leave, beside those at which something is noted of them."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
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

        return self._door(
            request, form, enter, title=_("Add a person"), done=gettext_noop("Recorded, with the source.")
        )

    def source_view(self, request: HttpRequest, pk: int, source_pk: int) -> HttpResponse:
        """Record, with its proof, where an address in quarantine comes from."""
        prospect = self.changeable(request, pk)
        source = get_object_or_404(
            Source.objects.select_related("detail"), pk=source_pk, prospect=prospect, kind=Source.Kind.UNKNOWN
        )
        form = KnownSourceForm(request.POST or None, noted_by=request.user.get_username())

        def enter() -> Prospect:
            person = Person(first_name=prospect.first_name, last_name=prospect.last_name, company=prospect.company)
            address = {Medium(source.detail.medium): source.detail.address}
            return take_in(person, address, form.provenance(), at=timezone.now(), door=DOOR)

        title = _("Record the source of %(address)s") % {"address": source.detail.address}
        return self._door(request, form, enter, title=title, done=gettext_noop("The source is recorded."))

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
            self.log_change(request, prospect, gettext_noop("Erased."))
            messages.success(request, _("%(prospect)s is erased.") % {"prospect": capfirst(str(prospect))})
            return HttpResponseRedirect(reverse("admin:prospects_prospect_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Erase %(name)s") % {"name": prospect.name},
            "opts": self.opts,
            "page": page,
        }
        return TemplateResponse(request, "admin/prospects/prospect/erase.html", context)

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
                messages.success(request, f"{capfirst(str(prospect))}: {_(done)}")
                return self.to_page(prospect)
        return self.show_form(request, form, title=title)
