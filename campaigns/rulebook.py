"""The warning that comes with the founding article's rulebook, until an administrator acknowledges it."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import User
from django.utils.translation import get_language

from consent import law
from consent.models import Organisation

# Whoever keeps the organisation's settings may answer for its choice.
MAY_ANSWER = "consent.change_organisation"


def warning() -> str:
    """Say what is unlawful in the rulebook in use, unless an administrator has acknowledged it; else nothing."""
    text = law.WARNINGS.get(law.Rulebook(settings.PROSPECTING_RULEBOOK))
    if text is None or Organisation.objects.filter(rulebook_acknowledged_at__isnull=False).exists():
        return ""
    return text.in_language(get_language())


def acknowledge(user: User, *, at: datetime) -> None:
    """Note who answers for the choice, and when."""
    Organisation.objects.update_or_create(
        pk=1, defaults={"rulebook_acknowledged_at": at, "rulebook_acknowledged_by": user}
    )


def forget_acknowledgement() -> None:
    """Whoever answered for a rulebook that warns answered for that choice: once another is in use, it is over."""
    if law.Rulebook(settings.PROSPECTING_RULEBOOK) not in law.WARNINGS:
        Organisation.objects.filter(rulebook_acknowledged_at__isnull=False).update(
            rulebook_acknowledged_at=None, rulebook_acknowledged_by=None
        )
