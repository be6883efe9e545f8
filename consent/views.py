from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from consent.colours import Rgb, shades
from consent.models import Picture

# Opened by itself, a picture runs nothing and belongs to no site.
_PICTURE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Content-Disposition": "inline",
}
_CONTENT_TYPES = {"png": Picture.ContentType.PNG, "jpg": Picture.ContentType.JPEG}


@require_safe
@cache_control(public=True, immutable=True, max_age=365 * 24 * 3600)
def brand(request: HttpRequest, colour: str) -> HttpResponse:
    """Give the style sheet of one colour: the address holds all that it says, so that it is kept for good."""
    try:
        found = shades(colour)
    except ValueError:
        return HttpResponseNotFound()
    sheet = (
        f":root{{--brand-fill:{_rgb(found.fill)};--brand-ink:{_rgb(found.ink)};--brand-text:{_rgb(found.on_light)}}}\n"
        f"@media (prefers-color-scheme:dark){{:root{{--brand-text:{_rgb(found.on_dark)}}}}}\n"
    )
    return HttpResponse(sheet, content_type="text/css; charset=utf-8")


@require_safe
@cache_control(public=True, immutable=True, max_age=365 * 24 * 3600)
def picture(request: HttpRequest, digest: str, extension: str) -> HttpResponse:
    """Give a picture, to anybody: mails and public pages show it. Its address is the digest of what it holds."""
    found = get_object_or_404(Picture, digest=digest, content_type=_CONTENT_TYPES[extension])
    return HttpResponse(bytes(found.content), content_type=found.content_type, headers=_PICTURE_HEADERS)


def _rgb(colour: Rgb) -> str:
    return ", ".join(map(str, colour))
