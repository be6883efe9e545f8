"""The mail that asks, a month before the term, whether the person wants to stay; and what silence means."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from consent.acts import record_stop
from consent.law.days import PARIS
from consent.models import Objection
from prospects.links import keep_token
from prospects.models import ContactDetail, Contract, Interaction, LegalHold, Prospect
from prospects.retention import erase_silent_prospects
from prospects.staying import ask_who_wants_to_stay
from tests.factories import make_consent, make_detail, make_organisation, make_prospect, make_purpose
from tests.prospects.together import together

pytestmark = pytest.mark.django_db

COLLECTED = datetime(2024, 2, 10, 12, tzinfo=UTC)
ASKED_FROM = datetime(2027, 1, 10, 0, 0, tzinfo=PARIS)
TERM = datetime(2027, 2, 10, 0, 0, tzinfo=PARIS)


def silent(address: str = "", **fields: Any) -> ContactDetail:
    """Somebody who agreed to offers when their detail was collected, and was never heard of again."""
    detail = make_detail(address, source={"collected_at": COLLECTED, "informed": True}, **fields)
    make_consent(detail, make_purpose(), at=COLLECTED)
    return detail


def test_the_question_comes_a_month_before_the_term_and_once(mailbox):
    make_organisation()
    silent("zoe@example.test", prospect=make_prospect(first_name="Zoé", language="en"))

    assert ask_who_wants_to_stay(ASKED_FROM - timedelta(seconds=1)) == 0
    assert ask_who_wants_to_stay(ASKED_FROM) == 1
    assert ask_who_wants_to_stay(ASKED_FROM + timedelta(days=3)) == 0

    (mail,) = mailbox
    assert mail["To"] == "zoe@example.test"
    text = mail.get_body(("plain",)).get_content()
    assert "Hello Zoé" in text and "/k/" in text and "/u/" in text


def test_whoever_presses_the_button_stays_and_is_asked_again_at_the_next_term(mailbox, client, time_machine):
    detail = silent()
    ask_who_wants_to_stay(ASKED_FROM)
    page = reverse("keep", args=[keep_token(detail.pk)])

    time_machine.move_to(ASKED_FROM + timedelta(days=1))
    assert client.get(page).status_code == 200
    assert not Interaction.objects.exists(), "a look keeps nobody"
    assert client.post(page).status_code == 200

    assert Interaction.objects.get().kind == "kept"
    erase_silent_prospects(TERM)
    assert Prospect.objects.exists()
    assert ask_who_wants_to_stay(datetime(2029, 12, 11, 0, 0, tzinfo=PARIS)) == 1


def test_whoever_says_no_is_written_to_no_more_and_erased_at_the_term(mailbox, client, time_machine):
    detail = silent()
    ask_who_wants_to_stay(ASKED_FROM)
    page = reverse("keep", args=[keep_token(detail.pk)])

    time_machine.move_to(ASKED_FROM + timedelta(days=1))
    assert 'name="refuse"' in client.get(page).content.decode()
    client.post(page, {"refuse": ""})

    assert not Interaction.objects.exists()
    assert Objection.objects.get(address_key=detail.address_key, channel=None, purpose=None)
    erase_silent_prospects(TERM)
    assert not Prospect.objects.exists()


def test_silence_is_erasure_and_the_link_then_answers_politely(mailbox, client):
    detail = silent()
    ask_who_wants_to_stay(ASKED_FROM)

    erase_silent_prospects(TERM)

    assert not Prospect.objects.exists()
    page = reverse("keep", args=[keep_token(detail.pk)])
    assert client.get(page).status_code == client.post(page).status_code == 200


def test_only_whom_the_law_still_lets_us_write_to_is_asked(mailbox):
    objected, held = silent(), silent()
    record_stop(
        objected.address_key, channel=None, purpose_id=None, at=COLLECTED + timedelta(days=9), origin="stop_link"
    )
    LegalHold.objects.create(prospect=held.prospect, reason="claim", starts_at=COLLECTED, ends_at=TERM)
    make_detail(source={"collected_at": COLLECTED, "informed": True})  # never agreed to anything
    with_a_contract = silent()
    Contract.objects.create(prospect=with_a_contract.prospect, families=["garden"], starts_on=COLLECTED.date())

    assert ask_who_wants_to_stay(ASKED_FROM) == 0
    assert len(mailbox) == 0


def test_a_mail_that_did_not_leave_is_sent_by_the_next_run(mailbox, settings):
    silent()
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1

    assert ask_who_wants_to_stay(ASKED_FROM) == 0
    settings.EMAIL_PORT = port

    assert ask_who_wants_to_stay(ASKED_FROM + timedelta(days=1)) == 1


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_ask_once(mailbox):
    for _ in range(5):
        silent()

    together(*[lambda: ask_who_wants_to_stay(ASKED_FROM)] * 3)

    assert len(mailbox) == 5


def test_a_forged_link_keeps_nobody(client):
    assert client.post(reverse("keep", args=["1:forged"])).status_code == 404
