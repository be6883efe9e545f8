"""How often one client may ask for what collects or reveals. Never laid on what stops messages."""

import math
import time
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from redis.exceptions import RedisError

from consent.context import organisation_last_seen
from prospects.clients import client_address, counted_as
from prospects.turnstile import Count, go_through

Parameters = ParamSpec("Parameters")
View = Callable[Concatenate[HttpRequest, Parameters], HttpResponse]

HOUR = 3600


def limited(name: str, *methods: str, open_when_blind: bool = False) -> Callable[[View[Parameters]], View[Parameters]]:
    """Let one client through `settings.HOURLY_LIMITS[name]` times an hour, counted over requests of these methods.

    Where nothing can be counted, since Redis does not answer, the view is closed for a moment: it would be open to
    flooding. `open_when_blind` is for views that a token in their address guards already.
    """

    def decorate(view: View[Parameters]) -> View[Parameters]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: Parameters.args, **options: Parameters.kwargs) -> HttpResponse:
            if request.method in methods:
                try:
                    wait = count(name, counted_as(client_address(request)))
                except RedisError:
                    if not open_when_blind:
                        return closed_for_a_moment(request)
                    wait = 0
                if wait:
                    return too_many(request, wait)
            return view(request, *args, **options)

        return guarded

    return decorate


def count(name: str, who: str) -> int:
    """Count one more try and return 0, or the seconds to wait where that is one too many."""
    limit = one_more(name, who)
    (tries,) = go_through(limit)
    return seconds_to_wait() if int(tries) > limit.most else 0


def spent(name: str, who: str) -> int:
    """Return the seconds to wait where no try is left, or 0; nothing is counted."""
    limit = one_more(name, who)
    return seconds_to_wait() if cache.get(limit.key, 0) >= limit.most else 0


def one_more(name: str, who: str) -> Count:
    """One more try of this hour."""
    return Count(f"limit:{name}:{who}:{int(time.time() // HOUR)}", settings.HOURLY_LIMITS[name], HOUR)


def seconds_to_wait() -> int:
    """How long this hour still lasts."""
    return math.ceil(HOUR - time.time() % HOUR)


def too_many(request: HttpRequest, seconds: int) -> HttpResponse:
    """Say when to come back. Whoever floods the site costs it no query."""
    context = organisation_last_seen() | {"minutes": math.ceil(seconds / 60)}
    response = render(request, "429.html", context, status=429)
    response["Retry-After"] = str(seconds)
    return response


def closed_for_a_moment(request: HttpRequest) -> HttpResponse:
    """Say that nothing was done, and to try again soon."""
    response = render(request, "503.html", organisation_last_seen(), status=503)
    response["Retry-After"] = "120"
    return response
