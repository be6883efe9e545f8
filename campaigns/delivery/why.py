"""Why this reader receives this mail: on what ground, since when, and where the address comes from, in plain words."""

from datetime import date
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override


class Provenance(NamedTuple):
    """What the sentences name: days in Europe/Paris, and where the address was collected."""

    given_on: date | None = None
    bought_on: date | None = None
    activity: str = ""
    source: str = ""
    collected_on: date | None = None
    place: str = ""
    partner: str = ""


def why(ground: str, facts: Provenance, purpose: str, language: str) -> str:
    """Tell a reader the ground of a message and the source of the address, in the message's language."""
    with override(language):
        return f"{_ground(ground, facts, purpose)} {_source(facts)}".strip()


def _ground(ground: str, facts: Provenance, purpose: str) -> str:
    match ground:
        case "consent" if facts.given_on:
            return _("You receive this message because you agreed on %(day)s to receive “%(purpose)s” by e-mail.") % {
                "day": _day(facts.given_on),
                "purpose": purpose,
            }
        case "consent":
            return _("You receive this message because you agreed to receive “%(purpose)s” by e-mail.") % {
                "purpose": purpose
            }
        case "contract":
            return _("You receive this message because you have a contract with us, and it concerns that contract.")
        case "request":
            return _("You receive this message because you asked us for information.")
        case "customer" if facts.bought_on:
            return _(
                "You receive this message because you bought from us on %(day)s, and it is about similar products."
            ) % {"day": _day(facts.bought_on)}
        case "customer":
            return _("You receive this message because you bought from us, and it is about similar products.")
        case "professional" if facts.activity:
            return _("You receive this message because it concerns your professional activity: %(activity)s.") % {
                "activity": facts.activity
            }
        case "professional":
            return _("You receive this message because it concerns your professional activity.")
        case "company":
            return _("You receive this message because this is your company's general address.")
        case "information":
            return _("You receive this message because you were told that we might write to you, and did not object.")
        case _:
            raise ValueError(f"no ground is called {ground!r}")


def _source(facts: Provenance) -> str:
    words = {
        "day": _day(facts.collected_on) if facts.collected_on else "",
        "place": facts.place,
        "partner": facts.partner,
    }
    match facts.source, bool(facts.place):
        case "form", True:
            return _("You gave us this address on %(day)s on our form: %(place)s.") % words
        case "form", False:
            return _("You gave us this address on %(day)s on our form.") % words
        case "sale", _has_place:
            return _("You gave us this address on %(day)s with an order.") % words
        case "in_person", True:
            return _("You gave us this address in person on %(day)s: %(place)s.") % words
        case "in_person", False:
            return _("You gave us this address in person on %(day)s.") % words
        case "phone", _has_place:
            return _("You gave us this address by phone on %(day)s.") % words
        case "paper", _has_place:
            return _("You gave us this address on paper on %(day)s.") % words
        case "event", True:
            return _("You gave us this address on %(day)s at an event: %(place)s.") % words
        case "event", False:
            return _("You gave us this address on %(day)s at an event.") % words
        case "partner", _has_place:
            return _("We have this address from our partner %(partner)s, since %(day)s.") % words
        case _:
            return ""


def _day(day: date) -> str:
    return date_format(day, "DATE_FORMAT")
