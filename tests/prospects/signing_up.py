"""How tests sign up: what a browser does on the public pages."""

import re
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone, translation

from consent.boxes import boxes_shown
from consent.models import SignupForm
from prospects import stamps
from prospects.forms import shown_by
from prospects.models import PendingSignup
from prospects.tasks import send_confirmation_mails
from tests.mailbox import text_of


def stamp(form: SignupForm, *, language: str = "fr", **ago: Any) -> str:
    """A stamp as the form gave it, ten seconds ago unless told otherwise."""
    with translation.override(language):
        shown = shown_by(form, boxes_shown(form.notice, at=timezone.now()))
    return stamps.issue(shown, at=timezone.now() - timedelta(**ago or {"seconds": 10}))


def fields(form: SignupForm, *, tick: Any = (), language: str = "fr", **typed: str) -> dict[str, str]:
    """What a browser sends: the fields typed, a stamp of its own, and the boxes ticked."""
    return {"stamp": stamp(form, language=language), **typed, **{f"box_{box.pk}": "on" for box in tick}}


def send(client: Client, form: SignupForm, *, tick: Any = (), **typed: str) -> Any:
    """Send the form in the visitor's language and follow to the page that answers."""
    return client.post(f"/s/{form.slug}/", fields(form, tick=tick, language=language_of(client), **typed), follow=True)


def language_of(client: Client) -> str:
    """The language that this visitor chose or that the browser asks for."""
    chosen = client.cookies.get("django_language")
    return chosen.value if chosen else client.defaults.get("HTTP_ACCEPT_LANGUAGE", "fr")


def confirmation_link(mailbox: Any, address: str) -> str:
    """Send the mails that are due, and return the path of the link in the latest to this address."""
    send_confirmation_mails()
    return re.search(r"https?://[^/]+(/c/\S+)", text_of(mailbox.to(address)[-1])).group(1)


def press(client: Client, link: str) -> Any:
    """Open the page of a confirmation mail and press its button."""
    page = client.get(link).content.decode()
    seen = re.search(r'name="seen" value="(\w+)"', page)
    return client.post(link, {"seen": seen.group(1) if seen else ""})


def sign_up_and_confirm(client: Client, mailbox: Any, form: SignupForm, email: str, **sent: Any) -> Any:
    send(client, form, email=email, **sent)
    return press(client, confirmation_link(mailbox, email.lower()))


def mail_again_tomorrow() -> None:
    """Let a day go by, as far as confirmation mails know."""
    PendingSignup.objects.filter(last_mail_at__isnull=False).update(last_mail_at=timezone.now() - timedelta(hours=25))
