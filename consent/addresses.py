"""Addresses as they are compared: one form for each, however it was typed."""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

import phonenumbers
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from email_validator import EmailNotValidError, validate_email

from consent.vocabulary import Medium

REGION = "FR"

# RFC 5322's dot-atom in ASCII: what almost every address has before its @.
_PLAIN_LOCAL_PART = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*", re.ASCII)
_LONGEST_LOCAL_PART, _LONGEST_EMAIL = 64, 254


def normalise(medium: str, typed: str) -> str:
    """Return the one form in which this address is kept and compared.

    E-mail: lower case, domain in ASCII (IDNA 2008). Phone and fax: E.164, French numbers without prefix understood.
    Post: upper case, no accents or doubled spaces, lines kept. Bluetooth: AA:BB:CC:DD:EE:FF.

    Raises ValidationError where it is no such address, in words for the person who typed it.
    """
    return _NORMALISERS[medium](typed)


def _email(typed: str) -> str:
    """A plain part before the @ needs no look; its domain is checked once for the many addresses that share it."""
    typed = typed.strip()
    local_part, _at, domain = typed.partition("@")
    try:
        if len(local_part) <= _LONGEST_LOCAL_PART and _PLAIN_LOCAL_PART.fullmatch(local_part):
            email = f"{local_part}@{_ascii_domain(domain)}"
            if len(email) <= _LONGEST_EMAIL:
                return email.lower()
        valid = validate_email(typed, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise ValidationError(_("Enter a valid e-mail address."), code="invalid") from error
    return f"{valid.local_part}@{valid.ascii_domain}".lower()


@lru_cache(maxsize=20_000)
def _ascii_domain(domain: str) -> str:
    return validate_email(f"a@{domain}", check_deliverability=False, test_environment=True).ascii_domain


def _number(typed: str) -> str:
    """A French number written the usual way is looked up in the library's own patterns, without parsing it."""
    written = _USUAL_FRENCH.fullmatch(typed.translate(_NO_SEPARATORS))
    if written and _VALID_FRENCH.fullmatch(written[1]):
        return f"+33{written[1]}"
    try:
        number = phonenumbers.parse(typed, REGION)
    except phonenumbers.NumberParseException:
        number = phonenumbers.PhoneNumber()
    if not phonenumbers.is_valid_number(number):
        raise ValidationError(_("Enter a valid number, such as 01 99 00 12 34 or +33 1 99 00 12 34."), code="invalid")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _post(typed: str) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFKD", typed) if not unicodedata.combining(c))
    lines = [re.sub(r"[^\w']+", " ", line).strip().upper() for line in plain.splitlines()]
    kept = [line for line in lines if line]
    if len(kept) < 2:
        raise ValidationError(_("Enter a postal address of two lines or more."), code="invalid")
    return "\n".join(kept)


def _bluetooth(typed: str) -> str:
    digits = re.sub(r"[:\-\s]", "", typed).upper()
    if not re.fullmatch(r"[0-9A-F]{12}", digits):
        raise ValidationError(_("Enter a device address such as 00:00:5E:00:53:01."), code="invalid")
    return ":".join(digits[i : i + 2] for i in range(0, 12, 2))


def _valid_french_numbers() -> re.Pattern[str]:
    """Every French number of nine digits that phonenumbers calls valid: of whichever type."""
    france = phonenumbers.PhoneMetadata.metadata_for_region(REGION)
    assert france is not None  # noqa: S101 - the library knows France
    types: tuple[str, ...] = ("fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost")
    types += ("personal_number", "voip", "pager", "uan", "voicemail")
    kinds = [kind for kind in (getattr(france, name) for name in types) if kind and kind.national_number_pattern]
    return re.compile("|".join(f"(?:{kind.national_number_pattern})" for kind in kinds))


_USUAL_FRENCH = re.compile(r"(?:0|\+33|0033)([1-9][0-9]{8})", re.ASCII)
_NO_SEPARATORS = str.maketrans("", "", " .-\u00a0\u202f")
_VALID_FRENCH = _valid_french_numbers()

_NORMALISERS: dict[str, Callable[[str], str]] = {
    Medium.EMAIL: _email,
    Medium.PHONE: _number,
    Medium.FAX: _number,
    Medium.POST: _post,
    Medium.BLUETOOTH: _bluetooth,
}
