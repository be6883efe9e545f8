import uuid
from typing import Any

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaigns.access import MarketerRequest, marketers_only
from campaigns.channels.email import preview_key
from campaigns.delivery.compose import Rendered, render_preview
from campaigns.forms import PROBLEM, CampaignForm
from campaigns.models import Campaign
from consent.models import Purpose
from consent.vocabulary import Channel

# A mail brings its own inline style and may show pictures; in its frame it runs nothing and sends nothing.
MAIL_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data: https:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox"
    ),
    "X-Frame-Options": "SAMEORIGIN",
}


@require_POST
@marketers_only
def preview(request: MarketerRequest) -> HttpResponse:
    """Show what is being written as a reader would see it: a part of the page, asked for as one types."""
    form = CampaignForm(request.POST)
    form.is_valid()
    written = form.instance
    if written.purpose_id is None:
        written.purpose = Purpose(pk=0, slug="purpose", name_fr=_("(purpose)"))
    problems = [
        message
        for errors in form.errors.as_data().values()
        for error in errors
        if error.code == PROBLEM
        for message in error.messages
    ]
    context: dict[str, Any] = {"problems": problems} if problems else form.means.preview(written, request.user)
    return render(request, form.means.preview_template, context | {"campaign": written, "channel": form.means})


@marketers_only
def frame(request: MarketerRequest, key: uuid.UUID) -> HttpResponse:
    """The mail of a preview, for a frame: only its writer sees it."""
    html = cache.get(preview_key(request.user, key))
    if html is None:
        raise Http404
    return HttpResponse(in_scheme(html, request.GET.get("scheme", "light")), headers=MAIL_HEADERS)


def in_scheme(html: str, scheme: str) -> str:
    """The mail as a reader with a dark or a light screen sees it, whatever the marketer's own is."""
    return html.replace("@media (prefers-color-scheme: dark)", "@media all" if scheme == "dark" else "@media not all")


@marketers_only
def saved_frame(request: MarketerRequest, pk: int) -> HttpResponse:
    """The mail of a saved campaign, for a frame."""
    return HttpResponse(in_scheme(_saved(pk).html, request.GET.get("scheme", "light")), headers=MAIL_HEADERS)


@marketers_only
def saved_text(request: MarketerRequest, pk: int) -> HttpResponse:
    """The text part of a saved campaign."""
    return HttpResponse(_saved(pk).text, content_type="text/plain; charset=utf-8")


def _saved(pk: int) -> Rendered:
    try:
        mails = Campaign.objects.filter(channel=Channel.EMAIL).select_related("purpose")
        return render_preview(get_object_or_404(mails, pk=pk))
    except ValidationError as error:
        raise Http404(*error.messages) from error
