"""Two records of one person, side by side: staff say what is kept of each, and see what moves."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from prospects.admin.actions import ActionsAdmin
from prospects.merging import choices, merge, what_moves
from prospects.models import Prospect
from prospects.search import find

_DONE = gettext_noop("Merged with another record; every provenance is kept.")
_FEW = 20


class OtherForm(forms.Form):
    """Who the other record is."""

    q = forms.CharField(
        label=gettext_lazy("The other record"),
        help_text=gettext_lazy("Its number, as № 12, or an address or name on it."),
        max_length=200,
    )


class MergeAdmin(ActionsAdmin):
    """The merge screen, under a person's page."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.merge_view)
        return [path("<int:pk>/merge/", view, name="prospects_prospect_merge"), *super().get_urls()]

    def merge_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Find the other record, compare the two, and merge into the older once staff have chosen."""
        prospect = self.changeable(request, pk)
        asked = request.POST.get("with") or request.GET.get("with") or ""
        if not asked.isdecimal() or int(asked) == pk:
            return self._find(request, prospect)
        other = get_object_or_404(Prospect, pk=int(asked))
        kept, gone = sorted((prospect, other), key=lambda record: record.pk)
        if request.method == "POST":
            taken = [name for name, answer in request.POST.items() if answer == "gone"]
            try:
                kept = merge(kept, gone, taken=taken)
            except ValidationError as refusal:
                messages.error(request, " ".join(refusal.messages))
            else:
                self.log_change(request, kept, _DONE)
                messages.success(request, f"{capfirst(str(kept))}: {_(_DONE)}")
                return self.to_page(kept)
        context = {
            **self._context(request, kept),
            "kept": kept,
            "gone": gone,
            "choices": list(choices(kept, gone)),
            "moves": what_moves(gone),
            "records": [(kept, list(kept.details.all())), (gone, list(gone.details.all()))],
        }
        return TemplateResponse(request, "admin/prospects/prospect/merge.html", context)

    def _find(self, request: HttpRequest, prospect: Prospect) -> HttpResponse:
        form = OtherForm(request.GET if "q" in request.GET else None)
        found: list[Prospect] = []
        if form.is_valid():
            others = Prospect.objects.exclude(pk=prospect.pk).prefetch_related("details")
            found = list(find(form.cleaned_data["q"], others).order_by("-pk")[:_FEW])
        context = {**self._context(request, prospect), "form": form, "found": found, "asked": form.is_bound}
        return TemplateResponse(request, "admin/prospects/prospect/find_other.html", context)

    def _context(self, request: HttpRequest, prospect: Prospect) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "title": _("Merge %(name)s with another record") % {"name": prospect.name},
            "opts": self.opts,
            "prospect": prospect,
        }


def to_merge_screen(one: Prospect, other: Prospect) -> HttpResponse:
    """Lead to the screen of these two."""
    page = reverse("admin:prospects_prospect_merge", args=[min(one.pk, other.pk)])
    return HttpResponseRedirect(f"{page}?with={max(one.pk, other.pk)}")
