"""What staff copy into another website, so that a form of Loyal's stands or begins there."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from consent.models import SignupForm
from consent.vocabulary import Medium

# Served under a name that never changes: it is written into pages that are not ours.
SCRIPT = "prospects/embed.js"


@dataclass(frozen=True, slots=True)
class Snippet:
    """A few lines of HTML, and when to take them."""

    title: str
    html: str


def snippets(form: SignupForm) -> list[Snippet]:
    """Return the ways to put this form on another website, the easiest first."""
    return [
        Snippet(_("One line: the form in a frame that sizes itself"), _script(form)),
        Snippet(_("The same frame, without a script"), _frame(form)),
        Snippet(_("A form of your own: the boxes are asked on the page that follows"), _own_form(form)),
    ]


def _script(form: SignupForm) -> str:
    return f'<script src="{settings.SITE_URL}{settings.STATIC_URL}{SCRIPT}" data-form="{form.slug}" async></script>'


def _frame(form: SignupForm) -> str:
    address = settings.SITE_URL + reverse("embed:form_in", args=[form.slug, get_language() or "fr"])
    return f'<iframe src="{address}" title="{_("Signup form")}" width="100%" height="900"></iframe>'


def _own_form(form: SignupForm) -> str:
    email, phone, post = form.asks_for(Medium.EMAIL), form.asks_for(Medium.PHONE), form.asks_for(Medium.POST)
    fields = [
        (form.asks_name, _("First name"), '<input name="first_name" autocomplete="given-name">'),
        (form.asks_name, _("Last name"), '<input name="last_name" autocomplete="family-name">'),
        (email, _("E-mail address"), '<input type="email" name="email" autocomplete="email">'),
        (phone, _("Phone number"), '<input type="tel" name="phone" autocomplete="tel">'),
        (post, _("Postal address"), '<textarea name="post" rows="3" autocomplete="street-address"></textarea>'),
    ]
    drawn = [f"  <label>{label} {control}</label>" for is_asked, label, control in fields if is_asked]
    action = settings.SITE_URL + reverse("carry", args=[form.slug])
    return "\n".join(
        [f'<form method="post" action="{action}">', *drawn, f"  <button>{_('Continue')}</button>", "</form>"]
    )
