"""Why we may or may not write to one address: the law's sentence, its texts, and what the answer rests on."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from consent import law
from consent.admin.base import ModelAdmin
from consent.models import Purpose
from consent.vocabulary import MEDIUM_OF, Channel
from prospects.admin.acting import DetailField
from prospects.explain import Explanation, explain_detail
from prospects.models import Activity, ContactDetail, Family, Prospect
from prospects.words import WITHHOLDINGS, outcome_words

# In which chapter of the person's story the rows are on which an answer rests.
_CHAPTERS = {
    "consent": "act",
    "stops": "act",
    "contracts": "contract",
    "requests": "request",
    "purchases": "purchase",
    "source": "source",
    "informed_by": "source",
    "last_sign_of_life": "interaction",
    "calls_last_30_days": "call",
}


class QuestionForm(forms.Form):
    """Which message is asked about."""

    detail = DetailField(ContactDetail.objects.none(), label=gettext_lazy("Address"), empty_label=None)
    channel = forms.ChoiceField(label=gettext_lazy("Channel"), choices=Channel.choices)
    purpose = forms.ModelChoiceField(Purpose.objects.all(), label=gettext_lazy("Purpose"), empty_label=None)
    family = forms.ModelChoiceField(
        Family.objects.all(),
        label=gettext_lazy("About which products"),
        to_field_name="path",
        empty_label=gettext_lazy("none in particular"),
        required=False,
    )
    activity = forms.ModelChoiceField(
        Activity.objects.all(),
        label=gettext_lazy("For which activity"),
        to_field_name="slug",
        empty_label=gettext_lazy("none in particular"),
        required=False,
    )

    fieldsets = [(None, {"fields": [("detail", "channel"), "purpose", ("family", "activity")]})]

    def __init__(self, prospect: Prospect, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        details = prospect.details.select_related("prospect__activity", "source__notice").order_by("pk")
        self.fields["detail"].queryset = details  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        detail, channel = cleaned.get("detail"), cleaned.get("channel")
        if detail and channel and MEDIUM_OF[Channel(channel)] != detail.medium:
            self.add_error("channel", _("This address does not serve this channel."))
        return cleaned

    def message(self) -> law.Message:
        asked = self.cleaned_data
        return law.Message(
            channel=law.Channel(asked["channel"]),
            purpose=asked["purpose"].slug,
            families=frozenset([asked["family"].path] if asked["family"] else []),
            activities=frozenset([asked["activity"].slug] if asked["activity"] else []),
        )


class WhyAdmin(ModelAdmin):
    """The page that explains, beside a person's own."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.why_view)
        return [path("<int:pk>/why/", view, name="prospects_prospect_why"), *super().get_urls()]

    def why_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Answer for one address, channel, purpose and product, at this moment."""
        prospect = get_object_or_404(Prospect, pk=pk)
        if not self.has_view_permission(request, prospect):
            raise PermissionDenied
        form = QuestionForm(prospect, request.GET or None)
        context = {
            **self.admin_site.each_context(request),
            "title": _("May we write to %(name)s?") % {"name": prospect.name},
            "opts": self.opts,
            "prospect": prospect,
            "form": form,
            **(_answer(form) if form.is_valid() else {}),
        }
        return TemplateResponse(request, "admin/prospects/prospect/why.html", context)


def _answer(form: QuestionForm) -> dict[str, Any]:
    at = timezone.now()
    found = explain_detail(form.cleaned_data["detail"], form.message(), at=at)
    return {
        "explanation": found,
        "at": at,
        "label": outcome_words(found.verdict.outcome),
        "sentence": found.verdict.text.in_language(get_language()),
        "silence": WITHHOLDINGS[found.known.withheld.value] if found.known.withheld else "",
        "chapters": _rests_on(found),
    }


def _rests_on(found: Explanation) -> list[str]:
    return sorted({_CHAPTERS[name] for name in found.rests_on if name in _CHAPTERS})
