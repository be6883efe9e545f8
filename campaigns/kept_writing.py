"""What somebody sends from a writing page whose session had ended is kept until they have signed in again.

It waits in the new session of the same browser; without a script nothing else would hold it.
"""

from django.http import HttpRequest, QueryDict
from redis.exceptions import RedisError

from prospects.clients import client_address, counted_as
from prospects.limits import count

_KEPT = "kept_writing"
_PAGES = frozenset(("campaigns:new", "campaigns:edit"))
_LONGEST = 1_000_000  # of its fields as they are sent


def keep(request: HttpRequest) -> None:
    """Keep what was sent. Anybody may send it, so that a client is counted, and nothing endless is kept."""
    if request.method != "POST" or request.resolver_match is None or request.resolver_match.view_name not in _PAGES:
        return
    fields = request.POST.copy()
    fields.pop("csrfmiddlewaretoken", None)
    fields.pop("act", None)
    written = fields.urlencode()
    if len(written) > _LONGEST:
        return
    try:
        if count(_KEPT, counted_as(client_address(request))):
            return
    except RedisError:
        return
    request.session[_KEPT] = {"path": request.path, "written": written}


def take(request: HttpRequest) -> QueryDict | None:
    """Give back, once, what was kept from this page."""
    kept = request.session.get(_KEPT)
    if request.method != "GET" or kept is None or kept["path"] != request.path:
        return None
    del request.session[_KEPT]
    return QueryDict(kept["written"])
