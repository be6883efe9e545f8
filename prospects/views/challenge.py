from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from prospects.limits import limited
from prospects.proof_of_work import challenge as fresh_challenge


@never_cache
@require_safe
@limited("challenge", "GET")
def challenge(request: HttpRequest) -> HttpResponse:
    """Give a browser the work that goes with one sending of a public form."""
    return JsonResponse(fresh_challenge())
