"""What whoever asks for their data is told beside them (GDPR art. 15(1)): who, why, for how long, which rights."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from consent.models import Organisation, Purpose
from prospects.links import absolute
from prospects.rights.words import OF_RIGHT, remedies, terms


@dataclass(frozen=True, slots=True)
class Chapter:
    """One thing to know."""

    title: str
    paragraphs: list[str]


def information() -> list[Chapter]:
    """Say it, as this installation is configured, in the language in force."""
    organisation = Organisation.objects.current()
    who = [organisation.name, organisation.legal_identity, ", ".join(organisation.address.splitlines())]
    contact = organisation.data_protection_contact or organisation.email
    return [
        Chapter(
            _("Who answers for your data"),
            [
                ", ".join(filter(None, who)),
                *([_("Questions and data protection: %(contact)s") % {"contact": contact}] if contact else []),
            ],
        ),
        Chapter(
            _("What they are used for, and on what ground"),
            [
                _("To tell you about what we offer, where the law allows it: %(purposes)s.")
                % {"purposes": ", ".join(purpose.name for purpose in Purpose.objects.all()) or "—"},
                _(
                    "With your consent; or, as the law allows, because you are a customer or a professional whom our "
                    "offer concerns, in our legitimate interest, until you object (GDPR, article 6(1)(a) and (f); "
                    "CPCE, article L34-5). Each message says below on which ground it was sent."
                ),
                _("To prove what you agreed to and what you refused, as the law obliges us to (GDPR, article 7(1))."),
            ],
        ),
        Chapter(
            _("Who receives them"),
            [
                _("Our team, and those who host and carry our messages on our behalf."),
                _("Anybody else is named below, under “Who received your details” and “Programs that were told”."),
            ],
        ),
        Chapter(_("For how long"), terms()),
        Chapter(
            _("Your rights"),
            [
                *(said.title + _(": ") + said.explanation for said in OF_RIGHT.values()),
                _("You may use each of them, free of charge, on this page: %(page)s") % {"page": absolute("rights")},
                remedies(),
            ],
        ),
        Chapter(
            _("No decision by a machine"),
            [_("Nothing is decided about you by automated means alone (GDPR, article 22).")],
        ),
    ]
