"""`manage.py decide`: questions as JSON Lines, answers in order, bad lines named."""

import io
import json
import os
import subprocess
import sys
import time
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consent.law import Channel, Ground, Reason, Rulebook
from consent.management.commands.decide import _lines, answer
from tests.consent.law.worlds import AT

QUESTION = {
    "id": "one",
    "rulebook": "law",
    "channel": "email",
    "at": "2026-11-24T10:00:00+01:00",
    "recipient": {"kind": "individual"},
    "source": {"kind": "form", "collected_at": "2026-01-05T09:00:00Z", "informed": True},
    "consents": [
        {
            "purpose": "offers",
            "channel": "email",
            "given_at": "2026-03-03T09:00:00Z",
            "confirmed_at": "2026-03-03T09:05:00Z",
        }
    ],
    "message": {"purpose": "offers"},
}
KEYS = ["id", "allowed", "ground", "reason", "rule", "sources", "text", "next_allowed_at"]
MISSING = object()


def changed(**changes):
    """The question with fields replaced; `recipient__kind` is a field of a field, and MISSING takes one away."""
    question = json.loads(json.dumps(QUESTION))
    for path, value in changes.items():
        *parents, name = path.split("__")
        place = question
        for parent in parents:
            place = place[int(parent)] if isinstance(place, list) else place.setdefault(parent, {})
        if value is MISSING:
            del place[name]
        else:
            place[name] = value
    return question


def asked(setting=Rulebook.LAW, /, **changes):
    return answer(json.dumps(changed(**changes)).encode(), default_rulebook=setting)


def given_for(**changes):
    """The ground or the reason."""
    answered = asked(**changes)
    assert "error" not in answered, answered
    return answered["ground"] or answered["reason"]


def decide(*lines, check=True):
    """Run the command itself, where neither database nor cache can be reached."""
    process = subprocess.run(
        [sys.executable, "manage.py", "decide"],
        cwd=django_settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "REDIS_URL": "redis://127.0.0.1:1"},
        input="\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines),
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == (0 if check else 1), process.stderr
    return [json.loads(line) for line in process.stdout.splitlines()]


# ---- The command ----


def test_lines_are_answered_in_order_in_both_languages():
    answers = decide(*(changed(id=number, channel=channel) for number, channel in enumerate(Channel) if number < 5))
    assert [each["id"] for each in answers] == [0, 1, 2, 3, 4]
    assert all(list(each) == KEYS for each in answers)
    first = answers[0]
    assert (first["allowed"], first["ground"], first["reason"]) == (True, "consent", None)
    assert first["text"]["fr"].startswith("La personne a donné son consentement le 3 mars 2026")
    assert first["text"]["en"].startswith("The person gave their consent on 3 March 2026")
    assert first["rule"] == "law/email/individual" and first["sources"] == [
        "CPCE, art. L34-5, al. 1",
        "RGPD, art. 4(11) et 7",
    ]


def test_a_bad_line_is_named_and_the_others_are_still_answered():
    answers = decide(changed(id=1), changed(id=2, channel="pigeon"), "{not JSON", "", changed(id=4), check=False)
    assert [each["id"] for each in answers] == [1, 2, None, 4]
    assert list(answers[1]) == ["id", "error"] and answers[1]["error"].startswith("channel: ")
    assert answers[2]["error"] == "line: not JSON"
    assert answers[3]["ground"] == "consent"


def test_nothing_asked_is_nothing_answered():
    assert decide() == []


def test_it_answers_while_its_input_is_still_open():
    with subprocess.Popen(
        [sys.executable, "manage.py", "decide"],
        cwd=django_settings.BASE_DIR,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        for number in range(2):
            process.stdin.write(json.dumps(changed(id=number)) + "\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == number
        process.stdin.close()
        assert process.wait(timeout=60) == 0


def test_a_line_may_come_in_pieces():
    line = json.dumps(changed(source__collected_at="2026-01-05", padding="é" * 100_000)) + "\n"
    (answered,) = decide(line)
    assert answered["allowed"]


def test_a_huge_line_costs_its_length_and_not_its_square():
    pieces = io.BufferedReader(io.BytesIO(b"x" * 40_000_000 + b"\n" + b"y" * 40_000_000))
    began = time.process_time()
    assert [len(line) for lines in _lines(pieces) for line in lines] == [40_000_000, 40_000_000]
    assert time.process_time() - began < 2


@pytest.mark.parametrize("size", range(1, 9))
def test_lines_are_cut_wherever_their_pieces_end(monkeypatch, size):
    monkeypatch.setattr("consent.management.commands.decide.CHUNK_BYTES", size)
    text = b"\nab\n\n \ncde\r\nf"
    lines = [line for lines in _lines(io.BufferedReader(io.BytesIO(text))) for line in lines]
    assert lines == [b"ab", b"cde\r", b"f"]


def test_any_id_is_given_back():
    ids = ["é \ud800 \0", None, 12, 1.5, {"a": [1]}, True]
    assert [each["id"] for each in decide(*(changed(id=value) for value in ids))] == ids
    (nameless,) = decide(changed(id=MISSING))
    assert nameless["id"] is None


# ---- What is required ----


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("channel", {"channel": MISSING}),
        ("channel", {"channel": None}),
        ("channel", {"channel": "pigeon"}),
        ("at", {"at": MISSING}),
        ("at", {"at": "yesterday"}),
        ("at", {"at": "2026-13-01T00:00:00Z"}),
        ("at", {"at": 1795510800}),
        ("at", {"at": "0001-01-01T00:00:00Z"}),
        ("at", {"at": "2300-01-01T00:00:00Z"}),
        ("recipient.kind", {"recipient": MISSING}),
        ("recipient.kind", {"recipient": {}}),
        ("recipient.kind", {"recipient__kind": "robot"}),
        ("recipient", {"recipient": "individual"}),
        ("recipient.born_on", {"recipient__born_on": "soon"}),
        ("recipient.time_zone", {"recipient__time_zone": "Europe/Lutetia"}),
        ("recipient.time_zone", {"recipient__time_zone": "../../etc/passwd"}),
        ("recipient.generic_address", {"recipient__generic_address": "yes"}),
        ("source", {"source": MISSING}),
        ("source", {"source": None}),
        ("source.kind", {"source__kind": "dustbin"}),
        ("source.collected_at", {"source__collected_at": "2026-02-30"}),
        ("source.collected_at", {"source__collected_at": "0001-01-01"}),
        ("objections[0].at", {"objections": [{"at": "0001-01-01"}]}),
        ("contract.until", {"contract": {"from": "2026-01-01", "until": "9999-12-31T23:59:59Z"}}),
        ("source.informed", {"source__informed": 1}),
        ("message.purpose", {"message": MISSING}),
        ("message.purpose", {"message": {}}),
        ("message.purpose", {"message__purpose": ""}),
        ("message.families", {"message__families": "garden"}),
        ("message.activities", {"message__activities": [1]}),
        ("rulebook", {"rulebook": "bible"}),
        ("consents", {"consents": {}}),
        ("consents[0]", {"consents": ["yes"]}),
        ("consents[0].given_at", {"consents__0__given_at": "2026-03-03T25:00:00Z"}),
        ("consents[0].channel", {"consents__0__channel": "pigeon"}),
        ("consents[0].needs_confirmation", {"consents__0__needs_confirmation": "no"}),
        ("objections[0].at", {"objections": [{"at": "never"}]}),
        ("purchases[1].at", {"purchases": [{}, {"at": True}]}),
        ("contract.from", {"contract": {"from": 2026}}),
        ("request.at", {"request": {"at": "?"}}),
        ("agreed_slot.until", {"agreed_slot": {"until": "late"}}),
        ("last_interaction_at", {"last_interaction_at": "9999-12-31T23:59:59-12:00"}),
        ("calls_last_30_days", {"channel": "phone"}),
        ("calls_last_30_days", {"channel": "automated_call"}),
        ("calls_last_30_days", {"channel": "phone", "calls_last_30_days": None}),
        ("calls_last_30_days", {"calls_last_30_days": -1}),
        ("calls_last_30_days", {"calls_last_30_days": 1.5}),
        ("calls_last_30_days", {"calls_last_30_days": True}),
    ],
)
def test_the_error_names_the_field(field, changes):
    answered = asked(**changes)
    assert list(answered) == ["id", "error"]
    assert answered["id"] == "one"
    assert answered["error"].startswith(f"{field}: ")


@pytest.mark.parametrize(
    "line", [b"", b"null", b"[]", b'"text"', b"{", b"\xff\xfe{}", b"[" * 100_000, b'{"a": 1} {}', b'{"id": NaN}']
)
def test_what_is_no_json_object_is_a_bad_line(line):
    assert answer(line, default_rulebook=Rulebook.LAW)["error"].startswith("line: ")


@pytest.mark.parametrize(
    "changes",
    [
        {"channel": "email"},
        {"channel": "phone", "recipient__kind": "professional"},
        {"channel": "phone", "rulebook": "article"},
        {"channel": "sms"},
    ],
)
def test_the_number_of_calls_is_required_only_for_calls_to_individuals_under_the_law(changes):
    assert "error" not in asked(**changes)


# ---- Defaults ----


def test_the_rulebook_is_that_of_the_setting():
    phone = {"channel": "phone", "rulebook": MISSING, "consents": [], "calls_last_30_days": 0}
    assert asked(Rulebook.LAW, **phone)["reason"] == Reason.NO_CONSENT
    assert asked(Rulebook.ARTICLE, **phone)["ground"] == Ground.INFORMATION


def test_defaults_are_never_in_favour_of_sending():
    assert given_for(consents=MISSING) == Reason.NO_CONSENT
    assert given_for(consents__0__confirmed_at=MISSING) == Reason.CONSENT_UNCONFIRMED
    assert given_for(consents__0__confirmed_at=MISSING, consents__0__needs_confirmation=None) == (
        Reason.CONSENT_UNCONFIRMED
    )
    assert given_for(consents__0__confirmed_at=MISSING, consents__0__needs_confirmation=False) == Ground.CONSENT
    phone = {"channel": "phone", "consents__0__channel": "phone", "calls_last_30_days": 0}
    assert given_for(**phone) == Reason.CONSENT_INCOMPLETE
    assert given_for(**phone, consents__0__mentions_complete=True) == Ground.CONSENT
    assert given_for(channel="post", source__informed=MISSING) == Reason.NOT_INFORMED
    assert given_for(channel="post", source__informed=None) == Reason.NOT_INFORMED
    assert given_for(source={}) == Reason.SOURCE_UNKNOWN
    assert given_for(source__kind=None) == Reason.SOURCE_UNKNOWN
    assert given_for(source__collected_at=None) == Reason.SOURCE_UNKNOWN
    assert given_for(recipient__born_on=None) == Ground.CONSENT
    assert given_for(consents__0__given_at=None) == Reason.NO_CONSENT
    assert given_for(consents__0__channel=None) == Reason.NO_CONSENT
    assert given_for(consents__0__purpose=None) == Reason.NO_CONSENT
    assert given_for(objections=[{}]) == Reason.OBJECTED
    assert given_for(objections=[{"channel": None, "purpose": None, "at": "2026-11-01T00:00:00Z"}]) == Reason.OBJECTED
    assert given_for(consents__0__withdrawn_at="2026-11-24") == Reason.CONSENT_WITHDRAWN
    baker = {"consents": [], "recipient__kind": "professional", "message__activities": ["bakery"]}
    assert given_for(**baker) == Reason.UNRELATED_ACTIVITY
    assert given_for(**baker, recipient__activity="bakery") == Ground.PROFESSIONAL
    assert given_for(**baker, recipient__generic_address=True) == Ground.COMPANY


def test_the_time_zone_is_that_of_paris():
    text = {"channel": "sms", "consents__0__channel": "sms"}
    assert given_for(**text, at="2026-11-24T06:59:59Z") == Reason.OUTSIDE_HOURS
    assert given_for(**text, at="2026-11-24T07:00:00Z") == Ground.CONSENT
    refused = asked(**text, at="2026-11-24T06:59:59Z")
    assert refused["next_allowed_at"] == "2026-11-24T08:00:00+01:00"
    assert asked(**text, at="2026-11-24T06:59:59Z", recipient__time_zone="Indian/Reunion")["allowed"]


def test_a_contract_is_open_ended_only_if_it_says_so():
    call = {"channel": "phone", "calls_last_30_days": 0, "consents": [], "message__families": ["garden/tools"]}
    contract = {"from": "2026-01-01", "until": None, "families": ["garden"]}
    assert given_for(**call, contract=contract) == Ground.CONTRACT
    assert given_for(**call, contract={**contract, "until": "2026-11-24"}) == Ground.CONTRACT
    assert given_for(**call, contract={**contract, "until": "2026-11-23"}) == Reason.NO_CONSENT
    assert given_for(**call, contract={"from": "2026-01-01", "families": ["garden"]}) == Reason.NO_CONSENT
    assert given_for(**call, contract={"until": None, "families": ["garden"]}) == Reason.NO_CONSENT
    assert given_for(**call, contract=None) == Reason.NO_CONSENT


def test_requests_purchases_and_slots():
    call = {"channel": "phone", "calls_last_30_days": 0, "consents": [], "message__families": ["garden/tools"]}
    request = {"at": "2026-11-23T09:00:00Z", "families": ["garden"]}
    assert given_for(**call, request=request) == Ground.REQUEST
    assert given_for(**call, request={"families": ["garden"]}) == Reason.NO_CONSENT
    evening = {**call, "at": "2026-11-24T21:00:00+01:00", "request": request}
    assert given_for(**evening) == Reason.OUTSIDE_HOURS
    slot = {"from": "2026-11-24T21:00:00+01:00", "until": "2026-11-24T21:30:00+01:00"}
    assert given_for(**evening, agreed_slot=slot) == Ground.REQUEST
    assert given_for(**evening, agreed_slot={"from": slot["from"]}) == Reason.OUTSIDE_HOURS
    bought = {"consents": [], "message__families": ["garden/tools"]}
    assert given_for(**bought, purchases=[{"family": "garden", "at": "2026-01-01"}]) == Ground.CUSTOMER
    assert given_for(**bought, purchases=[{"family": "garden"}]) == Reason.NO_CONSENT
    assert given_for(**bought, purchases=[{"at": "2026-01-01"}]) == Reason.NOT_ANALOGOUS


# ---- Dates ----


def test_any_offset_will_do_and_none_is_paris():
    text = {"channel": "sms", "consents__0__channel": "sms"}
    for at in ("2026-11-24T08:00:00+01:00", "2026-11-24T07:00:00Z", "2026-11-24T02:00:00-05:00", "2026-11-24T08:00:00"):
        assert given_for(**text, at=at) == Ground.CONSENT
        assert given_for(**text, at=at.replace(":00:00", ":00:00.000000")) == Ground.CONSENT
    assert given_for(**text, at="2026-11-24T07:59:59") == Reason.OUTSIDE_HOURS


def test_a_day_without_a_time_is_read_against_sending():
    same_day = {"consents__0__given_at": "2026-11-24", "consents__0__confirmed_at": "2026-11-24"}
    assert given_for(**same_day) == Ground.CONSENT
    assert given_for(**same_day, objections=[{"at": "2026-11-23"}]) == Ground.CONSENT
    assert given_for(**same_day, objections=[{"at": "2026-11-24"}]) == Reason.OBJECTED
    assert given_for(**same_day, objections=[{"at": "2026-11-25"}]) == Ground.CONSENT
    confirmed_at_noon = {"consents__0__confirmed_at": "2026-11-20T12:00:00Z"}
    assert given_for(**confirmed_at_noon, objections=[{"at": "2026-11-20"}]) == Reason.OBJECTED
    assert given_for(**confirmed_at_noon, objections=[{"at": "2026-11-19"}]) == Ground.CONSENT


def test_what_is_not_known_to_the_law_is_ignored():
    assert given_for(colour="blue", recipient__shoe_size=42, message__subject="hello") == Ground.CONSENT


WORDS = st.sampled_from(["", "at", "kind", "offers", "email", "2026-11-24", "2026-11-24T10:00:00Z", "é\ud800", "\0"])


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([*QUESTION, "objections", "purchases", "contract", "request", "agreed_slot"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | WORDS,
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
            max_leaves=5,
        ),
        max_size=4,
    )
)
def test_any_question_is_answered_or_named(changes):
    answered = asked(**changes)
    assert ("error" in answered) is (list(answered) != KEYS)


def test_ten_thousand_lines_take_seconds_not_minutes():
    line = json.dumps(QUESTION).encode()
    began = time.perf_counter()
    for _ in range(10_000):
        answer(line, default_rulebook=Rulebook.LAW)
    assert time.perf_counter() - began < 30


def test_the_documented_example_is_answered():
    shown = (Path(django_settings.BASE_DIR) / "docs" / "decide.md").read_text(encoding="utf-8")
    question = shown[shown.index("echo '") + 6 : shown.index("' | tr")]
    assert answer(question.replace("\n", " ").encode(), default_rulebook=Rulebook.LAW)["ground"] == "information"


def test_moments_are_compared_whatever_their_offset():
    late = (AT + timedelta(seconds=1)).astimezone(UTC).isoformat()
    assert given_for(consents__0__confirmed_at=late) == Reason.CONSENT_UNCONFIRMED
