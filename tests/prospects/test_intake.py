"""Who comes in, and how."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from consent.address_keys import address_key
from consent.models import Act
from consent.vocabulary import Medium
from prospects.intake import ForbiddenSource, Person, Provenance, record_interaction, take_in
from prospects.models import ContactDetail, Interaction, Prospect, Source, SourceRefusal
from tests.factories import make_detail, make_notice, make_prospect
from tests.prospects.together import together

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
FORM = Provenance("form", NOW, place="/s/lettre/", informed=True, evidence={"page": "/s/lettre/"})

NOBODY = Person()


def arrive(
    email: str = "zoe@example.test", *, provenance: Provenance = FORM, person: Person = NOBODY, **more: Any
) -> Prospect:
    return take_in(person, {Medium.EMAIL: email}, provenance, at=NOW, door="form", **more)


def test_a_newcomer_is_kept_with_a_detail_and_its_source():
    notice = make_notice()
    person = Person(first_name="Zoé", last_name="Martin", language="en")

    prospect = arrive(
        " Zoé@Example.test",
        person=person,
        provenance=Provenance("form", NOW, collected_by="web", place="/s/lettre/", notice=notice, informed=True),
    )

    detail = prospect.details.get()
    assert (prospect.first_name, prospect.language) == ("Zoé", "en")
    assert (detail.address, detail.state) == ("zoé@example.test", "usable")
    assert detail.address_key == address_key("email", "zoé@example.test")
    assert detail.active_at == NOW
    assert (detail.source.kind, detail.source.notice, detail.source.informed) == ("form", notice, True)


def test_an_address_differing_only_in_case_is_the_same_person():
    assert arrive("zoe@example.test") == arrive("ZOE@EXAMPLE.TEST")
    assert Prospect.objects.count() == ContactDetail.objects.count() == Source.objects.count() == 1


def test_a_detail_without_a_source_cannot_exist():
    with pytest.raises(IntegrityError), transaction.atomic():
        ContactDetail.objects.create(
            prospect=make_prospect(),
            medium="email",
            address="x",
            address_key=address_key("email", "x@example.test"),
            key_id=1,
        )


def test_a_source_on_the_public_web_cannot_exist():
    with pytest.raises(IntegrityError), transaction.atomic():
        Source.objects.create(prospect=make_prospect(), kind="public_web", collected_at=NOW)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("door", ["form", "import", "staff"])
def test_details_from_the_public_web_are_refused_and_only_counted_even_where_all_is_undone(door):
    for _ in range(2):
        with pytest.raises(ForbiddenSource), transaction.atomic():
            take_in(
                Person(last_name="Martin"),
                {Medium.EMAIL: "zoe@example.test"},
                Provenance("public_web", NOW),
                at=NOW,
                door=door,
            )

    assert not Prospect.objects.exists() and not ContactDetail.objects.exists() and not Source.objects.exists()
    refusal = SourceRefusal.objects.get()
    assert (refusal.day.isoformat(), refusal.door, refusal.count) == ("2026-11-20", door, 2)
    assert "zoe" not in str(SourceRefusal.objects.values())


def test_the_refusal_of_the_public_web_is_explained_in_both_languages():
    with translation.override("en"):
        assert "did not give you" in str(ForbiddenSource().message)
    with translation.override("fr"):
        assert "Internet" in str(ForbiddenSource().message)


def test_an_unknown_source_goes_to_quarantine():
    assert arrive(provenance=Provenance("unknown")).details.get().state == "quarantined"


def test_a_source_without_its_day_is_unknown_whatever_it_claims():
    detail = arrive(provenance=Provenance("sale", None, evidence={"invoice": "7"})).details.get()

    assert (detail.state, detail.source.kind) == ("quarantined", "unknown")


def test_a_source_with_evidence_ends_the_quarantine_and_the_first_provenance_is_kept():
    arrive(provenance=Provenance("unknown", place="old file"))

    detail = arrive(provenance=Provenance("paper", NOW - timedelta(days=3), evidence={"scan": "17"})).details.get()

    assert (detail.state, detail.source.kind) == ("usable", "paper")
    assert detail.active_at == NOW - timedelta(days=3)
    assert [source.place for source in detail.further_sources.all()] == ["old file"]


def test_a_source_without_evidence_leaves_the_quarantine_as_it_is():
    arrive(provenance=Provenance("unknown"))

    detail = arrive(provenance=Provenance("paper", NOW - timedelta(days=3))).details.get()

    assert (detail.state, detail.source.kind) == ("quarantined", "unknown")
    assert detail.further_sources.count() == 1


def test_a_collection_still_to_come_is_refused():
    with pytest.raises(ValidationError):
        arrive(provenance=Provenance("form", NOW + timedelta(seconds=1)))


def test_a_partner_must_be_named():
    with pytest.raises(ValidationError):
        arrive(provenance=Provenance("partner", NOW))


def test_no_import_moves_the_clock_of_a_known_detail_forward():
    first = arrive(provenance=Provenance("form", NOW - timedelta(days=900), evidence={"page": "x"}))

    again = take_in(
        Person(), {Medium.EMAIL: "zoe@example.test"}, Provenance("event", NOW, place="Fair"), at=NOW, door="import"
    )

    detail = first.details.get()
    assert again == first
    assert detail.active_at == NOW - timedelta(days=900)
    assert detail.further_sources.get().place == "Fair"


def test_the_same_provenance_twice_is_kept_once():
    arrive(provenance=Provenance("form", NOW - timedelta(days=900)))
    for _ in range(2):
        arrive(provenance=Provenance("event", NOW, place="Fair"))

    assert Source.objects.count() == 2


def test_only_the_person_moves_the_clock():
    prospect = arrive(provenance=Provenance("form", NOW - timedelta(days=900)))

    assert record_interaction(prospect, Interaction.Kind.CLICKED, NOW)

    assert prospect.details.get().active_at == NOW


def test_an_interaction_with_somebody_erased_says_so():
    prospect = arrive()
    Prospect.objects.filter(pk=prospect.pk).delete()

    assert not record_interaction(prospect, Interaction.Kind.CLICKED, NOW)


def test_what_was_unknown_is_filled_in_and_what_was_known_stays():
    first = arrive(person=Person(first_name="Zoé"))

    arrive(person=Person(first_name="Zoe", last_name="Martin"))

    first.refresh_from_db()
    assert (first.first_name, first.last_name) == ("Zoé", "Martin")


def test_a_shared_phone_names_nobody_where_the_names_differ():
    phone = {Medium.PHONE: "+33199001234"}
    zoe = take_in(Person(first_name="Zoé", last_name="Martin"), phone, FORM, at=NOW, door="staff")
    leo = take_in(Person(first_name="Léo", last_name="Martin"), phone, FORM, at=NOW, door="staff")
    zoe_again = take_in(Person(first_name="ZOE", last_name="martin"), phone, FORM, at=NOW, door="staff")

    assert zoe_again == zoe != leo


def test_a_new_email_address_never_joins_somebody_by_a_phone_number_anybody_may_type():
    known = take_in(
        Person(), {Medium.EMAIL: "zoe@example.test", Medium.PHONE: "+33199001234"}, FORM, at=NOW, door="form"
    )

    other = take_in(
        Person(), {Medium.EMAIL: "mallory@example.test", Medium.PHONE: "+33199001234"}, FORM, at=NOW, door="form"
    )

    assert other != known


def test_unconfirmed_media_wait_until_they_are_seen_confirmed():
    addresses = {Medium.EMAIL: "zoe@example.test", Medium.POST: "1 rue des Essais\n75001 Paris"}
    prospect = take_in(Person(), addresses, FORM, at=NOW, door="form", unconfirmed={Medium.POST})
    assert dict(prospect.details.values_list("medium", "state")) == {"email": "usable", "post": "unconfirmed"}

    take_in(Person(), addresses, FORM, at=NOW, door="staff")

    assert dict(prospect.details.values_list("medium", "state")) == {"email": "usable", "post": "usable"}


def test_an_address_with_acts_under_an_older_secret_keeps_that_key(settings):
    settings.ADDRESS_KEYS = {1: "first"}
    old = address_key("email", "zoe@example.test")
    Act.objects.create(kind="objected", address_key=old, key_id=1, at=NOW, origin="staff")
    settings.ADDRESS_KEYS = {1: "first", 2: "second"}

    assert arrive().details.get().address_key == old
    assert arrive("new@example.test").details.get().key_id == 2


def test_a_detail_known_under_an_older_secret_is_the_same_person(settings):
    settings.ADDRESS_KEYS = {1: "first"}
    known = arrive()
    settings.ADDRESS_KEYS = {1: "first", 2: "second"}

    assert arrive() == known


@pytest.mark.django_db(transaction=True)
def test_simultaneous_signups_of_one_address_are_one_person():
    results = together(*[lambda: arrive("zoe@example.test")] * 4)

    assert len({result.pk if isinstance(result, Prospect) else result for result in results}) == 1
    assert Prospect.objects.count() == ContactDetail.objects.count() == 1


def test_a_detail_made_by_the_factories_is_found():
    known = make_detail("zoe@example.test")

    assert arrive().pk == known.prospect_id


def test_the_month_to_tell_runs_from_the_collection_or_from_the_day_a_partner_gave_it():
    week = timedelta(days=7)
    assert (
        arrive("a@example.test", provenance=Provenance("paper", NOW - week)).details.get().source.obtained_at
        == NOW - week
    )
    by_partner = Provenance("partner", NOW - week, partner="Atelier Exemple")
    assert arrive("b@example.test", provenance=by_partner).details.get().source.obtained_at == NOW
