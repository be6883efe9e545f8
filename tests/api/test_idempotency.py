"""A request that names itself is done once."""

import pytest

from api.idempotency import forget_requests
from api.models import IdempotentRequest
from prospects.models import Family, Prospect, Purchase

pytestmark = pytest.mark.django_db
BOUGHT = {"customer": {"email": "camille@example.test"}, "family": "garden", "at": "2026-02-01T10:00:00+01:00"}
NAMED = {"Idempotency-Key": "order-12"}


@pytest.fixture(autouse=True)
def family(program):
    Family.objects.create(path="garden", name_fr="Jardin")


def test_the_same_request_again_gets_the_same_answer_and_does_nothing(program):
    first = program.post("/purchases", BOUGHT, **NAMED)
    Purchase.objects.all().delete()
    second = program.post("/purchases", BOUGHT, **NAMED)

    assert (second.status_code, second.json()) == (201, first.json())
    assert second["Idempotent-Replayed"] == "true"
    assert not Purchase.objects.exists()


def test_a_name_is_for_one_request(program):
    program.post("/purchases", BOUGHT, **NAMED)
    answer = program.post("/purchases", BOUGHT | {"reference": "other"}, **NAMED)

    assert (answer.status_code, answer.json()["type"]) == (422, "urn:loyal:problem:idempotency")


def test_a_request_that_failed_may_be_sent_again(program):
    assert program.post("/purchases", BOUGHT | {"family": "none"}, **NAMED).status_code == 422
    assert program.post("/purchases", BOUGHT, **NAMED).status_code == 201
    assert Prospect.objects.count() == 1


def test_names_are_forgotten_after_a_day(program):
    from datetime import timedelta

    from django.utils import timezone

    program.post("/purchases", BOUGHT, **NAMED)
    assert forget_requests(timezone.now()) == 0
    assert forget_requests(timezone.now() + timedelta(days=1, seconds=1)) == 1
    assert not IdempotentRequest.objects.exists()
