from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from consent.acts import record_stop
from consent.models import Act
from prospects.intake import record_interaction
from prospects.limits import limited
from prospects.links import BadLink, read_keep_token
from prospects.models import ContactDetail, Interaction


@csrf_exempt  # the token in the address, known to the mailbox alone, is what lets one press
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("personal_page", "GET", "POST", open_when_blind=True)
def keep(request: HttpRequest, token: str) -> HttpResponse:
    """Show the question whether to stay; a press, and never a mere look, answers it, yes or no."""
    try:
        pk = read_keep_token(token)
    except BadLink as error:
        raise Http404 from error
    detail = ContactDetail.objects.select_related("prospect").filter(pk=pk).first()
    answer = "gone" if detail is None else ""
    if detail is not None and request.method == "POST":
        answer = _answer(detail, refuses="refuse" in request.POST)
    return render(request, "prospects/keep.html", {"answer": answer})


def _answer(detail: ContactDetail, *, refuses: bool) -> str:
    """Do what was answered: who stays is kept, who does not is written to no more, whatever the subject."""
    now = timezone.now()
    if refuses:
        record_stop(
            detail.address_key,
            channel=None,
            purpose_id=None,
            at=now,
            origin=Act.Origin.PREFERENCES,
            key_id=detail.key_id,
        )
        return "refused"
    return "kept" if record_interaction(detail.prospect, Interaction.Kind.KEPT, now) else "gone"
