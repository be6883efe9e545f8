"""The doors by which staff let somebody in, with a source, or note what they said."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from consent.models import Act, Objection, Permission
from prospects.models import (
    ContactDetail,
    Prospect,
    Source,
    SourceRefusal,
)
from tests.factories import make_consent, make_detail, make_prospect, make_purpose
from tests.prospects.admin.pages import ADD, action, moment, objection_data, page_of, person_data

pytestmark = pytest.mark.django_db


def test_staff_add_a_person_with_a_source(client, admin_user):
    client.post(ADD, person_data(evidence="Fiche 12"))

    detail = ContactDetail.objects.get()
    assert detail.address == "camille@example.test"
    assert (detail.source.kind, detail.source.place, detail.source.informed) == ("event", "Foire de Lyon", True)
    assert detail.source.evidence == {"described": "Fiche 12", "noted_by": admin_user.username}
    assert detail.prospect.last_name == "Exemple"


def test_staff_cannot_add_a_person_without_saying_where_from(client):
    answer = client.post(ADD, person_data(source_kind=""))

    assert "source_kind" in answer.context["errors"]
    assert not Prospect.objects.exists()


@pytest.mark.django_db(transaction=True)  # the count of refusals is committed on a connection of its own
def test_a_person_found_on_the_internet_is_refused_in_words_and_counted(client):
    answer = client.post(ADD, person_data(source_kind="public_web"))

    assert "found on the Internet are refused" in str(answer.context["errors"])
    assert not Prospect.objects.exists()
    assert not Source.objects.exists()
    assert SourceRefusal.objects.get().door == "staff"


def test_adding_a_known_address_leads_to_the_person_known_by_it(client):
    known = make_detail("camille@example.test", prospect=make_prospect(first_name="Camille", last_name="Exemple"))

    answer = client.post(ADD, person_data(email="CAMILLE@example.test"))

    assert answer.url == page_of(known.prospect)
    assert Prospect.objects.count() == 1
    assert known.further_sources.get().place == "Foire de Lyon"


@pytest.mark.parametrize(
    "fields",
    [
        {"email": "no address"},
        {"email": ""},
        {"source_kind": "partner"},
        moment("collected_at", timezone.now() + timedelta(days=2)),
    ],
)
def test_what_cannot_be_taken_in_is_said_on_the_form(client, fields):
    answer = client.post(ADD, person_data(**fields))

    assert answer.status_code == 200
    assert answer.context["errors"]
    assert not Prospect.objects.exists()


def test_staff_record_an_objection_told_by_letter(client, admin_user):
    purpose = make_purpose()
    detail = make_detail()
    make_consent(detail, purpose)
    make_detail("01 99 00 12 34", medium="phone", prospect=detail.prospect)
    address = reverse("admin:prospects_prospect_objection", args=[detail.prospect_id])
    client.get(address)
    assert not Objection.objects.exists()

    client.post(address, objection_data())

    assert Objection.objects.filter(channel=None, purpose=None).count() == 2
    assert Permission.objects.get().withdrawn_at is not None
    act = Act.objects.filter(kind="objected").first()
    assert act.origin == "staff"
    assert act.evidence == {"told": "letter", "noted_by": admin_user.username, "reference": "L-7"}


def test_an_objection_to_one_channel_and_purpose_stops_no_other(client):
    purpose, other = make_purpose(), make_purpose()
    detail = make_detail()
    make_consent(detail, purpose)
    make_consent(detail, other)
    address = reverse("admin:prospects_prospect_objection", args=[detail.prospect_id])

    client.post(address, objection_data(channel="email", purpose=purpose.pk))

    assert Permission.objects.get(purpose=purpose).withdrawn_at is not None
    assert Permission.objects.get(purpose=other).withdrawn_at is None


def test_an_objection_is_neither_for_an_absent_channel_nor_in_the_future(client):
    detail = make_detail()
    address = reverse("admin:prospects_prospect_objection", args=[detail.prospect_id])

    no_fax = client.post(address, objection_data(channel="fax"))
    to_come = client.post(address, objection_data(**moment("told_at", timezone.now() + timedelta(hours=2))))

    assert "no address on this channel" in str(no_fax.context["errors"])
    assert "future" in str(to_come.context["errors"])
    assert not Objection.objects.exists()


def test_a_refusal_on_the_phone_is_an_objection_to_calls(client):
    prospect = make_detail("01 99 00 12 34", medium="phone").prospect
    call = {**moment("at", timezone.now()), "outcome": "refused"}

    client.post(action(prospect, "call"), call)

    assert prospect.calls.get().outcome == "refused"
    assert Objection.objects.get().channel == "phone"


def test_somebody_without_a_number_did_not_refuse_on_the_phone(client):
    prospect = make_detail().prospect
    call = {**moment("at", timezone.now()), "outcome": "refused"}

    answer = client.post(action(prospect, "call"), call)

    assert "no phone number" in answer.content.decode()
    assert not prospect.calls.exists()
