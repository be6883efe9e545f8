"""All that happened with a person, dated, on their page."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone, translation

from campaigns.models import Bounce, Reply
from consent.vocabulary import Medium
from prospects.models import CallAttempt, Contract, InformationRequest, Interaction, LegalHold, Purchase
from prospects.rights.handling import Noted, enter
from prospects.timeline import PAGE, Place, chapters, page_of
from tests.factories import (
    make_consent,
    make_detail,
    make_marketer,
    make_message,
    make_notice,
    make_prospect,
    make_purpose,
)
from tests.prospects.admin.pages import action, objection_data
from tests.prospects.admin.pages import page_of as address_of

pytestmark = pytest.mark.django_db


def known_for_everything():
    """Somebody with an entry in every chapter but the staff's."""
    now = timezone.now()
    detail = make_detail("camille@example.test", source={"collected_at": now - timedelta(days=90)})
    prospect = detail.prospect
    make_consent(detail, make_purpose(), at=now - timedelta(days=80))
    Interaction.objects.create(prospect=prospect, kind="asked", at=now - timedelta(days=70))
    Purchase.objects.create(prospect=prospect, family="garden", at=now - timedelta(days=60), reference="F-1")
    Contract.objects.create(prospect=prospect, families=["garden"], starts_on=now.date() - timedelta(days=50))
    InformationRequest.objects.create(prospect=prospect, families=["kitchen"], at=now - timedelta(days=40))
    CallAttempt.objects.create(prospect=prospect, at=now - timedelta(days=30))
    at = now - timedelta(days=25)
    enter(Noted("access", Medium.EMAIL, detail.address, "letter", at, "signature", "fr"), by=make_marketer(), at=at)
    LegalHold.objects.create(prospect=prospect, reason="Litige", starts_at=now - timedelta(days=20), ends_at=now)
    message = make_message(detail=detail, status="sent", ground="consent", ended_at=now - timedelta(days=10))
    Bounce.objects.create(message=message, kind="soft", status="4.2.2", at=now - timedelta(days=9))
    Reply.objects.create(prospect=prospect, message=message, text="Merci", verdict="read_on", at=now)
    return prospect


def kinds(answer):
    return [entry.kind for entry, _title, _line in answer.context["page"].entries]


def test_everything_is_told_the_latest_first_staff_acts_included(client):
    prospect = known_for_everything()
    client.post(action(prospect, "objection"), objection_data())

    answer = client.get(address_of(prospect))

    told = kinds(answer)
    assert set(told) == set(chapters())
    assert [kind for kind in told if kind not in ("act", "staff", "reply")] == [
        *("bounce", "message", "hold", "rights", "call", "request", "contract", "purchase", "interaction", "source"),
    ]
    for words in ("Litige", "F-1", "kitchen", "4.2.2", "Merci", "The objection is recorded"):
        assert words in answer.content.decode()


def test_it_is_told_in_french_too_whoever_noted_it_in_english(client):
    prospect = known_for_everything()
    client.post(action(prospect, "objection"), objection_data())
    client.cookies.load({"django_language": "fr"})

    with translation.override("fr"):
        shown = client.get(address_of(prospect)).content.decode()

    assert "L’opposition est enregistrée et vaut aussitôt." in shown
    assert "Achats" in shown


@pytest.mark.parametrize("kind", ["purchase", "message", "staff"])
def test_it_can_be_narrowed_to_one_kind(client, kind):
    prospect = known_for_everything()
    LogEntry.objects.filter(object_id=str(prospect.pk)).delete()
    client.post(action(prospect, "objection"), objection_data())

    assert set(kinds(client.get(address_of(prospect), {"kind": kind}))) == {kind}


def test_a_kind_or_a_place_that_nobody_knows_is_ignored(client):
    prospect = known_for_everything()

    answer = client.get(address_of(prospect), {"kind": "nothing", "after": "9-9"})

    assert len(kinds(answer)) > 10


def test_pages_follow_each_other_and_tell_each_entry_once(client):
    prospect = make_detail().prospect
    at = timezone.now() - timedelta(days=1)
    for number in range(2 * PAGE):
        Interaction.objects.create(prospect=prospect, kind="asked", at=at)
        Purchase.objects.create(prospect=prospect, family="garden", at=at - timedelta(hours=number))
    told, after = [], ""

    while after is not None:
        page = client.get(address_of(prospect), {"after": after}).context["page"].timeline
        assert len(page.entries) <= PAGE
        told += [(entry.kind, entry.pk) for entry in page.entries]
        after = page.older

    assert len(told) == len(set(told)) == 4 * PAGE + 1


def test_a_place_is_read_as_it_was_written():
    place = Place(timezone.now(), "purchase", 12)

    assert Place.read(str(place)) == place
    assert Place.read("x-y-z") is None
    assert Place.read("99-\0-1") is None
    assert Place.read("99999999999999999999999-a-1") is None


def test_one_statement_tells_it(django_assert_num_queries):
    prospect = known_for_everything()

    with django_assert_num_queries(1):
        page_of(prospect.pk, [], list(chapters().values()))


def test_a_notice_is_shown_as_it_was_worded(client):
    purpose = make_purpose()
    make_notice({"purpose": purpose, "label_fr": "J'accepte les offres."}, information_fr="Pourquoi nous écrivons.")
    detail = make_detail(prospect=make_prospect())
    make_consent(detail, purpose)

    shown = client.get(address_of(detail.prospect)).content.decode()

    assert "J&#x27;accepte les offres." in shown
    assert "Pourquoi nous écrivons." in shown
