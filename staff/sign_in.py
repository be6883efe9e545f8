"""The doors by which staff come in: whoever tries passwords one after the other soon has to wait."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import LoginView
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from redis.exceptions import RedisError

from prospects.clients import client_address, counted_as
from prospects.limits import count, spent, too_many

_LIMIT = "failed_sign_in"

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def few_failures(view: View[P]) -> View[P]:
    """Let one client fail so many times an hour. Only failures count: many people may sign in from one network.

    Where nothing can be counted, since Redis does not answer, staff still come in: they may have to mend it.
    """

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **options: P.kwargs) -> HttpResponseBase:
        if request.method != "POST":
            return view(request, *args, **options)
        who = counted_as(client_address(request))
        try:
            wait = spent(_LIMIT, who)
        except RedisError:
            return view(request, *args, **options)
        if wait:
            return too_many(request, wait)
        response = view(request, *args, **options)
        if response.status_code == HTTPStatus.OK:  # the form again, with what is wrong
            count(_LIMIT, who)
        return response

    return guarded


sign_in = few_failures(LoginView.as_view())
