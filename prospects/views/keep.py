from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from prospects.intake import record_interaction
from prospects.limits import limited
from prospects.links import BadLink, read_keep_token
from prospects.models import ContactDetail, Interaction


@csrf_exempt  # the token in the address, known to the mailbox alone, is what lets one press
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("personal_page", "GET", "POST", open_when_blind=True)
def keep(request: HttpRequest, token: str) -> HttpResponse:
    """Show the question whether to stay; a press, and never a mere look, answers it."""
    try:
        pk = read_keep_token(token)
    except BadLink as error:
        raise Http404 from error
    detail = ContactDetail.objects.select_related("prospect").filter(pk=pk).first()
    kept = (
        request.method == "POST"
        and detail is not None
        and record_interaction(detail.prospect, Interaction.Kind.KEPT, timezone.now())
    )
    gone = detail is None or (request.method == "POST" and not kept)
    return render(request, "prospects/keep.html", {"kept": kept, "gone": gone})
