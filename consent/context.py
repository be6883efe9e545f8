"""What every page knows."""

from django.http import HttpRequest

from consent.models import Organisation


def organisation(request: HttpRequest) -> dict[str, object]:
    """Give templates the organisation in whose name the page speaks, read only where a template asks for it."""
    return {"organisation": Organisation.objects.current}
