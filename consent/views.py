from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from consent.colours import Rgb, shades


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


def _rgb(colour: Rgb) -> str:
    return ", ".join(map(str, colour))
