"""An import taken back: exactly, but for what somebody acted on since."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from consent.acts import record_acts
from consent.address_keys import address_key
from consent.models import Act, Objection, Permission
from prospects.imports.declaration import ConsentColumns
from prospects.imports.undoing import kept_lines, undo
from prospects.models import ContactDetail, Family, Import, ImportRow, Interaction, Prospect, Purchase, Source
from tests.factories import make_detail, make_message, make_prospect, make_purpose
from tests.prospects.imports.files import NOW, bring_in, outcomes
from tests.prospects.imports.test_importing import PEOPLE, state

pytestmark = pytest.mark.django_db


def test_newcomers_leave_again():
    before = state()
    run = bring_in(PEOPLE)

    assert undo(run) == {"undone": 2}

    assert state() == before
    assert run.status == "undone"
    assert outcomes(run) == ["created", "created"]  # the report stays


def test_what_a_line_brought_to_somebody_known_is_taken_back_exactly():
    known = make_prospect(first_name="Zoé", last_name="")
    make_detail(
        "zoe@example.test", prospect=known, source={"kind": "unknown", "collected_at": None}, state="quarantined"
    )
    make_detail("12 rue des Essais\n75001 Paris", medium="post", prospect=known, state="unconfirmed")
    Family.objects.create(path="garden", name_fr="Jardin")
    before = state()
    run = bring_in(
        "email,last name,phone,street,postcode,city,proof,family,purchased on,collected on\n"
        "zoe@example.test,Martin,0612345678,12 rue des Essais,75001,Paris,x,garden,2026-06-01,2026-01-15\n",
        kind="purchases",
    )
    assert outcomes(run) == ["updated"]
    assert state() != before

    assert undo(run) == {"undone": 1}

    assert state() == before


def test_an_imported_consent_is_voided_and_an_imported_objection_stays():
    purpose = make_purpose()
    run = bring_in(
        "email,collected on,on,how,wording,unsubscribed\n"
        "a@example.test,2026-01-15,2026-01-15,paper,I agree,\nb@example.test,2026-01-15,,,,2026-02-01\n",
        consents=(ConsentColumns(purpose.pk, "email", on=2, how=3, wording=4),),
    )
    assert Permission.objects.filter(channel="email").count() == 1

    assert undo(run) == {"undone": 1, "objection": 1}

    assert list(Act.objects.order_by("id").values_list("kind", flat=True)) == [
        "given",
        "withdrawn",
        "objected",
        "voided",
    ]
    voided = Act.objects.get(kind="voided")
    assert (voided.evidence, voided.about.kind) == ({"import": run.pk, "line": 2}, "given")
    assert not Permission.objects.exists()
    assert Objection.objects.get().address_key == address_key("email", "b@example.test")
    assert not Prospect.objects.exists()


def test_the_same_consent_comes_in_again_after_an_undo():
    purpose = make_purpose()
    content = "email,collected on,on,how,wording\na@example.test,2026-01-15,2026-01-15,paper,I agree\n"
    consents = (ConsentColumns(purpose.pk, "email", on=2, how=3, wording=4),)
    undo(bring_in(content, consents=consents))

    assert outcomes(bring_in(content, consents=consents)) == ["created"]
    assert Permission.objects.get().withdrawn_at is None


def act_by_message(prospect):
    make_message(detail=prospect.details.first())


def act_by_interaction(prospect):
    Interaction.objects.create(prospect=prospect, kind="clicked", at=timezone.now())


def act_by_staff(prospect):
    Prospect.objects.filter(pk=prospect.pk).update(company="Maison Exemple")


def act_by_a_further_source(prospect):
    detail = prospect.details.first()
    Source.objects.create(prospect=prospect, also_of=detail, kind="event", collected_at=NOW)


def act_by_word(prospect):
    key = prospect.details.get(medium="email").address_key
    record_acts([Act(kind="informed", address_key=key, key_id=1, at=NOW, origin="form")])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "act", [act_by_message, act_by_interaction, act_by_staff, act_by_a_further_source, act_by_word]
)
def test_whoever_was_acted_on_since_is_kept_and_named(act):
    run = bring_in(PEOPLE)
    act(Prospect.objects.get(first_name="Zoé"))

    assert undo(run) == {"undone": 1, "kept": 1}

    assert [prospect.first_name for prospect in Prospect.objects.all()] == ["Zoé"]
    assert ContactDetail.objects.count() == 2
    assert [row.line for row in kept_lines(run, 10)] == [2]


def test_another_import_of_the_same_people_is_not_taken_back_with_this_one():
    first = bring_in(PEOPLE)
    second = bring_in(PEOPLE, place="Fair")
    assert outcomes(second) == ["updated", "updated"]

    assert undo(second) == {"undone": 2}
    assert undo(first) == {"undone": 2}
    assert not Prospect.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_purchase_that_somebody_corrected_stays():
    Family.objects.create(path="garden", name_fr="Jardin")
    make_detail("a@example.test")
    run = bring_in(
        "email,family,purchased on,reference,collected on\na@example.test,garden,2026-06-01,17,2026-01-15\n",
        kind="purchases",
    )
    Purchase.objects.update(reference="18")

    assert undo(run) == {"kept": 1}
    assert Purchase.objects.exists()


def test_an_import_cannot_be_undone_before_its_end_nor_after_30_days_nor_twice():
    run = bring_in(PEOPLE)
    Import.objects.filter(pk=run.pk).update(status="running")
    with pytest.raises(ValidationError):
        undo(run)
    Import.objects.filter(pk=run.pk).update(status="done", upload="")
    with pytest.raises(ValidationError) as refused:
        undo(run)
    assert refused.value.code == "erased"
    assert Prospect.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_database_restored_since_refuses_the_undo():
    run = bring_in(PEOPLE)
    with connection.cursor() as cursor:  # as a restore does: every row is written anew
        cursor.execute("UPDATE prospects_importrow SET line = line")

    with pytest.raises(ValidationError) as refused:
        undo(run)
    assert refused.value.code == "restored"


def test_the_report_forgets_values_of_a_person_erased():
    known = make_prospect(first_name="", last_name="")
    make_detail("zoe@example.test", prospect=known)
    bring_in(PEOPLE)
    assert "Martin" in str(ImportRow.objects.values_list("gains", flat=True))

    Prospect.objects.filter(pk=known.pk).delete()

    assert "Martin" not in str(ImportRow.objects.values_list("gains", flat=True))
