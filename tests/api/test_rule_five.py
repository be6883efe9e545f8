"""Rule 5: nothing that is ordered, asked for or served through the interface depends on a consent, or makes one."""

import pytest
from django.utils import timezone

from api.urls import api
from consent.acts import record_stop
from consent.address_keys import address_key
from consent.models import Act
from prospects.models import Family, Interaction, PendingSignup, Purchase
from tests.factories import make_consent, make_detail, make_form, make_purpose

pytestmark = pytest.mark.django_db
AT = "2026-02-01T10:00:00+01:00"
EMAIL = "camille@example.test"


@pytest.fixture
def somebody(request, program):
    """Somebody who agreed, never said anything, withdrew, or refused everything."""
    Family.objects.get_or_create(path="garden", name_fr="Jardin")
    make_form(slug="lettre")
    detail, purpose = make_detail(EMAIL), make_purpose()
    if request.param in ("agreed", "withdrew"):
        make_consent(detail, purpose)
    if request.param == "withdrew":
        record_stop(detail.address_key, channel="email", purpose_id=purpose.pk, at=timezone.now(), origin="staff")
    if request.param == "refused everything":
        record_stop(address_key("email", EMAIL), channel=None, purpose_id=None, at=timezone.now(), origin="staff")
    return detail


everybody = pytest.mark.parametrize("somebody", ["silent", "agreed", "withdrew", "refused everything"], indirect=True)


@everybody
def test_an_order_is_taken_from_everybody_alike_and_says_nothing_of_consent(program, somebody):
    before = Act.objects.count()
    order = {"customer": {"email": EMAIL}, "family": "garden", "at": AT, "reference": "12"}

    answer = program.post("/purchases", order)

    assert (answer.status_code, answer.json()) == (201, {"recorded": True, "person": somebody.prospect_id})
    assert Purchase.objects.get().prospect_id == somebody.prospect_id
    assert Act.objects.count() == before


@everybody
def test_a_question_is_noted_for_everybody_alike(program, somebody):
    answer = program.post("/interactions", {"person": {"email": EMAIL}, "kind": "asked", "at": AT})

    assert (answer.status_code, answer.json()["recorded"]) == (201, True)
    assert Interaction.objects.filter(prospect=somebody.prospect, kind="asked").exists()


@everybody
def test_whoever_asks_for_what_a_form_gives_is_answered_alike(program, somebody):
    answer = program.post("/signups", {"form": "lettre", "version": 1, "person": {"email": EMAIL}})

    assert (answer.status_code, answer.json()) == (202, {"status": "to_confirm"})
    assert PendingSignup.objects.get().asks_at_confirmation


@everybody
def test_an_objection_is_taken_from_everybody(program, somebody):
    assert program.post("/objections", {"person": {"email": EMAIL}, "at": AT}).status_code in (200, 201)


def test_only_the_request_that_records_a_consent_has_a_place_for_one():
    document = api.get_openapi_schema()
    schemas = document["components"]["schemas"]

    def words(schema):
        """Every name of a field within a request, whatever holds it."""
        for name, part in schema.get("properties", {}).items():
            yield name
            yield from words(part)
        for part in (schema, schema.get("items", {}), *schema.get("anyOf", ()), *schema.get("allOf", ())):
            if "$ref" in part:
                yield from words(schemas[part["$ref"].rpartition("/")[2]])

    asked = {
        path.removeprefix("/api/v1"): set(words(operation["requestBody"]["content"]["application/json"]["schema"]))
        for path, operations in document["paths"].items()
        for operation in operations.values()
        if "requestBody" in operation
    }
    with_consent = {"wording", "how", "given_at"}

    assert with_consent <= asked.pop("/consents")
    assert {"customer", "email", "family"} <= asked["/purchases"]
    for path, names in asked.items():
        assert not [name for name in names if "consent" in name or "box" in name or "tick" in name], path
        assert not {"wording", "given_at"} & names, path
