"""Taking lists out, and the register of who took which."""

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from prospects.access import EXPORT_LISTS, allowed_to
from prospects.export_forms import TakeOutForm
from prospects.exports.listings import LISTINGS
from prospects.exports.taking_out import take_out
from prospects.models import Export

exporters_only = allowed_to(EXPORT_LISTS)
_TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@exporters_only
def exports(request: HttpRequest) -> HttpResponse:
    """Every list that may be taken out, and those that were."""
    page = Paginator(Export.objects.select_related("made_by"), 25).get_page(request.GET.get("page"))
    taken = [{"export": export, "listing": LISTINGS.get(export.listing)} for export in page]
    context = {"listings": LISTINGS.values(), "page": page, "taken": taken}
    return render(request, "prospects/exports/exports.html", context)


@exporters_only
def export(request: HttpRequest, listing: str) -> HttpResponseBase:
    """Say what for, and receive the file."""
    taken = LISTINGS.get(listing)
    if taken is None:
        raise Http404
    taken = taken.as_of_now()
    own = taken.form(request.POST or None)
    form = TakeOutForm(request.POST or None, leaves=taken.leaves)
    # A list that asks nothing of its own has a form without fields, which is valid once something was posted.
    if request.method == "POST" and form.is_valid() and own.is_valid():
        made, pieces = take_out(taken, own.cleaned_data, by=request.user, at=timezone.now(), **form.cleaned_data)  # type: ignore[arg-type] # signed in
        name = f"loyal-{taken.key.replace('_', '-')}-{made.pk}.{made.format}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        answer = FileResponse if made.format == Export.Format.XLSX else StreamingHttpResponse
        return answer(pieces, content_type=_TYPES[made.format], headers=headers)
    return render(request, "prospects/exports/export.html", {"listing": taken, "own": own, "form": form})
