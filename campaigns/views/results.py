"""What became of a campaign: figures on its page, beside earlier ones, and in files."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from campaigns.access import MarketerRequest, marketers_only
from campaigns.comparison import compare
from campaigns.disclosure import went_to_few
from campaigns.models import Campaign
from campaigns.report.content import report_on
from campaigns.report.paper import as_pdf
from campaigns.report.sheet import as_csv
from campaigns.results import Results
from consent.models import Organisation


@marketers_only
def figures(request: MarketerRequest, pk: int) -> HttpResponse:
    """The figures that are counted beside the page, for the page to ask for again."""
    campaign = _launched(pk)
    context = {"campaign": campaign, "results": Results.shown_of(campaign), "went_to_few": went_to_few(campaign)}
    return render(request, "campaigns/parts/figures.html" if request.htmx else "campaigns/figures.html", context)


@marketers_only
def comparison(request: MarketerRequest, pk: int) -> HttpResponse:
    """A campaign beside the earlier ones of its purpose."""
    campaign = _launched(pk)
    return render(request, "campaigns/comparison.html", {"campaign": campaign, "compared": compare(campaign)})


@marketers_only
def pdf(request: MarketerRequest, pk: int) -> HttpResponse:
    """The report on paper."""
    campaign = _launched(pk)
    report = report_on(campaign, at=timezone.now())
    return _file(campaign, as_pdf(report, organisation=Organisation.objects.current().name), "pdf", "application/pdf")


@marketers_only
def csv(request: MarketerRequest, pk: int) -> HttpResponse:
    """The report for a spreadsheet."""
    campaign = _launched(pk)
    return _file(campaign, as_csv(report_on(campaign, at=timezone.now())), "csv", "text/csv; charset=utf-8")


def _launched(pk: int) -> Campaign:
    campaign = get_object_or_404(Campaign.objects.select_related("purpose"), pk=pk)
    if campaign.launched_at is None:
        raise Http404
    return campaign


def _file(campaign: Campaign, content: bytes, suffix: str, kind: str) -> HttpResponse:
    """A download whose name says what it is, in letters that every system takes."""
    name = "-".join(filter(None, (slugify(_("report")), slugify(campaign.name)[:60], str(campaign.pk))))
    headers = {"Content-Disposition": f'attachment; filename="{name}.{suffix}"'}
    return HttpResponse(content, content_type=kind, headers=headers)
