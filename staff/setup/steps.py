"""Where a new installation is on its way to its first signup."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consent.models import Notice, Organisation, Sender, SignupForm


@dataclass(frozen=True, slots=True)
class Step:
    """One of the four, and whether it is done."""

    slug: str
    title: str | Promise
    is_done: bool


def steps() -> list[Step]:
    """Return the four steps in their order."""
    organisation = Organisation.objects.current()
    return [
        Step(
            "organisation",
            _("The organisation"),
            bool(organisation.name and organisation.address and organisation.email),
        ),
        Step("notice", _("A purpose and its notice"), Notice.objects.published().exists()),
        Step("form", _("A form"), SignupForm.objects.open_to_the_public().exists()),
        Step(
            "sender",
            _("The sender and a test mail"),
            bool(Sender.objects.default().address and organisation.sender_tested_at),
        ),
    ]


def unfinished_steps() -> list[Step]:
    """Return all four as long as one is to be done, and none afterwards."""
    found = steps()
    return [] if all(step.is_done for step in found) else found
