from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from consent.models import SignupForm


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the organisation and its open forms."""
    return render(request, "prospects/home.html", {"forms": SignupForm.objects.open_to_the_public()})
