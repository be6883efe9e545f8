"""What was sent, read with the standard library, is what a naive EmailMessage would have said, for any names."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from campaigns.delivery.compose import Composition, Reader, compose, fill
from campaigns.delivery.skeleton import Skeleton
from campaigns.models import Campaign
from consent.models import Purpose
from tests.campaigns.delivery.letter import letter
from tests.factories import make_organisation

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
TOKEN = "AQFT8XOwtkeOjrHITrap7navAQAAAAHbiAJwnv703eVWobpOG8RB"
names = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)


@pytest.fixture(scope="module")
def composition(django_db_setup, django_db_blocker) -> Composition:
    with django_db_blocker.unblock():
        organisation = make_organisation(sender_name='Maison "Exemple" é, SARL', legal_identity="SARL 100 %")
        campaign = Campaign(
            subject="{{ first_name | Vous }}, 50 % sur l'été {{ company }}",
            body="{{ first_name | Vous }}\n\n.\n\n{{ last_name }}.\n\n"
            + "Un **mot** à {{ first_name }} : 100 %.\n" * 3
            + "\n| {{ company }} | x |\n|--|--|\n| é | {{ last_name }} |\n",
            purpose=Purpose(pk=7, slug="offers", name_fr="Offres", name_en="Offers"),
        )
        found = compose(campaign)
        organisation.delete()
    return found


def said(mail: EmailMessage) -> dict[str, Any]:
    parts = {part.get_content_type(): part.get_content() for part in mail.iter_parts()}
    return {
        "headers": {name: str(value) for name, value in mail.items() if name != "Content-Type"},
        "type": mail.get_content_type(),
        **parts,
    }


def parsed(data: bytes) -> EmailMessage:
    return message_from_bytes(data, policy=default)


@pytest.mark.django_db
@given(first=names, last=names, company=names)
@example("🦄" * 20, "مرحبا بالعالم", '"Zoé\'s" <b>&amp;</b>')
@example("a\r\nBcc: x@example.test\r\n\r\n.", ".", "..\u202etxt")
@example("w" * 1000, "é" * 1000, "=" * 77 + "?=")
@example("=?utf-8?q?x?=", "%(to)b %s %", "{{ first_name }}")
@example("a" * 151, "é" * 76, "a" * 75)
@settings(max_examples=300, deadline=None)
def test_what_is_sent_is_what_the_standard_library_would_have_said(composition, first, last, company):
    reader = Reader(
        "zoe@example.test",
        "0" * 32,
        TOKEN,
        {"first_name": first, "last_name": last, "company": company, "why": f"Vous êtes là, {company}."},
    )
    mail = Skeleton(composition).fill(reader, AT)

    expected = letter(composition, reader, AT)
    expected_words = said(parsed(expected.as_bytes(policy=SMTP.clone(max_line_length=998))))
    # The standard library takes a name such as =?utf-8?q?x?= for its own encoding; the skeleton says it as it is.
    expected_words["headers"]["Subject"] = fill(composition.subject, reader)
    ours = said(parsed(mail))
    for name, value in expected_words.pop("headers").items():
        assert ours["headers"].pop(name) == value, name
    assert not ours.pop("headers")
    assert ours == expected_words
    assert mail.isascii()
    assert all(
        len(line) <= 76
        for line in mail.split(b"\r\n")
        if not line.startswith((b"List-", b"Message-ID", b"Content-Type: multi"))
    )
    assert b"\n" not in mail.replace(b"\r\n", b"") and b"\r" not in mail.replace(b"\r\n", b"")
    assert parsed(mail)["Bcc"] is None
