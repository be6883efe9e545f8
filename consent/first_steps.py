"""What a new installation still lacks before its first visitor can say yes, in the order in which to do it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from consent.models import Notice, Organisation, Purpose, SignupForm


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, whether it is done, and the admin page on which to do it."""

    title: str
    is_done: bool
    page: str


def first_steps() -> list[Step]:
    """Return the steps; an empty list once all are done."""
    organisation = Organisation.objects.current()
    steps = [
        Step(
            _("Say who speaks: name, address, contacts."),
            bool(organisation.name and organisation.address and organisation.email),
            "admin:consent_organisation_changelist",
        ),
        Step(
            _("Name the purposes that people say yes or no to, such as a newsletter."),
            Purpose.objects.exists(),
            "admin:consent_purpose_add",
        ),
        Step(
            _("Write a notice with its boxes, in French and English, and publish it."),
            Notice.objects.published().exists(),
            "admin:consent_notice_changelist",
        ),
        Step(
            _("Open a form that shows the notice to visitors."),
            SignupForm.objects.filter(is_open=True).exists(),
            "admin:consent_signupform_add",
        ),
        Step(
            _("Say who signs the mails: the sender's name and address."),
            bool(organisation.sender_name and organisation.sender_email),
            "admin:consent_organisation_changelist",
        ),
    ]
    return [] if all(step.is_done for step in steps) else steps
