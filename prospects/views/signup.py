from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from consent.models import SignupForm


def signup(request: HttpRequest, slug: str) -> HttpResponse:
    form = get_object_or_404(SignupForm, slug=slug, is_open=True)
    return render(request, "prospects/signup.html", {"signup_form": form})
