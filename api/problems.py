"""Errors as RFC 9457 problem details: one shape, one media type, for programs and for those who write them."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.responses import Response

MEDIA_TYPE = "application/problem+json"


class Fault(Schema):
    """What is wrong with one part of the request."""

    where: str = Field(description="Such as `body.at`.")
    what: str


class ProblemDetails(Schema):
    """RFC 9457. `type` names the kind of problem for good; `detail` is for people."""

    type: str
    title: str
    status: int
    detail: str = ""
    errors: list[Fault] = []


class Problem(Exception):
    """Ends a request with this answer. `kind` is the last part of the problem's type."""

    def __init__(
        self,
        status: int,
        kind: str,
        detail: str,
        *,
        errors: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.kind, self.detail = status, kind, detail
        self.errors, self.headers = list(errors), dict(headers or {})

    def answer(self) -> HttpResponse:
        """The response that says so."""
        body: dict[str, Any] = {
            "type": f"urn:loyal:problem:{self.kind}",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            "errors": self.errors,
        }
        return Response(body, status=self.status, headers=self.headers, content_type=MEDIA_TYPE)


def answer_problems(api: NinjaAPI) -> None:
    """Let every error of this interface be told as a problem."""

    def problem(_request: HttpRequest, error: Any) -> HttpResponse:
        answer: HttpResponse = error.answer()
        return answer

    def unknown_key(_request: HttpRequest, _error: Any) -> HttpResponse:
        detail = "Send “Authorization: Bearer” with a key that has not ended."
        return Problem(401, "key", detail, headers={"WWW-Authenticate": "Bearer"}).answer()

    def invalid(_request: HttpRequest, error: Any) -> HttpResponse:
        faults = [{"where": _place(fault["loc"]), "what": str(fault["msg"])} for fault in error.errors]
        return Problem(422, "invalid", "The request is not as the documentation says.", errors=faults).answer()

    def refused(_request: HttpRequest, error: Any) -> HttpResponse:
        return Problem(error.status_code, "request", str(error)).answer()

    api.add_exception_handler(Problem, problem)
    api.add_exception_handler(AuthenticationError, unknown_key)
    api.add_exception_handler(ValidationError, invalid)
    api.add_exception_handler(HttpError, refused)


def _place(parts: Sequence[Any]) -> str:
    """Where the fault lies, without the name that the code gives the whole body."""
    kind, *inside = parts
    return ".".join(str(part) for part in (kind, *(inside[1:] if kind == "body" else inside)))
