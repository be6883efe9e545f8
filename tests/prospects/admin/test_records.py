"""What staff record about a person, what nobody may change, and who may not enter."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from consent.models import Objection, Permission
from prospects.models import (
    ContactDetail,
    Family,
    LegalHold,
    PendingSignup,
    Prospect,
    Purchase,
    PurgeRun,
    SourceRefusal,
)
from tests.factories import make_consent, make_detail, make_form, make_purpose
from tests.prospects.admin.pages import ADD, LIST, action, moment, objection_data, page_of, person_data, posted

pytestmark = pytest.mark.django_db


def test_staff_note_purchases_requests_contracts_and_holds(client):
    Family.objects.create(path="garden", name_fr="Jardin")
    long_ago = timezone.now() - timedelta(days=800)
    prospect = make_detail(source={"collected_at": long_ago}).prospect
    now = timezone.now().replace(microsecond=0)

    noted = {
        "purchase": {**moment("at", now - timedelta(days=9)), "family": "garden", "reference": "F-1"},
        "contract": {"families": ["garden"], "starts_on": "2026-01-02"},
        "request": {**moment("at", now), "families": ["garden"]},
        "hold": {"reason": "Litige", **moment("starts_at", now), **moment("ends_at", now + timedelta(days=9))},
    }
    for name, data in noted.items():
        assert client.post(action(prospect, name), data).url == page_of(prospect)

    assert prospect.purchases.get().family == "garden"
    assert prospect.contracts.get().families == ["garden"]
    assert prospect.requests.get().families == ["garden"]
    assert prospect.holds.get().reason == "Litige"
    assert set(prospect.interactions.values_list("kind", flat=True)) == {"ordered", "asked"}
    assert prospect.details.get().active_at == now


def test_only_families_that_staff_keep_can_be_bought(client):
    prospect = make_detail().prospect

    client.post(action(prospect, "purchase"), {**moment("at", timezone.now()), "family": "nothing"})

    assert not Purchase.objects.exists()


def test_the_source_of_a_quarantined_address_is_recorded_with_its_proof(client):
    detail = make_detail(source={"kind": "unknown", "collected_at": None}, state="quarantined")
    address = reverse("admin:prospects_prospect_source", args=[detail.prospect_id, detail.source_id])
    known = {"source_kind": "paper", **moment("collected_at", timezone.now() - timedelta(days=3))}

    without_proof = client.post(address, known)
    assert "evidence" in without_proof.context["errors"]
    unknown_still = client.post(address, {**known, "source_kind": "unknown", "evidence": "Fiche 12"})
    assert "source_kind" in unknown_still.context["errors"]

    client.post(address, {**known, "evidence": "Fiche 12"})

    detail.refresh_from_db()
    assert detail.state == "usable"
    assert detail.source.kind == "paper"
    assert detail.source.evidence["described"] == "Fiche 12"


def test_staff_erase_somebody_who_asks_for_it_and_the_objection_stays(client):
    purpose = make_purpose()
    detail = make_detail()
    make_consent(detail, purpose)
    Objection.objects.create(address_key=detail.address_key, key_id=1, channel="email", at=timezone.now())
    address = reverse("admin:prospects_prospect_erase", args=[detail.prospect_id])

    client.get(address)
    assert Prospect.objects.exists()
    client.post(address)

    assert not Prospect.objects.exists()
    assert not ContactDetail.objects.exists()
    assert Permission.objects.get().lapsed_at is not None
    assert LogEntry.objects.get().object_repr == f"prospect № {detail.prospect_id}"


def test_nobody_on_hold_is_erased(client):
    now = timezone.now()
    prospect = make_detail().prospect
    LegalHold.objects.create(
        prospect=prospect, reason="Litige", starts_at=now - timedelta(days=1), ends_at=now + timedelta(days=1)
    )

    answer = client.post(reverse("admin:prospects_prospect_erase", args=[prospect.pk]), follow=True)

    assert "A legal hold freezes this person" in answer.content.decode()
    assert Prospect.objects.exists()


def test_a_source_that_is_known_cannot_be_rewritten(client):
    detail = make_detail()

    address = reverse("admin:prospects_prospect_source", args=[detail.prospect_id, detail.source_id])

    assert client.get(address).status_code == 404


def test_no_page_of_the_admin_lifts_an_objection_or_deletes_a_source(client):
    detail = make_detail()
    Objection.objects.create(address_key=detail.address_key, key_id=1, at=timezone.now())

    assert (
        client.post(f"/admin/consent/objection/{Objection.objects.get().pk}/delete/", {"post": "yes"}).status_code
        == 403
    )
    assert client.post(page_of(detail.prospect).replace("change", "delete"), {"post": "yes"}).status_code == 403
    assert client.get("/admin/prospects/source/").status_code == 404
    assert client.get("/admin/prospects/contactdetail/").status_code == 404


@pytest.mark.parametrize("model", [PendingSignup, PurgeRun, SourceRefusal])
def test_registers_are_for_reading(client, model):
    now = timezone.now()
    form = make_form()
    PendingSignup.objects.create(
        form=form,
        notice=form.notice,
        language="fr",
        address_key=make_detail().address_key,
        answers={"email": "secret@example.test"},
        signed_up_at=now,
        expires_at=now + timedelta(days=7),
    )
    PurgeRun.objects.create(started_at=now, silent_before=now)
    SourceRefusal.objects.create(day=now.date(), door="staff", count=2)
    row = model.objects.get()
    page = reverse(f"admin:prospects_{model._meta.model_name}_change", args=[row.pk])
    list_page = reverse(f"admin:prospects_{model._meta.model_name}_changelist")

    for address in (page, list_page):
        answer = client.get(address)
        assert answer.status_code == 200
        assert "secret@example.test" not in answer.content.decode()
    assert client.post(page, {}).status_code == 403
    assert client.post(page.replace("change", "delete"), {"post": "yes"}).status_code == 403
    assert client.post(list_page + "add/", {}).status_code == 403


def test_what_staff_did_is_logged_without_naming_anybody(client):
    client.post(ADD, person_data(evidence="Fiche 12", post="Camille Exemple\n1 rue des Essais\n75001 Paris"))
    prospect = Prospect.objects.get()
    hold = {"reason": "Litige Exemple", **moment("starts_at", timezone.now()), **moment("ends_at", timezone.now())}
    client.post(action(prospect, "hold"), hold)
    client.post(page_of(prospect), posted(prospect, first_name="Dominique"))
    client.post(reverse("admin:prospects_prospect_objection", args=[prospect.pk]), objection_data())

    kept = " ".join(f"{entry.object_repr} {entry.change_message}" for entry in LogEntry.objects.all())

    assert LogEntry.objects.count() == 4
    assert f"№ {prospect.pk}" in kept
    for personal in ("Camille", "Exemple", "Dominique", "example.test", "rue des Essais", "Litige"):
        assert personal not in kept


@pytest.mark.parametrize("door", ["objection", "erase", "add", "list", "page"])
def test_staff_without_the_right_meet_closed_doors(client, django_user_model, door):
    prospect = make_detail().prospect
    client.force_login(django_user_model.objects.create_user("other", is_staff=True))

    address = {
        "objection": reverse("admin:prospects_prospect_objection", args=[prospect.pk]),
        "erase": reverse("admin:prospects_prospect_erase", args=[prospect.pk]),
        "add": ADD,
        "list": LIST,
        "page": page_of(prospect),
    }[door]

    assert client.get(address).status_code == 403


def test_staff_see_a_form_before_they_open_it_and_nobody_else_does(client, django_user_model):
    form = make_form(is_open=False, title_en="Our newsletter")
    page = form.get_absolute_url()

    assert client.get(page).status_code == 200
    assert client.post(page, {"email": "camille@example.test"}).status_code == 410
    client.force_login(django_user_model.objects.create_user("other", is_staff=True))
    assert client.get(page).status_code == 410
    client.logout()
    assert client.get(page).status_code == 410


def test_staff_acts_are_listed_by_date_and_searched_by_number_in_any_language(client):
    prospect = make_detail().prospect
    client.post(action(prospect, "objection"), objection_data())
    page = reverse("admin:admin_logentry_changelist")

    english = client.get(page, {"q": str(prospect.pk)}).content.decode()
    client.cookies.load({"django_language": "fr"})
    french = client.get(page, {"action_time__year": timezone.now().year}).content.decode()

    assert "The objection is recorded" in english
    assert "L’opposition est enregistrée" in french
    assert client.post(page + "add/", {}).status_code == 403
