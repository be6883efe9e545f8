"""`explain`: the answer about one address, at any moment, and what it rests on."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from consent.acts import record_stop
from consent.models import Act
from prospects.models import LegalHold, Purchase
from prospects.retention import erase_person
from tests.factories import make_consent, make_detail, make_prospect, make_purpose

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 24, 10, tzinfo=UTC)
GIVEN = AT - timedelta(days=100)


def ask(capsys: Any, address: str, *options: str, purpose: str = "offers", channel: str = "email") -> Any:
    call_command("explain", address, "--channel", channel, "--purpose", purpose, "--json", *options)
    return json.loads(capsys.readouterr().out)


def test_a_consent_is_explained_by_its_acts_and_the_wording_shown(capsys):
    offers = make_purpose(slug="offers")
    detail = make_detail("zoe@example.test", source={"collected_at": GIVEN, "informed": True})
    consent = make_consent(detail, offers, at=GIVEN)

    (answer,) = ask(capsys, " Zoe@Example.test", "--at", AT.isoformat())["answers"]

    assert (answer["allowed"], answer["ground"], answer["rests_on"]) == (True, "consent", ["consent"])
    acts = answer["evidence"]["consent"]["acts"]
    assert [act["kind"] for act in acts] == ["given", "confirmed"]
    assert acts[0]["act"] == consent.pk
    assert acts[0]["wording"]["en"] == "I agree to receive offers by e-mail."
    assert answer["evidence"]["source"]["kind"] == "form"


def test_the_answer_for_a_past_moment_is_the_one_that_was_right_then(capsys):
    offers = make_purpose(slug="offers")
    detail = make_detail("zoe@example.test", source={"collected_at": GIVEN, "informed": True})
    make_consent(detail, offers, at=GIVEN)
    record_stop(detail.address_key, channel="email", purpose_id=offers.pk, at=AT, origin="stop_link")

    def reason(at: datetime) -> Any:
        (answer,) = ask(capsys, "zoe@example.test", "--at", at.isoformat())["answers"]
        return answer["ground"] or answer["reason"]

    assert reason(GIVEN - timedelta(days=1)) == "source_unknown"
    assert reason(GIVEN) == "consent_unconfirmed"
    assert reason(GIVEN + timedelta(days=1)) == "consent"
    assert reason(AT) == "objected"


def test_a_customer_is_explained_by_the_purchase_of_a_covering_family(capsys):
    make_purpose(slug="offers")
    detail = make_detail("zoe@example.test", source={"kind": "sale", "collected_at": GIVEN, "informed": True})
    Purchase.objects.create(prospect=detail.prospect, family="garden", at=GIVEN, reference="F-7")

    asked = ["--family", "garden/tools", "--at", AT.isoformat()]
    (answer,) = ask(capsys, "zoe@example.test", *asked)["answers"]

    assert (answer["ground"], answer["rests_on"]) == ("customer", ["purchases", "informed_by"])
    assert answer["evidence"]["purchases"][0]["reference"] == "F-7"
    (answer,) = ask(capsys, "zoe@example.test", "--family", "kitchen", "--at", AT.isoformat())["answers"]
    assert answer["reason"] == "not_analogous"


@pytest.mark.parametrize(
    ("kind", "born_on", "options", "reason", "rests_on"),
    [
        ("individual", "2015-01-01", [], "minor", "person"),
        ("professional", None, ["--activity", "bakery"], "unrelated_activity", "person"),
        ("individual", None, ["--sector", "energy_renovation"], "sector_banned", "contracts"),
    ],
)
def test_a_refusal_names_what_it_rests_on(capsys, kind, born_on, options, reason, rests_on):
    make_purpose(slug="offers")
    person = make_prospect(kind=kind, born_on=born_on)
    make_detail("zoe@example.test", prospect=person, source={"collected_at": GIVEN, "informed": True})

    (answer,) = ask(capsys, "zoe@example.test", "--at", AT.isoformat(), *options)["answers"]

    assert answer["reason"] == reason
    assert rests_on in answer["rests_on"]
    assert set(answer["rests_on"]) <= set(answer["evidence"])
    assert answer["evidence"]["person"]["born_on"] == born_on


def test_our_own_reason_to_keep_silent_is_told_apart_from_the_law(capsys):
    offers = make_purpose(slug="offers")
    detail = make_detail("zoe@example.test", source={"collected_at": GIVEN, "informed": True})
    make_consent(detail, offers, at=GIVEN)
    LegalHold.objects.create(prospect=detail.prospect, reason="claim", starts_at=GIVEN, ends_at=AT + timedelta(1))

    (answer,) = ask(capsys, "zoe@example.test", "--at", AT.isoformat())["answers"]

    assert (answer["allowed"], answer["ground"], answer["withheld"]) == (False, "consent", "held")


def test_an_unknown_address_gets_a_clear_answer(capsys):
    make_purpose(slug="offers")

    call_command("explain", "nobody@example.test", "--channel", "email", "--purpose", "offers")

    assert "Nobody here has this address" in capsys.readouterr().out


def test_of_somebody_erased_only_the_acts_are_left(capsys):
    offers = make_purpose(slug="offers")
    detail = make_detail("zoe@example.test")
    make_consent(detail, offers)
    erase_person(detail.prospect, datetime.now(UTC))

    answer = ask(capsys, "zoe@example.test")

    assert (answer["known"], answer["answers"]) == (False, [])
    assert [act["kind"] for act in answer["acts_kept"]][-1] == "lapsed"
    assert Act.objects.count() == len(answer["acts_kept"])


def test_a_shared_phone_number_is_explained_person_by_person(capsys):
    make_purpose(slug="offers")
    for _ in range(2):
        make_detail("+33199001234", medium="phone", source={"collected_at": GIVEN, "informed": True})

    answers = ask(capsys, "01 99 00 12 34", channel="phone")["answers"]

    assert len({answer["evidence"]["person"]["prospect"] for answer in answers}) == 2


@pytest.mark.parametrize(
    ("address", "purpose", "says"), [("not an address", "offers", "e-mail"), ("a@example.test", "none", "no purpose")]
)
def test_a_bad_question_is_answered_in_words(address, purpose, says):
    make_purpose(slug="offers")

    with pytest.raises(CommandError, match=says):
        call_command("explain", address, "--channel", "email", "--purpose", purpose)
