"""The page of an open form: drawn once for each version, language and day; every copy has a stamp of its own."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from consent.law.days import paris_day
from consent.open_forms import OpenForm
from prospects import stamps
from prospects.forms import STAMP, VisitorForm
from prospects.framing import is_framed

Draw = Callable[[VisitorForm], HttpResponse]


@dataclass(frozen=True, slots=True)
class _Page:
    """What was drawn, without its stamp. The law may take a box off it tomorrow."""

    version: str
    day: date
    shown: str
    before: bytes
    after: bytes


_drawn: dict[tuple[str, str, bool], _Page] = {}


def show(request: HttpRequest, opened: OpenForm, draw: Draw, *, at: datetime) -> HttpResponse:
    """Answer with the page, freshly stamped, and draw it only where it is not known as it is now."""
    place, day = (opened.form.slug, get_language() or "", is_framed(request)), paris_day(at)
    page = _drawn.get(place)
    if page is None or (page.version, page.day) != (opened.version, day):
        form = VisitorForm(opened.form, at=at)
        stamp = form.initial[STAMP] = secrets.token_urlsafe()  # stands where each copy's stamp goes
        answer = draw(form)
        before, after = answer.content.split(stamp.encode())
        page = _Page(opened.version, day, form.shown, before, after)
        if not getattr(request, "csp_nonce", None):  # a page that used its nonce is good for one answer
            _drawn[place] = page
    return HttpResponse(page.before + stamps.issue(page.shown, at=at).encode() + page.after)
