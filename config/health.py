"""Two addresses for whatever watches over Loyal: /livez, this process answers; /readyz, so does what it depends on."""

from collections.abc import Callable

import structlog
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from config.beat import seconds_since_pulse
from config.embedded import EmbeddedServiceError

SECONDS_UNTIL_LATE = 30
UNREACHABLE = (DatabaseError, RedisError, EmbeddedServiceError)

log = structlog.get_logger(__name__)


@require_safe
@never_cache
def livez(request: HttpRequest) -> HttpResponse:
    """Answer, which is all that is asked."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Say whether PostgreSQL and Redis answer, and when beat last ticked.

    503 where PostgreSQL or Redis does not answer. A late beat delays campaigns but prevents no visitor from signing up
    or stopping, so it is reported and takes no web process out of service.
    """
    report: dict[str, object] = {
        "postgresql": _answers("postgresql", _ask_postgresql),
        "redis": _answers("redis", lambda: cache.get("health")),
    }
    ready = all(value == "ok" for value in report.values())
    if report["redis"] == "ok":
        age = seconds_since_pulse()
        report["beat"] = "late" if age is None or age > SECONDS_UNTIL_LATE else "ok"
        report["beat_seconds"] = None if age is None else round(age, 1)
    return JsonResponse(report, status=200 if ready else 503)


def _ask_postgresql() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _answers(what: str, ask: Callable[[], object]) -> str:
    try:
        ask()
    except UNREACHABLE as error:
        log.warning("a service does not answer", service=what, error=type(error).__name__)
        return "unreachable"
    return "ok"
