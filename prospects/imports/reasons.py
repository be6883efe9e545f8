"""Why a row was refused, and what else is noted about one: the codes that reports hold, and their words."""

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class Refused(models.TextChoices):
    """Nothing of this row came in."""

    UNREADABLE = "unreadable", _("The row cannot be read: a quote is not closed, or a character is none.")
    TOO_MANY_CELLS = "too_many_cells", _("The row has more cells than the file has columns.")
    NO_ADDRESS = "no_address", _("The row holds no address.")
    BAD_ADDRESS = "bad_address", _("The row holds no valid address.")
    NO_DAY = "no_day", _("The day of collection is missing.")
    BAD_DAY = "bad_day", _("A day of the row cannot be read.")
    FUTURE = "future", _("A day of the row is still to come.")
    TOO_LONG = "too_long", _("A name of the row is too long.")
    NO_PARTNER = "no_partner", _("The partner who gave these details is not named.")
    NO_PROOF = "no_proof", _("A partner's row needs a proof of its own.")
    ERASED = "erased", _("This person was erased; only details that they gave after that day may come in.")
    NO_FAMILY = "no_family", _("The product family is missing or not one of yours.")
    NO_INTERACTION = "no_interaction", _("The interaction is missing or not one that a person can have.")
    ENDS_EARLY = "ends_early", _("The contract ends before it begins.")
    NO_CHANNEL = "no_channel", _("The channel of the objection is unknown, or the row has no address for it.")


class Noted(models.TextChoices):
    """The row came in, less this."""

    BAD_EMAIL = "bad_email", _("the e-mail address is invalid and was left out")
    BAD_PHONE = "bad_phone", _("the phone number is invalid and was left out")
    BAD_MOBILE = "bad_mobile", _("the mobile number is invalid and was left out")
    BAD_FAX = "bad_fax", _("the fax number is invalid and was left out")
    BAD_POST = "bad_post", _("the postal address is incomplete and was left out")
    BAD_BIRTH_DATE = "bad_birth_date", _("the birth date cannot be read and was left out")
    UNKNOWN_ACTIVITY = "unknown_activity", _("the activity is not one of yours and was left out")
    NO_CONSENT_PROOF = "no_consent_proof", _("the consent came without its own proof: a contact without consent")
    KEPT_FIRST_NAME = "kept_first_name", _("another first name is known and was kept")
    KEPT_LAST_NAME = "kept_last_name", _("another last name is known and was kept")
    KEPT_COMPANY = "kept_company", _("another company is known and was kept")
    KEPT_BIRTH_DATE = "kept_born_on", _("another birth date is known and was kept")
    KEPT_ACTIVITY = "kept_activity_id", _("another activity is known and was kept")
    BAD_EXTRA = "bad_extra", _("the extra field “%(field)s” cannot be read and was left out")
    KEPT_EXTRA = "kept_extra", _("another value of the extra field “%(field)s” is known and was kept")


def about(noted: Noted, slug: str) -> str:
    """The code of what is noted about one extra field."""
    return f"{noted.value}:{slug}"


def in_words(code: str) -> str:
    """Say a code of either list in the reader's language."""
    code, _colon, slug = code.partition(":")
    for words in (Refused, Noted):
        if code in words.values:
            label = str(words(code).label)
            return label % {"field": slug} if slug else label
    return gettext("unknown")
