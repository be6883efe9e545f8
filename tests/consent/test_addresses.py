"""One form for each address: our quick readings say what the libraries say, on their own tables and on any text."""

import json
from pathlib import Path

import phonenumbers
import pytest
from django.core.exceptions import ValidationError
from email_validator import EmailNotValidError, validate_email
from hypothesis import example, given, settings
from hypothesis import strategies as st

from consent.addresses import normalise

TABLES = Path(__file__).parents[1] / "data" / "email-addresses"
LIBRARY = json.loads((TABLES / "python-email-validator.json").read_text())
DJANGO = json.loads((TABLES / "django.json").read_text())
# Django takes these for the sake of the RFCs; nobody was ever given one by a provider, and Loyal refuses them.
NEVER_GIVEN = ('"', "[", "email@localhost")


def ours(medium, typed):
    try:
        return normalise(medium, typed)
    except ValidationError:
        return None


def email_by_the_library(typed):
    try:
        valid = validate_email(typed.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return None
    return f"{valid.local_part}@{valid.ascii_domain}".lower()


def number_by_the_library(typed):
    try:
        number = phonenumbers.parse(typed, "FR")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@pytest.mark.parametrize("typed", LIBRARY)
def test_every_address_of_python_email_validators_tables(typed):
    assert ours("email", typed) == email_by_the_library(typed)


# Space around an address is typing, not address: Loyal takes it off, Django's table counts it as a fault.
@pytest.mark.parametrize(("typed", "valid"), [(typed, valid) for typed, valid in DJANGO if typed == typed.strip()])
def test_every_address_of_djangos_table(typed, valid):
    taken = ours("email", typed)
    if not valid:
        assert taken is None
    elif not any(sign in typed for sign in NEVER_GIVEN):
        assert taken == email_by_the_library(typed)


LOCAL_PARTS = st.text(alphabet="abcZ09._-+'\"@ é\\(),:;<>[]", max_size=70)
DOMAINS = st.text(alphabet="abcAB9.-é@ []:1例x", max_size=40) | st.sampled_from(
    ["example.test", "EXAMPLE.test", "münchen.example.test", "exa_mple.test", "localhost", ".".join(["a" * 60] * 4)]
)


@given(LOCAL_PARTS, DOMAINS)
@example("a" * 64, ".".join(["b" * 60] * 3) + ".test")
@settings(max_examples=500, deadline=None)
def test_any_email_address_reads_as_the_library_reads_it(local_part, domain):
    assert ours("email", f"{local_part}@{domain}") == email_by_the_library(f"{local_part}@{domain}")


@given(
    st.sampled_from(["0", "+33", "0033", "33", "", "+33 0", "+330", "+44", "+1"]),
    st.text(alphabet="0123456789", min_size=7, max_size=11),
    st.sampled_from(["", " ", ".", "-", "\u00a0", "x"]),
)
@settings(max_examples=1000, deadline=None)
def test_any_number_reads_as_the_library_reads_it(prefix, digits, separator):
    typed = prefix + separator.join(digits[place : place + 2] for place in range(0, len(digits), 2))

    assert ours("phone", typed) == number_by_the_library(typed)
