"""The file of somebody's data is complete by construction, in their language, and knows of nobody else."""

import csv
import io
import json
import zipfile
from datetime import timedelta
from hashlib import sha256

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import override

from api.models import Delivery, Endpoint, Event
from campaigns.models import Bounce, Click, Link, Reply
from consent.acts import record_stop
from consent.models import Scan
from prospects.models import (
    AddressChange,
    CallAttempt,
    ContactDetail,
    Contract,
    Export,
    ExtraField,
    HandedOver,
    InformationRequest,
    Interaction,
    LegalHold,
    MergedRecord,
    PendingSignup,
    Prospect,
    Purchase,
    RightsRequest,
)
from prospects.rights.asking import ask
from prospects.rights.files import make_file
from prospects.rights.granting import prove
from prospects.rights.paper import MOST_LINES
from prospects.rights.record import LEFT_OUT, SECTIONS
from tests.factories import make_detail, make_form, make_message

pytestmark = pytest.mark.django_db
PEOPLE = (Prospect, ContactDetail)


def people_know(model, seen=frozenset()):
    """Whether the rows of a table are about one person: by a key to people, however far, or by an address key."""
    if model in PEOPLE:
        return True
    for field in model._meta.get_fields():
        if isinstance(field, models.UUIDField | ArrayField) and field.name in ("address_key", "address_keys"):
            return True
        if field.name == "prospect_id" and not field.is_relation:
            return True
        met = seen | {model}
        if (
            isinstance(field, models.ForeignKey)
            and field.related_model not in met
            and people_know(field.related_model, met)
        ):
            return True
    return False


def test_every_table_that_knows_people_is_in_the_file_or_says_why_not():
    given = {table for section in SECTIONS.values() for table in section.tables}
    known = {model._meta.label for model in apps.get_models() if people_know(model)}

    assert len(known) > 20
    assert known - given - LEFT_OUT.keys() == set(), (
        "give these in a section of prospects/rights/sections.py or of the app's person_record.py, or leave_out() them"
    )
    assert not given & LEFT_OUT.keys()
    assert all(LEFT_OUT.values())


def known_for_everything(detail, purpose):
    """Somebody with a row in every section."""
    now, prospect = timezone.now(), detail.prospect
    Prospect.objects.filter(pk=prospect.pk).update(extra={"taille": "grand"})
    ExtraField.objects.create(slug="taille", label_fr="Taille du jardin", label_en="Size of the garden", why="Conseil")
    record_stop(detail.address_key, channel="sms", purpose_id=purpose.pk, at=now, origin="reply")
    digest = sha256(b"paper").hexdigest()
    Scan.objects.create(
        digest=digest, content_type="image/png", content=b"\x89PNG", address_keys=[detail.address_key], given_at=now
    )
    Interaction.objects.create(prospect=prospect, kind="asked", at=now)
    Purchase.objects.create(prospect=prospect, family="garden", at=now, reference="=F-1")
    Contract.objects.create(prospect=prospect, families=["garden"], starts_on=now.date())
    InformationRequest.objects.create(prospect=prospect, families=["kitchen"], at=now, evidence="call of his sister")
    CallAttempt.objects.create(prospect=prospect, at=now, note="his wife answered")
    LegalHold.objects.create(prospect=prospect, reason="claim against Mr Noir", starts_at=now, ends_at=now)
    MergedRecord.objects.create(number=prospect.pk + 1000, prospect=prospect)
    in_a_week = now + timedelta(days=7)
    AddressChange.objects.create(detail=detail, new_address="new@example.test", asked_at=now, expires_at=in_a_week)
    form = make_form()
    PendingSignup.objects.create(
        form=form,
        notice=form.notice,
        language="fr",
        address_key=detail.address_key,
        answers={"email": detail.address},
        signed_up_at=now,
        expires_at=in_a_week,
    )
    export = Export.objects.create(listing="hand_over", why="printing", recipient="Imprimerie Exemple")
    HandedOver.objects.create(export=export, detail=detail, ground="consent")
    message = make_message(detail=detail, status="sent", ground="consent", ended_at=now)
    Bounce.objects.create(message=message, kind="soft", status="4.2.2", at=now)
    Reply.objects.create(prospect=prospect, message=message, text="Merci bien", verdict="read_on", at=now)
    link = Link.objects.create(campaign=message.campaign, url="https://jardins.example.test/ail")
    Click.objects.create(link=link, message=message)
    endpoint = Endpoint.objects.create(name="Comptabilité", url="https://erp.example.test/", events=list(Event.values))
    Delivery.objects.create(
        endpoint=endpoint, event="objection.recorded", subject=str(detail.address_key), data={"act": 1}
    )


def somebody_else(purpose):
    other = make_detail("autre@example.test", prospect=Prospect.objects.create(first_name="Zoé", last_name="Autrui"))
    Purchase.objects.create(prospect=other.prospect, family="secret", at=timezone.now())
    CallAttempt.objects.create(prospect=other.prospect, at=timezone.now(), note="Autrui")
    return other


def file_of(right, language="fr", **fields):
    now = timezone.now()
    ask(right, "camille@example.test", language=language, at=now)
    request = RightsRequest.objects.get(status="unproven")
    request = prove(request.pk, at=now)
    for name, value in fields.items():
        setattr(request, name, value)
    with make_file(request) as file, zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def text_of(pdf):
    from pypdf import PdfReader

    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def test_the_file_holds_a_row_of_everything_and_nothing_of_others(detail, purpose, admin_client):
    known_for_everything(detail, purpose)
    other = somebody_else(purpose)
    admin_client.post(f"/admin/prospects/prospect/{detail.prospect_id}/freeze/")
    parts = file_of("access")
    data = json.loads(parts["data.json"])

    assert [key for key in SECTIONS if not data[key]["rows"]] == []
    assert data["recipients"]["rows"][0]["recipient"] == "Imprimerie Exemple"
    assert data["acts"]["rows"][1]["box"] == "J'accepte de recevoir des offres par e-mail."
    assert data["notices"]["rows"][0]["text"].startswith("Qui, pourquoi")
    assert data["messages"]["rows"][0]["ground"] == "consent"
    assert data["programs_told"]["rows"][0]["program"] == "Comptabilité"
    whole = b"".join(parts.values()).decode("utf-8", "replace")
    assert not [word for word in ("Autrui", "autre@example.test", "secret", str(other.address_key)) if word in whole]
    assert {f"csv/{key}.csv" for key in SECTIONS} <= parts.keys()
    assert parts[f"scans/{Scan.objects.get().file_name}"] == b"\x89PNG"


def test_tables_are_for_people_and_no_cell_runs_as_a_formula(detail, purpose):
    known_for_everything(detail, purpose)
    parts = file_of("access")
    purchases = list(csv.reader(io.StringIO(parts["csv/purchases.csv"].decode("utf-8-sig")), delimiter=";"))

    assert purchases[0] == ["le", "famille de produits", "référence"]
    assert purchases[1][1:] == ["garden", "'=F-1"]
    assert "consentement" in parts["csv/messages.csv"].decode("utf-8-sig")


@pytest.mark.parametrize(
    ("language", "name", "words"),
    [
        (
            "fr",
            "vos-donnees.pdf",
            ["Vos données chez Maison Exemple", "Qui a reçu vos coordonnées", "Nos offres"],
        ),
        ("en", "your-data.pdf", ["Your data at Maison Exemple", "Who received your details", "Our offers"]),
    ],
)
def test_the_paper_speaks_the_language_of_the_person(detail, purpose, language, name, words):
    pytest.importorskip("pypdf")
    known_for_everything(detail, purpose)
    with override("fr" if language == "en" else "en"):
        parts = file_of("access", language)
    text = text_of(parts[name])

    assert [word for word in (*words, "CNIL", "Imprimerie Exemple", "Merci bien", "Camille") if word not in text] == []


def test_the_notes_of_staff_are_left_out_where_they_speak_of_others(detail, purpose):
    known_for_everything(detail, purpose)
    notes = ("his sister", "his wife", "Mr Noir")
    with_them = file_of("access")["data.json"].decode()
    without = file_of("access", notes_withheld=True)

    assert all(note in with_them for note in notes)
    assert not any(note in b"".join(without.values()).decode("utf-8", "replace") for note in notes)


def test_notes_of_staff_need_eyes_before_access_and_not_before_portability(detail, purpose):
    CallAttempt.objects.create(prospect=detail.prospect, at=timezone.now(), note="his wife answered")
    now = timezone.now()
    for right in ("access", "portability"):
        ask(right, detail.address, language="fr", at=now)
        prove(RightsRequest.objects.get(status="unproven").pk, at=now)

    assert dict(RightsRequest.objects.values_list("right", "status")) == {"access": "open", "portability": "done"}


def test_a_paper_is_bounded_and_the_other_files_are_whole(detail, purpose):
    pytest.importorskip("pypdf")
    now = timezone.now()
    Purchase.objects.bulk_create(
        Purchase(prospect=detail.prospect, family="garden", reference=f"F{n}-", at=now + timedelta(seconds=n))
        for n in range(MOST_LINES + 5)
    )
    parts = file_of("access")
    text = text_of(parts["vos-donnees.pdf"])

    assert f"F{MOST_LINES - 1}-" in text and f"F{MOST_LINES}-" not in text
    assert "csv/purchases.csv" in text
    assert f"F{MOST_LINES + 4}-" in parts["csv/purchases.csv"].decode()
    assert len(json.loads(parts["data.json"])["purchases"]["rows"]) == MOST_LINES + 5
