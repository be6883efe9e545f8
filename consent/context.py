"""What every page knows."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from consent.models import Organisation


def organisation(request: HttpRequest) -> dict[str, object]:
    """Give templates the organisation in whose name the page speaks, read once and only where a template asks."""
    return {"organisation": SimpleLazyObject(Organisation.objects.current)}
