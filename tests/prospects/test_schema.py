"""What the database itself makes impossible, and what it follows by itself."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from campaigns.models import Message
from prospects.models import ContactDetail, Interaction, LegalHold, Prospect, Purchase, Source
from tests.factories import make_detail, make_message, make_prospect

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY = timedelta(days=1)

FOREIGN_KEYS_TO_PEOPLE = """
SELECT conrelid::regclass::text, confdeltype::text FROM pg_constraint
WHERE contype = 'f' AND confrelid IN ('prospects_prospect'::regclass, 'prospects_contactdetail'::regclass)
"""


def test_every_foreign_key_to_people_is_followed_by_the_database():
    with connection.cursor() as cursor:
        cursor.execute(FOREIGN_KEYS_TO_PEOPLE)
        rules = cursor.fetchall()

    assert len(rules) >= 10
    assert {rule for _table, rule in rules} <= {"c", "n"}, rules


def test_a_detail_cannot_exist_without_a_source():
    prospect = make_prospect()
    with pytest.raises(IntegrityError), transaction.atomic():
        ContactDetail.objects.create(
            prospect=prospect, medium="email", address="a@example.test", address_key="0" * 32, key_id=1
        )


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "public_web", "collected_at": NOW},
        {"kind": "form", "collected_at": None},
        {"kind": "partner", "collected_at": NOW, "partner": ""},
    ],
)
def test_a_source_on_the_public_web_or_without_its_day_or_partner_cannot_be_stored(fields):
    prospect = make_prospect()
    with pytest.raises(IntegrityError), transaction.atomic():
        Source.objects.create(prospect=prospect, **fields)


def test_an_email_address_belongs_to_one_prospect_only():
    make_detail("camille@example.test")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_detail("Camille@Example.test")


def test_a_postal_address_may_be_shared_by_a_household():
    first = make_detail("1 rue des Essais\n75001 Paris", medium="post")
    second = make_detail("1, RUE DES ESSAIS\n75001 PARIS", medium="post")

    assert first.address_key == second.address_key


def test_the_clock_is_the_latest_of_collection_interaction_and_transaction():
    detail = make_detail(source={"collected_at": NOW})
    prospect = detail.prospect

    def clock():
        detail.refresh_from_db()
        return detail.active_at

    assert clock() == NOW
    Interaction.objects.create(prospect=prospect, kind="clicked", at=NOW + DAY)
    assert clock() == NOW + DAY
    Purchase.objects.create(prospect=prospect, family="garden", at=NOW + 2 * DAY)
    assert clock() == NOW + 2 * DAY
    Interaction.objects.create(prospect=prospect, kind="replied", at=NOW - DAY)
    assert clock() == NOW + 2 * DAY, "an older sign moves nothing"
    Purchase.objects.all().delete()
    assert clock() == NOW + DAY, "what is taken back no longer counts"
    Source.objects.update(collected_at=NOW + 3 * DAY)
    assert clock() == NOW + 3 * DAY


def test_a_new_detail_of_a_known_person_starts_from_what_the_person_did():
    prospect = make_detail(source={"collected_at": NOW}).prospect
    Interaction.objects.create(prospect=prospect, kind="clicked", at=NOW + DAY)

    second = make_detail(prospect=prospect, source={"collected_at": NOW - DAY})

    second.refresh_from_db()
    assert second.active_at == NOW + DAY


def test_erasing_a_person_leaves_the_messages_with_nobody_in_them():
    message = make_message()
    Purchase.objects.create(prospect=message.detail.prospect, family="garden", at=NOW)

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM prospects_prospect")

    assert not any(model.objects.exists() for model in (Prospect, ContactDetail, Source, Purchase))
    assert Message.objects.get().detail_id is None


@pytest.mark.parametrize(("reason", "days"), [("", 1), ("claim", -1)])
def test_a_hold_without_a_reason_or_that_ends_before_it_starts_cannot_be_stored(reason, days):
    now = datetime.now(UTC)
    with pytest.raises(IntegrityError), transaction.atomic():
        LegalHold.objects.create(
            prospect=make_prospect(), reason=reason, starts_at=now, ends_at=now + timedelta(days=days)
        )
