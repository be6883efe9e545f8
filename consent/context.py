"""What every page knows."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from consent.models import Organisation

_last_seen = Organisation(pk=1)


def organisation(request: HttpRequest) -> dict[str, object]:
    """Give templates the organisation in whose name the page speaks, read once and only where a template asks."""
    return {"organisation": SimpleLazyObject(_current)}


def organisation_last_seen() -> dict[str, object]:
    """Give the organisation that this process saw last, for pages that are shown when the database may be away."""
    return {"organisation": _last_seen}


def _current() -> Organisation:
    global _last_seen
    _last_seen = Organisation.objects.current()
    return _last_seen
