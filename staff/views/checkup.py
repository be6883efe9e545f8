from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from prospects.access import allowed_to
from staff.checkup.probes import PROBES, run, run_all
from staff.roles import SET_UP


@require_safe
@allowed_to(SET_UP)
def page(request: HttpRequest) -> HttpResponse:
    """List the checks; each is run beside the page, or all at once where the browser runs no script."""
    found = dict(run_all(PROBES.values())) if "all" in request.GET else {}
    probes = [(probe, found.get(probe.name)) for probe in PROBES.values()]
    return render(request, "staff/checkup.html", {"probes": probes, "all_run": bool(found)})


@require_safe
@allowed_to(SET_UP)
def part(request: HttpRequest, name: str) -> HttpResponse:
    """Run one check and give its lines."""
    if name not in PROBES:
        raise Http404
    return render(request, "staff/parts/lines.html", {"lines": run(PROBES[name])})
