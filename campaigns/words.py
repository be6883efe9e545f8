"""What grounds, reasons and sectors are called on the marketers' pages. None of these words names a person."""

from django.utils.dates import WEEKDAYS
from django.utils.formats import time_format
from django.utils.functional import Promise, lazy
from django.utils.text import get_text_list
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign
from consent.law import LABELS, Outcome
from prospects.words import WITHHOLDINGS

_OF_THE_LAW: dict[str, Outcome] = {str(outcome): outcome for outcome in LABELS}

# The product's own reasons, never called law.
_OUR_OWN: dict[str, str | Promise] = {
    **WITHHOLDINGS,
    "erased": _("the person was erased meanwhile"),
    "not_approved": _("not approved"),
    "too_late": _("too late"),
    "cancelled": _("campaign cancelled"),
    "content_invalid": _("the message could not be composed"),
    "no_answer_from_gateway": _("the gateway did not answer: nobody knows whether it left"),
    "refused_by_gateway": _("refused by the gateway"),
    "not_delivered": _("not delivered to the phone"),
    "lease_expired": _("interrupted while sending: nobody knows whether it left"),
}
# A mail server's own words may quote an address: they are for staff, and all come under this.
_REFUSED_BY_SERVER = _("refused by the mail server")

SECTORS: dict[str, str | Promise] = {
    "": _("none of these"),
    "energy_renovation": _("energy renovation"),
    "renewable_energy_equipment": _("renewable energy equipment"),
    "home_adaptation": _("adaptation of homes to age or disability"),
}


def outcome_words(outcome: str) -> str:
    """Name a ground or a reason."""
    if law := _OF_THE_LAW.get(outcome):
        return LABELS[law].in_language(get_language())
    return str(_OUR_OWN.get(outcome, _REFUSED_BY_SERVER))


def all_outcomes() -> dict[str, str]:
    """Name every ground and reason, by its code."""
    return {outcome: outcome_words(outcome) for outcome in (*_OF_THE_LAW, *_OUR_OWN)}


def codes_in_words() -> dict[str, str | Promise]:
    """Name every ground and reason, by its code, in the language of whoever reads the names later."""
    later = lazy(outcome_words, str)
    return {outcome: later(outcome) for outcome in (*_OF_THE_LAW, *_OUR_OWN)}


def staff_words(outcome: str) -> str:
    """The same for staff, who also read a mail server's own words."""
    return outcome_words(outcome) if outcome in _OF_THE_LAW or outcome in _OUR_OWN else outcome


def window_words(campaign: Campaign) -> str:
    """Say on which days and at which hours a campaign may leave; nothing where it may at any time."""
    said = [str(WEEKDAYS[day]) for day in campaign.window_days]
    parts = [gettext("only on %(days)s") % {"days": get_text_list(said, gettext("and"))}] if said else []
    if campaign.window_from is not None:
        parts.append(gettext("from %(time)s") % {"time": time_format(campaign.window_from, "H:i")})
    if campaign.window_until is not None:
        parts.append(gettext("until %(time)s") % {"time": time_format(campaign.window_until, "H:i")})
    if not campaign.window_holidays:
        parts.append(gettext("not on public holidays"))
    return ", ".join(parts)


def is_legal(outcome: str) -> bool:
    """Whether the law says so, rather than the product."""
    return outcome in _OF_THE_LAW
