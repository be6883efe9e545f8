from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from consent.models import Act
from consent.stop_links import stop_token
from consent.vocabulary import Channel
from prospects.clients import client_address, shortened
from prospects.limits import limited
from prospects.links import BadLink, OldLink, read_fresh_token
from prospects.models import ContactDetail, ExtraField, Prospect, Source
from prospects.my_consents import consents_of
from prospects.turning_on import TurnOnForm, turn_on

NO_PURPOSE = 0  # the way to the preference page from here, not from a message about some purpose


@csrf_exempt  # the token, an hour old at most and sent by mail, is what lets one in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("personal_page", "GET", "POST", open_when_blind=True)
def my_data(request: HttpRequest, token: str) -> HttpResponse:
    """Show somebody what is kept of them, from where, with what they said; and let them turn things on."""
    try:
        detail_id = read_fresh_token(token)
    except OldLink:
        return render(request, "prospects/old_link.html")
    except BadLink as error:
        raise Http404 from error
    detail = ContactDetail.objects.select_related("prospect").filter(pk=detail_id).first()
    if detail is None:
        return render(request, "prospects/forgotten.html")

    now = timezone.now()
    turned_on = []
    form = TurnOnForm(detail, request.POST if request.method == "POST" else None, at=now)
    if form.is_valid() and (turned_on := form.ticked()):
        turn_on(
            detail,
            turned_on,
            language=get_language() or "fr",
            network=shortened(client_address(request)),
            at=now,
        )
        form = TurnOnForm(detail, at=now)
    if "proof" in request.GET:
        return _proof(request, detail)
    return render(request, "prospects/my_data.html", _context(detail) | {"form": form, "turned_on": turned_on})


def _proof(request: HttpRequest, detail: ContactDetail) -> HttpResponse:
    """Give the proof as a file to keep (R223-2: a durable medium, and no account)."""
    answer = render(request, "prospects/proof.txt", _context(detail), content_type="text/plain; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="consents-{timezone.localdate():%Y-%m-%d}.txt"'
    return answer


def _extras(prospect: Prospect) -> list[tuple[str, str]]:
    """What staff note beyond the rest, as people read it."""
    if not prospect.extra:
        return []
    fields = ExtraField.objects.filter(slug__in=prospect.extra)
    return [(field.label, field.shown(prospect.extra[field.slug])) for field in fields]


def _context(detail: ContactDetail) -> dict[str, object]:
    details = list(detail.prospect.details.order_by("pk"))
    keys = [known.address_key for known in details]
    acts = Act.objects.filter(address_key__in=keys)
    return {
        "now": timezone.now(),
        "site": settings.SITE_URL,
        "consents": consents_of(keys, at=timezone.now()),
        "prospect": detail.prospect,
        "extras": _extras(detail.prospect),
        "details": details,
        "sources": Source.objects.filter(prospect=detail.prospect).select_related("notice").order_by("collected_at"),
        "acts": acts.select_related("purpose", "notice", "box").order_by("-at", "-pk"),
        "preferences_token": stop_token(detail.address_key, Channel.EMAIL, NO_PURPOSE, key_id=detail.key_id),
    }
