"""Mails to one person about their own request: short, in their language, in the organisation's name."""

from email.utils import formataddr
from typing import Any

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from consent.colours import shades
from consent.models import Organisation, Sender
from prospects.links import absolute


def compose(
    name: str, to: str, language: str, context: dict[str, Any], *, stop_url: str = ""
) -> EmailMultiAlternatives:
    """Return the mail of `templates/emails/<name>`: its subject, its text and its HTML, with style in every tag.

    With `stop_url`, mail programs offer to stop there, in one press (RFC 8058).
    """
    organisation, sender = Organisation.objects.current(), Sender.objects.default()
    with translation.override(language):
        context = context | {"organisation": organisation, "sender": sender, "language": language}
        context |= {"rights_page": absolute("rights")} | _colours(organisation)
        subject = " ".join(render_to_string(f"emails/{name}.subject.txt", context).split())
        text = render_to_string(f"emails/{name}.txt", context)
        html = css_inline.inline(render_to_string(f"emails/{name}.html", context), keep_style_tags=True)
    mail = EmailMultiAlternatives(
        subject=subject,
        body=text.strip() + "\n",
        from_email=_from(sender, organisation),
        to=[to],
        reply_to=[sender.reply_to] if sender.reply_to else None,
        headers={"Auto-Submitted": "auto-generated"} | _stop_headers(stop_url),
    )
    mail.attach_alternative(html, "text/html")
    return mail


def _from(sender: Sender, organisation: Organisation) -> str:
    """Return who writes, as a mail program shows it."""
    address = sender.address or organisation.email or settings.DEFAULT_FROM_EMAIL
    name = " ".join((sender.name or organisation.name).split())  # on one line: no header of its own
    return formataddr((name, address))


def _stop_headers(stop_url: str) -> dict[str, str]:
    if not stop_url:
        return {}
    one_click = {"List-Unsubscribe-Post": "List-Unsubscribe=One-Click"} if stop_url.startswith("https://") else {}
    return {"List-Unsubscribe": f"<{stop_url}>"} | one_click


def _colours(organisation: Organisation) -> dict[str, str]:
    found = shades(organisation.colour.removeprefix("#"))
    return {name: "#{:02x}{:02x}{:02x}".format(*getattr(found, name)) for name in ("fill", "ink")}
