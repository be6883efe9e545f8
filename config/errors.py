"""The page for what went wrong on our side: in the organisation's name, without a database or anything else."""

from django.http import HttpRequest, HttpResponseServerError
from django.template.loader import render_to_string

from consent.context import organisation_last_seen


def server_error(request: HttpRequest) -> HttpResponseServerError:
    """Say that what was asked for was not done."""
    return HttpResponseServerError(render_to_string("500.html", organisation_last_seen()))
