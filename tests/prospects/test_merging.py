"""Merging two prospects who are one person."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from consent.models import Objection
from prospects.merging import merge
from prospects.models import ContactDetail, Contract, Interaction, LegalHold, Prospect, Purchase, Source
from prospects.objections import Told, ToldBy, record_told_objection
from prospects.retention import erase_person
from tests.factories import make_detail, make_prospect
from tests.prospects.silence import AT, LATELY, LONG_AGO

pytestmark = pytest.mark.django_db
PHONE = {"address": "+33199001234", "medium": "phone"}


def known(email, place, *, collected_at=LONG_AGO, **person):
    prospect = make_prospect(**person)
    source = {"kind": "event", "place": place, "collected_at": collected_at, "informed": True}
    make_detail(email, prospect=prospect, source=source)
    make_detail(**PHONE, prospect=prospect, source=source)
    return prospect


def test_both_provenances_are_kept_and_a_shared_address_is_kept_once():
    kept, gone = known("a@example.test", "Lyon"), known("b@example.test", "Lille")

    merge(kept, gone)

    assert Prospect.objects.get() == kept
    assert sorted(kept.details.values_list("address", flat=True)) == [
        "+33199001234",
        "a@example.test",
        "b@example.test",
    ]
    phone = ContactDetail.objects.get(medium="phone")
    assert phone.source.place == "Lyon"
    assert phone.further_sources.get().place == "Lille"
    assert Source.objects.filter(prospect=kept).count() == 4


def test_of_a_shared_address_the_one_whose_source_is_known_is_kept():
    kept, gone = make_prospect(), known("b@example.test", "Lille")
    unknown = make_detail(**PHONE, prospect=kept, source={"kind": "unknown", "collected_at": None}, state="quarantined")

    merge(kept, gone)

    phone = ContactDetail.objects.get(medium="phone")
    assert (phone.prospect, phone.state, phone.source.place) == (kept, "usable", "Lille")
    assert phone.further_sources.get() == unknown.source


@pytest.mark.parametrize("which", [0, 1])
def test_a_shared_address_that_is_undeliverable_on_either_record_stays_so(which):
    people = known("a@example.test", "Lyon"), known("b@example.test", "Lille")
    people[which].details.filter(medium="phone").update(state="undeliverable")

    merge(*people)

    assert ContactDetail.objects.get(medium="phone").state == "undeliverable"


def test_whoever_asks_to_be_erased_while_their_record_is_merged_is_erased_all_the_same():
    kept, gone = known("a@example.test", "Lyon"), known("b@example.test", "Lille")
    asked = Prospect.objects.get(pk=gone.pk)
    merge(kept, gone)

    assert erase_person(asked, AT).erased_prospects == 1

    assert not Prospect.objects.exists()


def test_an_objection_told_while_their_record_is_merged_stands_at_every_address():
    kept, gone = known("a@example.test", "Lyon"), known("b@example.test", "Lille")
    asked = Prospect.objects.get(pk=gone.pk)
    merge(kept, gone)

    record_told_objection(asked, Told(at=AT, by=ToldBy.PHONE, noted_by="ada"), channel="email", purpose=None)

    assert set(Objection.objects.values_list("address_key", flat=True)) == set(
        kept.details.filter(medium="email").values_list("address_key", flat=True)
    )


def test_what_the_person_did_moves_along_and_keeps_every_address():
    kept, gone = known("a@example.test", "Lyon"), known("b@example.test", "Lille")
    for person in (kept, gone):
        Purchase.objects.create(prospect=person, family="garden", at=LATELY, reference="F-1")
    Interaction.objects.create(prospect=gone, kind="clicked", at=AT)
    Contract.objects.create(prospect=gone, families=["garden"], starts_on=date(2026, 1, 1))
    LegalHold.objects.create(prospect=gone, reason="claim", starts_at=AT, ends_at=AT + timedelta(1))

    merge(kept, gone)

    assert kept.purchases.count() == kept.interactions.count() == kept.contracts.count() == kept.holds.count() == 1
    assert set(ContactDetail.objects.values_list("active_at", flat=True)) == {AT}


def test_merging_alone_moves_no_clock_of_an_address():
    kept = known("a@example.test", "Lyon")
    merge(kept, known("b@example.test", "Lille", collected_at=LATELY))

    clocks = dict(ContactDetail.objects.values_list("address", "active_at"))
    assert clocks == {"a@example.test": LONG_AGO, "b@example.test": LATELY, "+33199001234": LONG_AGO}


def test_what_was_unknown_is_filled_in_and_a_restriction_is_never_lost():
    kept = known("a@example.test", "Lyon", first_name="Zoé", last_name="")
    gone = known("b@example.test", "Lille", first_name="Chloé", last_name="Martin", restricted_at=AT)

    kept = merge(kept, gone)

    assert (kept.first_name, kept.last_name, kept.restricted_at) == ("Zoé", "Martin", AT)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"kind": "individual"}, {"kind": "professional"}),
        ({"born_on": date(1990, 1, 1)}, {"born_on": date(2015, 1, 1)}),
    ],
)
def test_two_people_are_not_made_one(one, other):
    with pytest.raises(ValidationError):
        merge(known("a@example.test", "Lyon", **one), known("b@example.test", "Lille", **other))
    assert Prospect.objects.count() == 2


def test_staff_merge_the_two_people_they_chose(admin_client):
    kept, gone = known("a@example.test", "Lyon"), known("b@example.test", "Lille")
    page = reverse("admin:prospects_prospect_changelist")

    admin_client.post(page, {"action": "merge_people", "_selected_action": [gone.pk]})
    assert Prospect.objects.count() == 2
    screen = admin_client.post(page, {"action": "merge_people", "_selected_action": [gone.pk, kept.pk]}).url
    assert Prospect.objects.count() == 2
    admin_client.post(screen)

    assert Prospect.objects.get() == kept
