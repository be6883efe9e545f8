from django.conf import settings
from django.http import HttpRequest
from django.utils import translation


def speak(request: HttpRequest, language: str) -> None:
    """Go on in the language of the form or mail, unless the visitor chose another one here."""
    if "lang" not in request.GET and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        translation.activate(language)
