"""The interface itself: its document, with the problems that each operation may answer, and how refusals are told."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.core.exceptions import ValidationError
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from api.problems import MEDIA_TYPE, Problem, ProblemDetails
from prospects.forbidden_sources import ForbiddenSource

Operation = TypeVar("Operation", bound=Callable[..., Any])

_ALWAYS = (400, 401, 403, 422, 429, 503)
_MARK = "x-problems"


def problems(*more: int) -> dict[str, Any]:
    """Give the option of an operation that may also answer these problems."""
    return {"openapi_extra": {_MARK: more}}


class Interface(NinjaAPI):
    """An interface whose document tells every problem, in the media type of RFC 9457."""

    def get_openapi_schema(self, *args: Any, **options: Any) -> OpenAPISchema:
        """The document. Its server is the root: paths are whole."""
        document = super().get_openapi_schema(*args, **options)
        document["components"]["schemas"]["Fault"] = _schema()["$defs"]["Fault"]
        document["components"]["schemas"]["ProblemDetails"] = {
            name: part for name, part in _schema().items() if name != "$defs"
        }
        for operations in document["paths"].values():
            for operation in operations.values():
                for status in sorted({*_ALWAYS, *operation.pop(_MARK, ())}):
                    operation["responses"][status] = _PROBLEM
        return document


def _schema() -> dict[str, Any]:
    return ProblemDetails.model_json_schema(ref_template="#/components/schemas/{model}")


_PROBLEM = {
    "description": "A problem, told as RFC 9457 has it.",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}},
}


def told(operation: Operation) -> Operation:
    """Tell what the intake or the law's own checks refuse as a problem."""

    @wraps(operation)
    def telling(*args: Any, **options: Any) -> Any:
        try:
            return operation(*args, **options)
        except ForbiddenSource as error:
            raise Problem(422, "forbidden-source", str(error)) from error
        except ValidationError as error:
            raise Problem(422, "invalid", " ".join(error.messages)) from error

    return cast(Operation, telling)
