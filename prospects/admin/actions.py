"""What staff may note about a person: one table of pages, each a form, each leaving a staff act in the log."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.admin.helpers import AdminForm
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from consent.admin.base import ModelAdmin
from consent.models import Notice
from prospects.admin.acting import ActingForm
from prospects.admin.dealings import CallForm, ContractForm, HoldForm, MistakeForm, PurchaseForm, RequestForm
from prospects.admin.freezing import FreezeForm, LiftForm
from prospects.admin.said import CorrectionForm, DeliveryForm, ObjectionForm, PaperForm
from prospects.models import Prospect


@dataclass(frozen=True)
class Action:
    """A page where something about one person is noted. `done` is logged in English, and read in any language."""

    name: str
    title: str | Promise
    form: type[ActingForm]
    done: str
    group: str | Promise


_SAID, _DEALT, _KEPT = gettext_lazy("They said"), gettext_lazy("They did"), gettext_lazy("On record")

ACTIONS = (
    Action(
        "objection",
        gettext_lazy("Record an objection"),
        ObjectionForm,
        gettext_noop("The objection is recorded, and stands at once."),
        _SAID,
    ),
    Action(
        "paper",
        gettext_lazy("Record a consent on paper"),
        PaperForm,
        gettext_noop("The consent on paper is recorded, with its scan."),
        _SAID,
    ),
    Action(
        "request",
        gettext_lazy("Record a request for information"),
        RequestForm,
        gettext_noop("The request is recorded."),
        _SAID,
    ),
    Action(
        "correction",
        gettext_lazy("Correct an address"),
        CorrectionForm,
        gettext_noop("The address is corrected."),
        _SAID,
    ),
    Action(
        "purchase",
        gettext_lazy("Record a purchase"),
        PurchaseForm,
        gettext_noop("The purchase is recorded."),
        _DEALT,
    ),
    Action(
        "contract",
        gettext_lazy("Record a contract"),
        ContractForm,
        gettext_noop("The contract is recorded."),
        _DEALT,
    ),
    Action("call", gettext_lazy("Record a call"), CallForm, gettext_noop("The call is recorded."), _DEALT),
    Action(
        "delivery",
        gettext_lazy("Say whether an address works"),
        DeliveryForm,
        gettext_noop("It is noted whether the address works."),
        _KEPT,
    ),
    Action("hold", gettext_lazy("Set a legal hold"), HoldForm, gettext_noop("The legal hold is set."), _KEPT),
    Action("freeze", gettext_lazy("Freeze the data"), FreezeForm, gettext_noop("The data are frozen."), _KEPT),
    Action("lift", gettext_lazy("End the freeze"), LiftForm, gettext_noop("The freeze has ended."), _KEPT),
    Action(
        "mistake",
        gettext_lazy("Take back what was noted by mistake"),
        MistakeForm,
        gettext_noop("What was noted by mistake is taken back."),
        _KEPT,
    ),
)


class ActionsAdmin(ModelAdmin):
    """The pages of the table, under a person's own."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        views = {action.name: partial(self.action_view, action=action) for action in ACTIONS}
        views["paper"] = self.paper_view  # type: ignore[assignment]
        pages = [
            path(f"<int:pk>/{name}/", wrap(view), name=f"prospects_prospect_{name}") for name, view in views.items()
        ]
        return [*pages, *super().get_urls()]

    def action_view(self, request: HttpRequest, pk: int, action: Action, **options: Any) -> HttpResponse:
        """Ask, hand it to the domain and note the staff act; where the domain refuses, show its words."""
        prospect = self.changeable(request, pk)
        form = action.form(
            request.POST if request.method == "POST" else None,
            request.FILES if request.method == "POST" else None,
            prospect=prospect,
            noted_by=request.user.get_username(),
            initial=dict(request.GET.items()),
            **options,
        )
        if form.is_valid():
            try:
                form.record()
            except ValidationError as refusal:
                form.add_error(None, ValidationError(refusal.messages))
            else:
                self.log_change(request, prospect, action.done)
                messages.success(request, f"{capfirst(str(prospect))}: {_(action.done)}")
                return self.to_page(prospect)
        title = _("%(action)s: %(name)s") % {"action": action.title, "name": prospect.name}
        return self.show_form(request, form, title=title, explanation=action.form.explanation)

    def paper_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """First ask which notice is printed on the paper: it says which boxes there are."""
        prospect = self.changeable(request, pk)
        action = next(action for action in ACTIONS if action.name == "paper")
        chosen = request.POST.get("notice") or request.GET.get("notice") or ""
        published = Notice.objects.published().order_by("code", "-version")
        if chosen.isdecimal():
            return self.action_view(request, pk, action, notice=get_object_or_404(published, pk=int(chosen)))
        context = {
            **self.admin_site.each_context(request),
            "title": _("%(action)s: %(name)s") % {"action": action.title, "name": prospect.name},
            "opts": self.opts,
            "notices": published,
        }
        return TemplateResponse(request, "admin/prospects/prospect/paper.html", context)

    def changeable(self, request: HttpRequest, pk: int) -> Prospect:
        """The person of this page, for staff who may change them."""
        prospect = get_object_or_404(Prospect, pk=pk)
        if not self.has_change_permission(request, prospect):
            raise PermissionDenied
        return prospect

    def to_page(self, prospect: Prospect) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:prospects_prospect_change", args=[prospect.pk]))

    def show_form(
        self, request: HttpRequest, form: Any, *, title: str, explanation: Any = "", **context: Any
    ) -> HttpResponse:
        """Show a form on a page of its own, as the admin shows its own."""
        fieldsets: list[tuple[Any, Mapping[str, Any]]] = list(form.fieldsets)
        shown = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "explanation": explanation,
            "adminform": AdminForm(form, fieldsets, {}, model_admin=self),  # type: ignore[arg-type]
            "media": self.media + form.media,
            "errors": form.errors,
            **context,
        }
        return TemplateResponse(request, "admin/prospects/prospect/door.html", shown)
