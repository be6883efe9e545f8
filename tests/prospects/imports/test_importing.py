"""What comes in, what is refused, and what nothing in a file can do."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from consent.acts import record_acts, record_stop
from consent.address_keys import address_key
from consent.models import Act, Objection, Permission
from prospects.forbidden_sources import ForbiddenSource
from prospects.imports import running, uploads
from prospects.imports.declaration import ConsentColumns
from prospects.models import (
    Activity,
    ContactDetail,
    Contract,
    Family,
    Import,
    ImportRow,
    Interaction,
    Prospect,
    Purchase,
    Source,
)
from tests.factories import make_detail, make_notice, make_prospect, make_purpose
from tests.prospects.imports.files import NOW, bring_in, outcomes, upload

pytestmark = pytest.mark.django_db

PEOPLE = """email;prénom;nom;téléphone;collecté le
zoe@example.test;Zoé;Martin;06 12 34 56 78;15/01/2026
leo@example.test;Léo;Petit;;2026-02-01
"""


def test_people_come_in_with_their_details_and_sources():
    notice = make_notice()

    run = bring_in(PEOPLE, notice_id=notice.pk, collected_by="Camille")

    assert outcomes(run) == ["created", "created"]
    zoe = Prospect.objects.get(first_name="Zoé")
    assert dict(zoe.details.values_list("medium", "address")) == {
        "email": "zoe@example.test",
        "phone": "+33612345678",
    }
    detail = zoe.details.get(medium="email")
    assert detail.address_key == address_key("email", "zoe@example.test")
    assert (detail.state, detail.active_at) == ("usable", datetime(2026, 1, 14, 23, tzinfo=UTC))
    source = detail.source
    assert (source.kind, source.collected_by, source.notice, source.informed) == ("paper", "Camille", notice, True)
    assert source.obtained_at == source.collected_at
    assert source.evidence == {"import": run.pk}


def test_the_same_file_again_changes_nothing():
    bring_in(PEOPLE)
    before = state()

    assert outcomes(bring_in(PEOPLE)) == ["unchanged", "unchanged"]

    assert state() == before


def test_an_address_differing_only_in_case_is_the_same_person_within_a_file_and_after():
    content = "email,collected on\nzoe@example.test,2026-01-15\nZOE@Example.Test,2026-01-15\n"

    assert outcomes(bring_in(content)) == ["created", "unchanged"]
    assert outcomes(bring_in(content.upper())) == ["unchanged", "unchanged"]
    assert Prospect.objects.count() == 1


def test_the_public_web_is_refused_whole_in_the_words_of_rule_4():
    with pytest.raises(ForbiddenSource, match="Internet"):
        upload(PEOPLE, source="public_web")


def test_the_day_of_collection_is_required_for_the_file_and_for_each_row():
    with pytest.raises(ValidationError):
        upload("email\nzoe@example.test\n")

    run = bring_in("email,collected on\na@example.test,\nb@example.test,someday\nc@example.test,2026-11-21\n")

    assert outcomes(run) == ["no_day", "bad_day", "future"]
    assert not Prospect.objects.exists()


def test_a_refused_row_keeps_its_text_and_its_line():
    run = bring_in('email,note,collected on\n"a@example.test","two\nlines",2026-01-15\nnobody,x,2026-01-15\n')

    refused = ImportRow.objects.get(import_id=run.pk, outcome="refused")
    assert (refused.line, refused.reason, refused.cells) == (4, "bad_address", ["nobody", "x", "2026-01-15"])


def test_an_invalid_number_is_left_out_and_noted_while_the_row_comes_in():
    run = bring_in("email,phone,collected on\na@example.test,12,2026-01-15\n")

    row = ImportRow.objects.get(import_id=run.pk)
    assert (row.outcome, row.notes) == ("created", ["bad_phone"])


def test_a_row_with_too_many_cells_is_refused_and_one_with_too_few_is_read():
    run = bring_in("email,collected on,nom\na@example.test,2026-01-15,Martin,x\nb@example.test,2026-01-15\n")

    assert outcomes(run) == ["too_many_cells", "created"]


def test_a_partner_is_named_and_each_row_proves_itself():
    with pytest.raises(ValidationError):
        upload("email,collected on\na@example.test,2026-01-15\n", source="partner", partner="Atelier Exemple")

    run = bring_in(
        "email,collected on,preuve\na@example.test,2026-01-15,formulaire 17\nb@example.test,2026-01-15,\n",
        source="partner",
        partner="Atelier Exemple",
    )

    assert outcomes(run) == ["created", "no_proof"]
    source = Source.objects.get()
    assert (source.partner, source.evidence["proof"], source.obtained_at) == ("Atelier Exemple", "formulaire 17", NOW)


def test_an_unknown_source_waits_in_quarantine_until_a_proven_one_comes():
    bring_in("email\nzoe@example.test\n", source="unknown")
    assert ContactDetail.objects.get().state == "quarantined"

    run = bring_in(
        "email,collected on,preuve\nzoe@example.test,2026-01-15,bulletin 4\nZOE@example.test,2026-01-15,bulletin 4\n"
    )

    detail = ContactDetail.objects.get()
    assert outcomes(run) == ["updated", "unchanged"]
    assert (detail.state, detail.source.kind, detail.active_at.date()) == ("usable", "paper", date(2026, 1, 14))
    assert [source.kind for source in detail.further_sources.all()] == ["unknown"]


def test_no_import_moves_the_clock_of_a_known_detail_forward():
    known = make_detail("zoe@example.test", source={"collected_at": NOW - timedelta(days=900)})

    run = bring_in("email,collected on\nzoe@example.test,2026-11-01\n")

    known.refresh_from_db()
    assert outcomes(run) == ["updated"]
    assert known.active_at == NOW - timedelta(days=900)
    assert known.further_sources.get().kind == "paper"


def test_a_newcomers_clock_is_reckoned_by_the_database_whatever_is_given():
    detail = make_detail(active_at=NOW, source={"collected_at": NOW - timedelta(days=5)})

    detail.refresh_from_db()
    assert detail.active_at == NOW - timedelta(days=5)


def test_what_was_unknown_is_filled_in_and_what_was_known_stays_and_is_noted():
    known = make_prospect(first_name="Zoé", last_name="")
    make_detail("zoe@example.test", prospect=known)
    content = "email,first name,last name,collected on\nzoe@example.test,Zoe,Martin,2026-01-15\n"

    run = bring_in(content)

    known.refresh_from_db()
    assert (known.first_name, known.last_name) == ("Zoé", "Martin")
    assert ImportRow.objects.get(import_id=run.pk).notes == ["kept_first_name"]


def test_a_shared_phone_names_nobody_where_the_names_differ():
    content = (
        "phone,first name,last name,collected on\n"
        "0612345678,Zoé,Martin,2026-01-15\n0612345678,Léo,Martin,2026-01-15\n0612345678,zoe,,2026-01-15\n"
    )

    assert outcomes(bring_in(content)) == ["created", "created", "unchanged"]
    assert outcomes(bring_in(content)) == ["unchanged", "unchanged", "unchanged"]


def test_a_new_email_address_never_joins_somebody_by_a_phone_number():
    content = "email,phone,collected on\n,0612345678,2026-01-15\nzoe@example.test,0612345678,2026-01-15\n"

    run = bring_in(content)

    assert outcomes(run) == ["unchanged", "created"]
    assert Prospect.objects.count() == 1  # the row without an e-mail address comes after, and meets the number


def test_a_person_erased_comes_back_only_by_a_collection_after_that_day():
    key = address_key("email", "zoe@example.test")
    record_acts(
        [Act(kind="lapsed", address_key=key, key_id=1, at=datetime(2026, 3, 1, 3, tzinfo=UTC), origin="erasure")]
    )

    assert outcomes(bring_in("email,collected on\nzoe@example.test,2026-02-28\n")) == ["erased"]
    assert outcomes(bring_in("email,collected on\nzoe@example.test,2026-03-01\n")) == ["erased"]
    assert not Prospect.objects.exists()
    assert outcomes(bring_in("email,collected on\nzoe@example.test,2026-03-02\n")) == ["created"]


def test_addresses_keep_the_key_under_which_acts_are_on_record(settings):
    settings.ADDRESS_KEYS = {1: "first"}
    old = address_key("email", "zoe@example.test")
    record_stop(old, channel=None, purpose_id=None, at=NOW, origin="staff")
    settings.ADDRESS_KEYS = {1: "first", 2: "second"}

    content = "email,collected on\nzoe@example.test,2026-01-15\nleo@example.test,2026-01-15\n"
    bring_in(content)

    assert dict(ContactDetail.objects.values_list("address", "key_id")) == {
        "zoe@example.test": 1,
        "leo@example.test": 2,
    }
    assert outcomes(bring_in(content)) == ["unchanged", "unchanged"]


# ---- Consents and objections ----

CONSENTS = """email,collected on,consent date,consent method,consent wording
a@example.test,2026-01-15,2026-01-15,paper,I agree
b@example.test,2026-01-15,2026-01-15,web form,I agree
c@example.test,2026-01-15,2026-01-15,,I agree
d@example.test,2026-01-15,,paper,I agree
e@example.test,2026-01-15,2027-01-15,paper,I agree
f@example.test,2026-01-15,2026-01-15,paper,
"""


def with_consents(purpose, content=CONSENTS, **options):
    consents = (ConsentColumns(purpose.pk, "email", on=2, how=3, wording=4),)
    return bring_in(content, consents=consents, **options)


def test_a_consent_comes_in_only_with_its_own_proof():
    purpose = make_purpose()

    run = with_consents(purpose)

    consents = sorted(Act.objects.filter(kind="given"), key=lambda act: act.evidence["line"])
    assert [(act.needs_confirmation, act.evidence["how"]) for act in consents] == [(False, "paper"), (True, "web form")]
    assert consents[0].evidence == {"import": run.pk, "line": 2, "how": "paper", "wording": "I agree"}
    assert consents[0].origin == "import"
    notes = dict(ImportRow.objects.filter(import_id=run.pk).values_list("line", "notes"))
    assert notes == {
        2: None,
        3: None,
        4: ["no_consent_proof"],
        5: None,
        6: ["no_consent_proof"],
        7: ["no_consent_proof"],
    }
    assert Prospect.objects.count() == 6


def test_the_notice_stands_for_the_wording_and_the_act_names_its_box():
    purpose = make_purpose()
    notice = make_notice({"purpose": purpose})

    with_consents(purpose, notice_id=notice.pk)

    act = Act.objects.filter(kind="given").get(address_key=address_key("email", "f@example.test"))
    assert (act.notice, act.box) == (notice, notice.boxes.get())


def test_the_same_consents_again_are_not_said_twice():
    purpose = make_purpose()
    with_consents(purpose)
    acts = Act.objects.count()

    assert set(outcomes(with_consents(purpose))) == {"unchanged"}

    assert Act.objects.count() == acts


def test_an_import_never_lifts_an_objection():
    purpose = make_purpose()
    key = address_key("email", "a@example.test")
    record_stop(key, channel=None, purpose_id=None, at=datetime(2025, 1, 1, tzinfo=UTC), origin="staff")

    with_consents(purpose)

    assert Objection.objects.get(address_key=key)
    permission = Permission.objects.get(address_key=key)
    assert permission.confirmed_at is None


def test_a_list_of_objections_concerns_addresses_and_makes_nobody_known():
    content = (
        "email,phone,unsubscribed on,channel\na@example.test,,2026-01-15,\nb@example.test,,,e-mail\n,0612345678,,SMS\n"
    )

    run = bring_in(content, kind="objections")

    assert outcomes(run) == ["created", "created", "created"]
    assert not Prospect.objects.exists()
    objections = dict(Objection.objects.values_list("address_key", "channel"))
    assert objections == {
        address_key("email", "a@example.test"): None,
        address_key("email", "b@example.test"): "email",
        address_key("phone", "0612345678"): "sms",
    }
    acts = Act.objects.count()
    assert outcomes(bring_in(content, kind="objections", at=NOW + timedelta(days=1))) == ["unchanged"] * 3
    assert Act.objects.count() == acts == 6


def test_the_objection_of_a_contact_comes_in_beside_them():
    run = bring_in("email,collected on,unsubscribed\nzoe@example.test,2026-01-15,2026-02-01\n")

    assert outcomes(run) == ["created"]
    assert Objection.objects.get().at == datetime(2026, 1, 31, 23, tzinfo=UTC)


# ---- Dealings ----


def test_purchases_contracts_and_interactions_come_in_once():
    Family.objects.create(path="garden", name_fr="Jardin")
    purchases = (
        "email,famille,date d'achat,commande,collected on\n"
        "a@example.test,Jardin,2026-05-01,17,2026-01-15\na@example.test,garden,2026-05-01,17,2026-01-15\n"
        "a@example.test,garden,2026-05-02,,2026-01-15\na@example.test,wine,2026-05-02,,2026-01-15\n"
    )
    contracts = (
        "email,family,start,end,collected on\n"
        "a@example.test,garden,2026-05-01,,2026-01-15\na@example.test,garden,2026-05-01,2026-12-31,2026-01-15\n"
    ).replace("start,end", "début,fin")
    interactions = "email,interaction,interaction date,collected on\na@example.test,Replied,2026-06-01,2026-01-15\n"

    for again in range(2):
        first = bring_in(purchases, kind="purchases")
        second = bring_in(contracts, kind="contracts")
        third = bring_in(interactions, kind="interactions")
        if not again:
            assert outcomes(first) == ["created", "unchanged", "updated", "no_family"]
            assert outcomes(second) == ["updated", "updated"]
            assert outcomes(third) == ["updated"]

    assert Purchase.objects.count() == 2
    assert Contract.objects.get().ends_on == date(2026, 12, 31)
    assert Interaction.objects.get().kind == "replied"
    assert ContactDetail.objects.get().active_at == datetime(2026, 5, 31, 22, tzinfo=UTC)


def test_activities_languages_and_births_are_understood():
    activity = Activity.objects.create(slug="bakers", name_fr="Boulangers", name_en="Bakers")
    bring_in(
        "email,activité,langue,date de naissance,collected on\n"
        "info@example.test,boulangers,English,01/02/1980,2026-01-15\n",
        person="professional",
    )

    prospect = Prospect.objects.get()
    assert (prospect.activity, prospect.language, prospect.born_on) == (activity, "en", date(1980, 2, 1))
    assert prospect.kind == "professional" and prospect.details.get().is_generic


def test_a_postcode_regains_its_zero():
    bring_in("adresse,code postal,ville,collected on\n1 rue des Essais,1000,Bourg,2026-01-15\n")

    assert ContactDetail.objects.get().address == "1 RUE DES ESSAIS\n01000 BOURG"


# ---- The run ----


def test_a_check_says_what_would_happen_and_changes_nothing():
    run = upload(PEOPLE + "nobody;;;;2026-01-01\n")
    before = state()

    figures = running.check(run, at=NOW)

    assert figures == {"outcomes": {"created": 2, "refused": 1}, "reasons": {"bad_address": 1}}
    assert state() == before and not ImportRow.objects.exists()


def test_uploads_are_erased_30_days_after_with_the_text_of_refused_rows():
    run = bring_in(PEOPLE + "nobody;;;;2026-01-01\n")
    Import.objects.filter(pk=run.pk).update(finished_at=NOW)
    path = uploads.path_of(run)

    assert uploads.erase_old_uploads(at=NOW + timedelta(days=29, hours=23)) == 0
    assert path.exists()
    assert uploads.erase_old_uploads(at=NOW + timedelta(days=30)) == 1

    assert not path.exists()
    assert ImportRow.objects.get(outcome="refused").cells is None
    assert uploads.erase_old_uploads(at=NOW + timedelta(days=31)) == 0


def test_a_file_that_was_never_imported_is_forgotten_after_30_days():
    run = upload(PEOPLE)
    path = uploads.path_of(run)
    Import.objects.filter(pk=run.pk).update(uploaded_at=NOW)

    uploads.erase_old_uploads(at=NOW + timedelta(days=30))

    assert not path.exists() and not Import.objects.exists()


def state():
    """All that is known of people, and of what they said."""
    tables = (Prospect, ContactDetail, Source, Interaction, Purchase, Contract, Permission, Objection)
    with transaction.atomic():
        return {table.__name__: sorted(table.objects.values_list()) for table in tables}
