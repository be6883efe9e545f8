"""What shops and websites tell of people comes in with its source and its proof, and lifts no objection."""

import pytest

from consent.acts import record_stop
from consent.models import Act, Objection, Permission
from prospects.models import ContactDetail, Family, Interaction, Prospect, Purchase, Source
from prospects.retention import erase_person
from tests.factories import make_detail, make_notice, make_purpose

pytestmark = pytest.mark.django_db
AT = "2026-02-01T10:00:00+01:00"
CAMILLE = {"email": "Camille@Example.test"}


@pytest.fixture(autouse=True)
def family(db):
    Family.objects.create(path="garden", name_fr="Jardin")


def bought(**fields):
    return {"customer": {**CAMILLE, "first_name": "Camille"}, "family": "garden", "at": AT, "reference": "12"} | fields


def consented(purpose, **fields):
    return {
        "person": CAMILLE,
        "purpose": purpose.slug,
        "channel": "email",
        "given_at": AT,
        "source": "paper",
        "how": "paper",
        "wording": "J’accepte.",
    } | fields


def test_a_purchase_makes_its_customer_known_with_the_sale_as_source(program):
    answer = program.post("/purchases", bought())

    detail = ContactDetail.objects.get()
    assert answer.json() == {"recorded": True, "person": detail.prospect_id}
    assert (detail.address, detail.source.kind, detail.source.informed) == ("camille@example.test", "sale", False)
    assert Purchase.objects.get().family == "garden"


def test_a_purchase_gives_no_consent(program):
    program.post("/purchases", bought())

    assert not Act.objects.exists()


def test_an_order_told_twice_is_one(program):
    program.post("/purchases", bought())
    again = program.post("/purchases", bought(at="2026-02-02T10:00:00+01:00"))

    assert (again.status_code, again.json()["recorded"]) == (200, False)
    assert Purchase.objects.count() == 1


def test_a_notice_that_was_shown_makes_the_customer_informed(program):
    notice = make_notice()
    program.post("/purchases", bought(notice={"code": notice.code, "version": notice.version}))

    assert Source.objects.get().informed


@pytest.mark.parametrize(
    "wrong",
    [
        {"family": "unknown"},
        {"at": "2199-01-01T00:00:00Z"},
        {"at": "2026-02-01T10:00:00"},
        {"customer": {}},
        {"customer": {"email": "nonsense"}},
        {"notice": {"code": "none", "version": 1}},
        {"ticked": True},
    ],
)
def test_what_cannot_be_recorded_is_told_as_a_problem(program, wrong):
    answer = program.post("/purchases", bought(**wrong))

    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert not Prospect.objects.exists()


def test_an_older_order_does_not_bring_back_whoever_was_erased(program):
    from django.utils import timezone

    detail = make_detail("camille@example.test")
    erase_person(detail.prospect, at=timezone.now())

    assert program.post("/purchases", bought()).status_code == 422
    assert not Prospect.objects.exists()


def test_an_interaction_is_a_sign_of_life_of_somebody_known(program):
    detail = make_detail("camille@example.test")
    heard = {"person": CAMILLE, "kind": "asked", "at": AT}

    assert program.post("/interactions", heard).status_code == 201
    assert program.post("/interactions", heard).status_code == 200
    assert Interaction.objects.get().prospect == detail.prospect


def test_nobody_becomes_known_by_an_interaction(program):
    answer = program.post("/interactions", {"person": CAMILLE, "kind": "asked", "at": AT})

    assert (answer.status_code, answer.json()["type"]) == (404, "urn:loyal:problem:unknown")
    assert not Prospect.objects.exists()


def test_an_objection_stands_whoever_is_known(program):
    purpose = make_purpose()
    answer = program.post("/objections", {"person": CAMILLE, "channel": "email", "purpose": purpose.slug, "at": AT})

    assert answer.status_code == 201
    assert (Objection.objects.get().channel, Objection.objects.get().purpose) == ("email", purpose)
    assert not Prospect.objects.exists()


def test_the_same_objection_again_adds_nothing(program):
    stop = {"person": CAMILLE, "at": AT}
    program.post("/objections", stop)
    again = program.post("/objections", stop)

    assert (again.status_code, again.json()["recorded"]) == (200, False)


def test_a_consent_comes_with_its_proof(program):
    purpose = make_purpose()

    assert program.post("/consents", consented(purpose)).status_code == 201

    act = Act.objects.get(kind="given")
    assert (act.origin, act.needs_confirmation, act.evidence["wording"]) == ("api", False, "J’accepte.")
    assert Permission.objects.get().given_at is not None


def test_a_consent_without_proof_is_none(program):
    answer = program.post("/consents", consented(make_purpose(), wording=""))

    assert answer.status_code == 422
    assert not Act.objects.exists()


def test_a_consent_said_on_a_web_form_elsewhere_waits_for_a_confirmation(program):
    program.post("/consents", consented(make_purpose(), source="form", how="box ticked"))

    assert Act.objects.get(kind="given").needs_confirmation


def test_a_consent_told_twice_is_one(program):
    purpose = make_purpose()
    program.post("/consents", consented(purpose))

    assert program.post("/consents", consented(purpose)).json()["recorded"] is False
    assert Act.objects.filter(kind="given").count() == 1


def test_a_consent_lifts_no_objection(program):
    from django.utils import timezone

    purpose, detail = make_purpose(), make_detail("camille@example.test")
    record_stop(detail.address_key, channel="email", purpose_id=purpose.pk, at=timezone.now(), origin="staff")
    program.post("/consents", consented(purpose))

    decision = program.post("/decide", {"person": CAMILLE, "channel": "email", "purpose": purpose.slug}).json()
    assert (decision["allowed"], decision["verdicts"][0]["reason"]) == (False, "objected")


@pytest.mark.parametrize("source", ["public_web", "partner", "unknown"])
def test_a_consent_has_a_source_that_may_have_one(program, source):
    assert program.post("/consents", consented(make_purpose(), source=source)).status_code == 422


def test_the_verdict_says_why_with_its_sources(program):
    purpose = make_purpose()
    program.post("/consents", consented(purpose))

    decision = program.post("/decide", {"person": CAMILLE, "channel": "email", "purpose": purpose.slug}).json()

    verdict = decision["verdicts"][0]
    assert (decision["allowed"], verdict["ground"]) == (True, "consent")
    assert verdict["sources"]
    assert verdict["text"]["fr"]


def test_nobody_may_be_written_to_who_is_not_known(program):
    decision = program.post("/decide", {"person": CAMILLE, "channel": "email", "purpose": make_purpose().slug}).json()

    assert decision == {"allowed": False, "verdicts": []}


def test_permissions_are_told_as_they_stand(program):
    purpose = make_purpose()
    program.post("/consents", consented(purpose))
    program.post(
        "/objections", {"person": CAMILLE, "channel": "sms", "at": AT} | {"person": {"phone": "06 12 34 56 78"}}
    )

    held = program.post("/permissions", {"person": CAMILLE | {"phone": "+33612345678"}}).json()

    assert held["known"] is True
    assert [(one["channel"], one["purpose"], one["in_force"]) for one in held["permissions"]] == [
        ("email", purpose.slug, True)
    ]
    assert [(one["channel"], one["purpose"]) for one in held["objections"]] == [("sms", None)]
