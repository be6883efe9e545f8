"""What staff note about their dealings with a person, and what follows from it."""

from datetime import UTC, datetime, timedelta

import pytest

from consent.law import Channel, Message, may_contact
from prospects.dealings import record_call, record_purchase, record_request, take_back_purchase
from prospects.facts import facts_of
from prospects.models import CallAttempt, ContactDetail, InformationRequest, Interaction, Purchase
from tests.factories import make_detail, make_purpose

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 24, 10, tzinfo=UTC)
LONG_AGO = AT - timedelta(days=1000)


@pytest.fixture
def detail() -> ContactDetail:
    source = {"kind": "sale", "collected_at": LONG_AGO, "informed": True}
    return make_detail("+33199001234", medium="phone", source=source)


def test_a_purchase_is_a_sign_of_life_and_taken_back_it_was_none(detail):
    purchase = Purchase(prospect=detail.prospect, family="garden", at=AT)
    record_purchase(purchase)
    detail.refresh_from_db()
    assert detail.active_at == AT
    assert Interaction.objects.get().kind == "ordered"

    take_back_purchase(purchase)

    detail.refresh_from_db()
    assert detail.active_at == LONG_AGO
    assert not Interaction.objects.exists()


def test_a_request_allows_one_call_back_that_a_call_nobody_took_does_not_use_up(detail):
    message = Message(Channel.PHONE, make_purpose().slug, frozenset({"garden/tools"}))
    record_request(InformationRequest(prospect=detail.prospect, families=["garden"], at=AT))

    def ground(at: datetime) -> object:
        verdict = may_contact(facts_of(detail, message, at).facts, message, at=at)
        return verdict.ground

    assert ground(AT) == "request"
    record_call(CallAttempt(prospect=detail.prospect, at=AT + timedelta(minutes=5)), noted_by="ana")
    assert ground(AT + timedelta(hours=1)) == "request"

    talked = CallAttempt(prospect=detail.prospect, at=AT + timedelta(hours=1), outcome="talked")
    record_call(talked, noted_by="ana")

    assert ground(AT + timedelta(hours=2)) is None


@pytest.mark.parametrize(("attempts", "allowed"), [(3, True), (4, False)])
def test_four_attempts_in_thirty_days_are_the_most(detail, attempts, allowed):
    message = Message(Channel.PHONE, make_purpose().slug, frozenset({"garden"}))
    for day in range(attempts):
        CallAttempt.objects.create(prospect=detail.prospect, at=AT - timedelta(days=30 - day))
    record_request(InformationRequest(prospect=detail.prospect, families=["garden"], at=AT))

    verdict = may_contact(facts_of(detail, message, AT).facts, message, at=AT)

    assert verdict.allowed is allowed
