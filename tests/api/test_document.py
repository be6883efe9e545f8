"""The document says all that the interface does: whatever is asked, no 500 and no answer that it does not tell."""

import json

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.urls import api
from campaigns.models import Campaign
from prospects.models import Family
from tests.factories import make_campaign

pytestmark = pytest.mark.django_db(transaction=True)
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


schema = schemathesis.openapi.from_dict(json.loads(json.dumps(api.get_openapi_schema(), default=str)))


@schema.parametrize()
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_operation_answers_as_documented(case, program, live_server):
    Family.objects.get_or_create(path="garden", name_fr="Jardin")
    if not Campaign.objects.filter(pk=1).exists():
        make_campaign(pk=1)

    answer = case.call(base_url=live_server.url, headers={"Authorization": f"Bearer {program.secret}"})

    case.validate_response(answer, checks=CHECKS)


def test_the_page_that_shows_the_document_is_served_by_loyal_alone(client):
    page = client.get("/api/v1/docs").content.decode()

    assert "https://" not in page.replace("https://www.w3.org", "")


def test_an_address_that_does_not_exist_is_a_problem_too(client):
    answer = client.get("/api/v1/nothing")

    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
