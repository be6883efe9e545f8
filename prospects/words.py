"""What the law's outcomes, and our own reasons to keep silent, are called. None of these words names a person."""

from django.utils.functional import Promise, lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from consent.law import LABELS, Ground, Outcome
from prospects.reach import Withholding

WITHHOLDINGS: dict[str, str | Promise] = {
    Withholding.HELD.value: _("kept aside for a legal dispute"),
    Withholding.RESTRICTED.value: _("the person asked us to limit what we do with their data"),
    Withholding.UNDELIVERABLE.value: _("mail to this address comes back"),
    Withholding.UNCONFIRMED.value: _("address not confirmed yet"),
    Withholding.QUARANTINED.value: _("in quarantine: unknown source"),
    Withholding.DUPLICATE_ADDRESS.value: _("address already written to in this campaign"),
}


def grounds_in_words() -> dict[str, str | Promise]:
    """Name every ground, by its code, in the language of whoever reads the names later."""
    later = lazy(outcome_words, str)
    return {str(ground): later(ground) for ground in Ground}


def outcome_words(outcome: Outcome | Withholding) -> str:
    """Name a ground, a reason or a withholding, in the language of whoever reads."""
    if isinstance(outcome, Withholding):
        return str(WITHHOLDINGS[outcome.value])
    return LABELS[outcome].in_language(get_language())
