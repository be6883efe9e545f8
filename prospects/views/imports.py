"""Bringing a file in: upload, say what it holds, look at what would happen, confirm; see the report; take it back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from prospects.access import IMPORT_CONTACTS, allowed_to
from prospects.forbidden_sources import ForbiddenSource, count_refusals
from prospects.import_forms import ColumnsForm, DeclarationForm, ObjectionsForm, UploadForm, initial_columns
from prospects.imports import background, uploads
from prospects.imports.reasons import in_words
from prospects.imports.refused_rows import refused_rows
from prospects.imports.starting import look_into, receive
from prospects.imports.undoing import UNDOABLE, kept_lines
from prospects.models import Import, ImportRow

Status = Import.Status
importers_only = allowed_to(IMPORT_CONTACTS)


@importers_only
def imports(request: HttpRequest) -> HttpResponse:
    """List the imports, and take a new file."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            run = receive(file.chunks(), file_name=file.name, kind=form.cleaned_data["kind"], uploaded_by=request.user)
        except ValidationError as error:
            form.add_error("file", error)
        else:
            return redirect(run)
    page = Paginator(Import.objects.select_related("uploaded_by"), 25).get_page(request.GET.get("page"))
    return render(request, "prospects/imports/list.html", {"form": form, "page": page})


@importers_only
def one_import(request: HttpRequest, pk: int) -> HttpResponse:
    """One import: to be declared, on its way, or its report."""
    run = get_object_or_404(Import, pk=pk)
    if run.status == Status.UPLOADED or (run.status == Status.CHECKED and "change" in request.GET):
        return _declare(request, run)
    return render(request, "prospects/imports/import.html", {"import": run, **_figures(run)})


@importers_only
@require_safe
def import_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the step at hand has come; the page is shown anew once it has ended."""
    run = get_object_or_404(Import, pk=pk)
    if run.status not in background.AT_WORK:
        return HttpResponseClientRefresh()
    return render(request, "prospects/imports/progress.html", {"import": run, **_progress(run)})


@importers_only
@require_POST
def import_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Run an import that was checked, go on with one that failed, undo one that has ended, drop one not begun."""
    run = get_object_or_404(Import, pk=pk)
    if step == "drop" and run.started_at is None and run.status not in background.AT_WORK:
        uploads.forget(run)
        messages.success(request, _("The file was erased and nothing was imported."))
        return redirect("imports")
    if step == "run" and run.upload and run.status in (Status.CHECKED, Status.STOPPED, Status.FAILED):
        background.begin(run, Status.RUNNING)
    elif step == "undo" and run.status in UNDOABLE and run.upload:
        background.begin(run, Status.UNDOING)
    else:
        messages.error(request, _("This import has moved on meanwhile: look again."))
    return redirect(run)


@importers_only
@require_safe
def import_lines(request: HttpRequest, pk: int) -> HttpResponse:
    """The report line by line; with `told`, only the lines with something to say."""
    run = get_object_or_404(Import, pk=pk)
    rows = ImportRow.objects.filter(import_id=pk).order_by("line")
    outcome = request.GET.get("outcome", "")
    if outcome in ImportRow.Outcome.values:
        rows = rows.filter(outcome=outcome)
    elif outcome == "noted":
        rows = rows.filter(Q(notes__isnull=False))
    after = int(request.GET["after"]) if request.GET.get("after", "").isdecimal() else 0
    page = list(rows.filter(line__gt=after)[:101])
    lines = [
        {"row": row, "words": [in_words(code) for code in (row.reason, *(row.notes or ())) if code]} for row in page
    ]
    return render(
        request,
        "prospects/imports/lines.html",
        {
            "import": run,
            "lines": lines[:100],
            "after": page[99].line if len(page) > 100 else None,
            "outcome": outcome,
            "outcomes": [*ImportRow.Outcome.choices, ("noted", _("came in, less something"))],
        },
    )


@importers_only
@require_safe
def import_refused(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """The refused rows as a file, with a column that says why."""
    run = get_object_or_404(Import, pk=pk)
    if not run.upload:
        raise Http404
    headers = {"Content-Disposition": f'attachment; filename="import-{pk}-refused.csv"'}
    return StreamingHttpResponse(refused_rows(run), content_type="text/csv; charset=utf-8", headers=headers)


def _declare(request: HttpRequest, run: Import) -> HttpResponse:
    _file_format, headings, first = look_into(run)
    columns_form = ColumnsForm(request.POST or None, headings=headings, initial=initial_columns(run.columns))
    form_class = ObjectionsForm if run.kind == Import.Kind.OBJECTIONS else DeclarationForm
    form = form_class(request.POST or None, request.FILES or None, initial=run.declaration)
    if columns_form.is_valid() and form.is_valid():
        columns = columns_form.columns()
        declaration = form.declaration(columns)
        try:
            declaration.check(run.kind, columns)
        except ForbiddenSource as refused:
            count_refusals("import", at=timezone.now(), count=run.lines)
            uploads.forget(run)
            messages.error(request, refused.message)
            return redirect("imports")
        except ValidationError as error:
            form.add_error(None, error)
        else:
            run.columns, run.declaration = columns, declaration.as_json()
            run.save(update_fields=["columns", "declaration"])
            background.begin(run, Status.CHECKING)
            return redirect(run)
    samples = [[row.cells[place] for row in first[:3] if place < len(row.cells)] for place in range(len(headings))]
    return render(
        request,
        "prospects/imports/declare.html",
        {
            "import": run,
            "form": form,
            "columns_form": columns_form,
            "columns": list(zip(columns_form, samples, strict=True)),
        },
    )


def _figures(run: Import) -> dict[str, Any]:
    """What the page tells of an import, in the state in which it is."""
    if run.status in background.AT_WORK:
        return _progress(run)
    figures = run.check_figures if run.status == Status.CHECKED else run.figures
    outcomes = [(label, figures.get("outcomes", {}).get(value, 0)) for value, label in ImportRow.Outcome.choices]
    reasons = sorted(figures.get("reasons", {}).items(), key=lambda reason: -reason[1])
    return {
        "outcomes": outcomes,
        "reasons": [(in_words(code), count) for code, count in reasons],
        "can_undo": run.status in UNDOABLE and run.upload,
        "kept": kept_lines(run, 50) if run.undo_figures.get("kept") else [],
    }


def _progress(run: Import) -> dict[str, Any]:
    gone = background.lines_gone_through(run)
    return {"gone": gone, "percent": min(100, 100 * gone // max(1, run.lines))}
