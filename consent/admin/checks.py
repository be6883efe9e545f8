from collections.abc import Sequence

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from consent.wording_checks import Check


def checks_drawn(checks: Sequence[Check]) -> str:
    """Return the list, what is wrong first, with the law's article and what to write."""
    if not checks:
        return _("shown once it is saved")
    wrong = sorted((check for check in checks if not check.is_met), key=lambda check: check.is_warning)
    good = [check for check in checks if check.is_met]
    return render_to_string("admin/consent/checks.html", {"wrong": wrong, "good": good})
