import uuid

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from redis.exceptions import RedisError

from campaigns.access import MarketerRequest, marketers_only
from campaigns.delivery.compose import Rendered, render_preview
from campaigns.fields import examples, fill
from campaigns.forms import PROBLEM, CampaignForm
from campaigns.models import Campaign
from campaigns.readiness import better, of_links
from campaigns.sections import gaps
from consent.models import Purpose

PREVIEW_SECONDS = 10 * 60

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
    return render(
        request, "campaigns/parts/preview.html", {"problems": problems} if problems else _rendered(request, written)
    )


def _rendered(request: MarketerRequest, campaign: Campaign) -> dict[str, object]:
    try:
        rendered = render_preview(campaign)
    except ValidationError as error:
        return {"problems": error.messages}
    key = uuid.uuid4()
    try:
        cache.set(_key(request, key), rendered.html, PREVIEW_SECONDS)
    except RedisError:
        return {"problems": [_("The preview is away for a moment. You may go on writing, and save.")]}
    return {
        "rendered": rendered,
        "key": key,
        "preheader": fill(campaign.preheader, examples()),
        "obstacles": [
            *(gaps(campaign.sections) if campaign.format == Campaign.Format.SECTIONS else []),
            *of_links(campaign),
        ],
        "advice": better(campaign, rendered),
    }


def _key(request: MarketerRequest, key: uuid.UUID) -> str:
    return f"campaign-preview:{request.user.pk}:{key}"


@marketers_only
def frame(request: MarketerRequest, key: uuid.UUID) -> HttpResponse:
    """The mail of a preview, for a frame: only its writer sees it."""
    html = cache.get(_key(request, key))
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
        return render_preview(get_object_or_404(Campaign.objects.select_related("purpose"), pk=pk))
    except ValidationError as error:
        raise Http404(*error.messages) from error
