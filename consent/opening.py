"""Whether a form may be shown to the public, under the rules in force."""

from datetime import datetime
from functools import partial

from consent.models import SignupForm
from consent.opt_outs import rule_towards_individuals
from consent.wording_checks import Check, checks_of_form, errors_of


def checks_now(form: SignupForm, *, at: datetime) -> list[Check]:
    """Look at a form, saved or not, as it would be shown at that moment."""
    boxes = list(form.notice.boxes.select_related("purpose"))
    return list(checks_of_form(form, boxes, rule_of=partial(rule_towards_individuals, at=at)))


def errors_now(form: SignupForm, *, at: datetime) -> list[str]:
    """Say, one sentence each, what forbids to open this form."""
    return errors_of(checks_now(form, at=at))
