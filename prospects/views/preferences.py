from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from consent.acts import record_stop
from consent.models import Act
from consent.preferences import State, preferences
from consent.stop_links import BadStopToken, Stop, read_stop_token
from consent.vocabulary import MEDIUM_OF, Channel, Medium
from prospects.clients import client_address, shortened
from prospects.limits import closed_for_a_moment, count, limited, too_many
from prospects.tasks import send_fresh_link


@csrf_exempt  # the token in the address is what lets one turn off, and nothing else can be done here
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("personal_page", "GET", open_when_blind=True)
def preferences_page(request: HttpRequest, token: str) -> HttpResponse:
    """Show what is in force for the address that a message was sent to, and turn things off. No personal data."""
    written = _read(token)
    turned_off = request.method == "POST" and _turn_off(request, written)
    found = preferences(written.address_key, written=(written.channel, written.purpose_id))
    context = {
        "token": token,
        "preferences": found,
        "something_on": any(preference.state != State.OFF for preference in found),
        "turned_off": turned_off,
        "by_email": MEDIUM_OF[written.channel] == Medium.EMAIL,
    }
    return render(request, "prospects/preferences.html", context)


@csrf_exempt
@never_cache
@require_POST
@limited("fresh_link", "POST")
def fresh_link(request: HttpRequest, token: str) -> HttpResponse:
    """Mail a link, good for one hour, to the address of this token. The answer is the same whoever it is."""
    written = _read(token)
    if MEDIUM_OF[written.channel] != Medium.EMAIL:
        raise Http404
    try:
        wait = count("fresh_link", str(written.address_key))
    except RedisError:
        return closed_for_a_moment(request)
    if wait:
        return too_many(request, wait)
    try:
        send_fresh_link.delay(str(written.address_key), get_language() or settings.LANGUAGE_CODE)
    except OperationalError:
        return closed_for_a_moment(request)
    return render(request, "prospects/fresh_link.html", {"minutes": settings.FRESH_LINK_SECONDS // 60})


def _read(token: str) -> Stop:
    try:
        return read_stop_token(token)
    except BadStopToken as error:
        raise Http404 from error


def _turn_off(request: HttpRequest, written: Stop) -> bool:
    """Record the refusal of the line whose button was pressed, or of everything; False where there is no such line."""
    shown = preferences(written.address_key, written=(written.channel, written.purpose_id))
    lines: dict[str, tuple[Channel | None, int | None]] = {p.name: (p.channel, p.purpose.pk) for p in shown}
    pressed = (lines | {"everything": (None, None)}).get(request.POST.get("off", ""))
    if pressed is None:
        return False
    channel, purpose_id = pressed
    record_stop(
        written.address_key,
        channel=channel,
        purpose_id=purpose_id,
        at=timezone.now(),
        origin=Act.Origin.PREFERENCES,
        evidence={"network": shortened(client_address(request))},
        key_id=written.key_id,
    )
    return True
