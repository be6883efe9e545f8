"""One page per person for staff."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consent.models import Objection
from prospects.models import (
    CallAttempt,
    Contract,
    InformationRequest,
    Interaction,
    LegalHold,
    Purchase,
)
from tests.factories import make_consent, make_detail, make_message, make_notice, make_prospect, make_purpose
from tests.prospects.admin.pages import LIST, page_of

pytestmark = pytest.mark.django_db


def test_one_page_shows_all_that_is_known_of_a_person(client):
    purpose = make_purpose(name_en="Our offers")
    notice = make_notice(
        {"purpose": purpose, "label_fr": "J'accepte les offres."}, information_fr="Pourquoi, combien de temps."
    )
    prospect = make_prospect(first_name="Camille", last_name="Exemple")
    detail = make_detail("camille@example.test", prospect=prospect, source={"place": "Foire de Lyon", "notice": notice})
    make_detail("01 99 00 12 34", medium="phone", prospect=prospect)
    make_consent(detail, purpose)
    Objection.objects.create(address_key=detail.address_key, key_id=1, channel="sms", at=timezone.now())
    Interaction.objects.create(prospect=prospect, kind="asked", at=timezone.now())
    Purchase.objects.create(prospect=prospect, family="garden/tools", at=timezone.now(), reference="F-1")
    Contract.objects.create(prospect=prospect, families=["garden"], starts_on="2026-01-02")
    InformationRequest.objects.create(prospect=prospect, families=["kitchen"], at=timezone.now())
    CallAttempt.objects.create(prospect=prospect, at=timezone.now(), note="rappeler jeudi")
    LegalHold.objects.create(
        prospect=prospect, reason="Litige 12", starts_at=timezone.now(), ends_at=timezone.now() + timedelta(days=9)
    )
    message = make_message(detail=detail, ground="consent", status="sent", message_id=None)

    shown = client.get(page_of(prospect)).content.decode()

    for known in (
        *("Camille Exemple", "camille@example.test", "+33199001234"),
        *("Foire de Lyon", str(notice), "Pourquoi, combien de temps.", "J&#x27;accepte les offres.", "Our offers"),
        *("Consent given", "Consent confirmed", "SMS", "Asked for information"),
        *("garden/tools", "kitchen", "rappeler jeudi", "Litige 12", message.campaign.name, "sent"),
    ):
        assert known in shown


def test_a_hold_a_restriction_and_a_general_objection_are_said_first(client):
    now = timezone.now()
    detail = make_detail(prospect=make_prospect(restricted_at=now))
    Objection.objects.create(address_key=detail.address_key, key_id=1, at=now)
    for days in (-1, 9):
        LegalHold.objects.create(
            prospect=detail.prospect, reason="Litige", starts_at=now - timedelta(9), ends_at=now + timedelta(days)
        )

    warnings = client.get(page_of(detail.prospect)).context["page"].warnings

    assert [warning.split()[0:3] for warning in warnings] == [
        ["On", "hold", "until"],
        ["The", "person", "asked"],
        ["The", "person", "objected"],
    ]


def test_a_page_takes_as_many_queries_however_much_is_known(client, django_assert_max_num_queries):
    purpose = make_purpose()
    prospect = make_prospect()
    for number in range(12):
        detail = make_detail(f"p{number}@example.test", prospect=prospect)
        make_consent(detail, purpose)
        make_message(detail=detail, ground="consent", status="sent")
        Interaction.objects.create(prospect=prospect, kind="asked", at=timezone.now())
        Purchase.objects.create(prospect=prospect, family="garden", at=timezone.now())
        CallAttempt.objects.create(prospect=prospect, at=timezone.now())

    with django_assert_max_num_queries(20):
        client.get(page_of(prospect))


def test_the_list_takes_as_many_queries_however_many_people(client, django_assert_max_num_queries):
    for number in range(30):
        make_detail(prospect=make_prospect(first_name=f"Camille{number}"))

    with django_assert_max_num_queries(8) as queries:
        assert "Camille29" in client.get(LIST).content.decode()
    with django_assert_max_num_queries(8):
        assert "Camille7" in client.get(LIST, {"q": "camille7"}).content.decode()

    assert not [query["sql"] for query in queries if "COUNT" in query["sql"] and "LIMIT" not in query["sql"]]


def test_the_search_box_finds_a_person_in_spite_of_accents_and_case(client):
    make_detail("elodie@example.test", prospect=make_prospect(first_name="Élodie", last_name="Exemple"))
    make_detail("zoe@example.test", prospect=make_prospect(first_name="Zoé", last_name="Autre"))

    for typed in ("elodie", "ÉLODIE", "exem elo", "Elodie@example.test", "elodie@ex"):
        assert [person.first_name for person in client.get(LIST, {"q": typed}).context["cl"].result_list] == ["Élodie"]
