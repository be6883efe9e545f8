"""Asked twice, done once: a request that brings an Idempotency-Key gets the answer that it got the first time.

https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header
"""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, TypeVar, cast

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Schema, Status
from ninja.responses import Response

from api.keys import KeyedRequest
from api.models import IdempotentRequest
from api.problems import Problem

HEADER = "Idempotency-Key"
_LONGEST = 255
_KEPT = timedelta(days=1)

Operation = TypeVar("Operation", bound=Callable[..., Any])


def idempotent(operation: Operation) -> Operation:
    """Run an operation at most once per Idempotency-Key, in one transaction with the note of its answer.

    The operation returns a `Status`. Of two requests at once with one key, the second waits for the first. One
    that fails leaves no note and may be sent again. Raises Problem where the key was used for another request.
    """

    @wraps(operation)
    def once(request: HttpRequest, *args: Any, **options: Any) -> Any:
        name = request.headers.get(HEADER, "")
        if not name:
            return operation(request, *args, **options)
        if len(name) > _LONGEST or not name.isprintable():
            raise Problem(400, "idempotency", f"An {HEADER} has {_LONGEST} printable characters at most.")
        keyed = cast(KeyedRequest, request)
        with transaction.atomic():
            made, first = _note(keyed, name)
            if not first:
                return _again(made, keyed)
            answer: Status[Schema] = operation(request, *args, **options)
            made.status, made.answer = answer.status_code, answer.value.model_dump(mode="json")
            made.save(update_fields=["status", "answer"])
        return answer

    return cast(Operation, once)


def _note(request: KeyedRequest, name: str) -> tuple[IdempotentRequest, bool]:
    """Note the request; where another with its name is under way, wait for its end."""
    return IdempotentRequest.objects.get_or_create(
        key=request.api_key, name=name, defaults={"digest": _digest(request)}
    )


def _again(made: IdempotentRequest, request: KeyedRequest) -> HttpResponse:
    if bytes(made.digest) != _digest(request):
        raise Problem(422, "idempotency", f"This {HEADER} was used for another request.")
    return Response(made.answer, status=made.status, headers={"Idempotent-Replayed": "true"})


def _digest(request: HttpRequest) -> bytes:
    return hashlib.sha256(
        b"\n".join((str(request.method).encode(), request.get_full_path().encode(), request.body))
    ).digest()


def forget_requests(at: datetime) -> int:
    """Erase what was noted more than a day ago; return how many."""
    return IdempotentRequest.objects.filter(made_at__lt=at - _KEPT).delete()[0]
