"""One page per person for staff, and doors that let nobody in without a source."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone, translation

from consent.models import Act, Objection, Permission
from prospects.models import (
    CallAttempt,
    ContactDetail,
    Contract,
    Family,
    InformationRequest,
    Interaction,
    LegalHold,
    PendingSignup,
    Prospect,
    Purchase,
    PurgeRun,
    Source,
    SourceRefusal,
)
from tests.factories import make_consent, make_detail, make_form, make_message, make_notice, make_prospect, make_purpose

pytestmark = pytest.mark.django_db

LIST = "/admin/prospects/prospect/"
ADD = LIST + "add/"


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def client(admin_client):
    """Signed in as a superuser, to whom every door that exists is open."""
    admin_client.cookies.load({"django_language": "en"})
    return admin_client


def page_of(prospect):
    return reverse("admin:prospects_prospect_change", args=[prospect.pk])


def posted(prospect, **added):
    """What the browser sends for a person's page with these rows added, each `inline={"field": …}`."""
    data = {"kind": prospect.kind, "language": prospect.language, "time_zone": prospect.time_zone}
    data |= {name: getattr(prospect, name) for name in ("first_name", "last_name", "company")}
    for inline in ("purchases", "contracts", "requests", "calls", "holds"):
        existing = getattr(prospect, inline).count()
        row = added.get(inline)
        data[f"{inline}-INITIAL_FORMS"] = existing
        data[f"{inline}-TOTAL_FORMS"] = existing + (row is not None)
        data |= {f"{inline}-{existing}-{field}": value for field, value in (row or {}).items()}
    return data


def moment(name, at):
    at = timezone.localtime(at)
    return {f"{name}_0": f"{at:%Y-%m-%d}", f"{name}_1": f"{at:%H:%M:%S}"}


def person_data(**fields):
    return {
        "kind": "individual",
        "first_name": "Camille",
        "last_name": "Exemple",
        "language": "fr",
        "email": "camille@example.test",
        "source_kind": "event",
        **moment("collected_at", timezone.now() - timedelta(days=1)),
        "place": "Foire de Lyon",
        "informed": "on",
        **fields,
    }


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
        *("consent given", "consent confirmed", "SMS", "asked for information"),
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

    with django_assert_max_num_queries(30):
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


def objection_data(**fields):
    return {**moment("told_at", timezone.now()), "told_by": "letter", "reference": "L-7", **fields}


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

    client.post(page_of(prospect), posted(prospect, calls=call))

    assert prospect.calls.get().outcome == "refused"
    assert Objection.objects.get().channel == "phone"


def test_somebody_without_a_number_did_not_refuse_on_the_phone(client):
    prospect = make_detail().prospect
    call = {**moment("at", timezone.now()), "outcome": "refused"}

    answer = client.post(page_of(prospect), posted(prospect, calls=call))

    assert "no phone number" in answer.content.decode()
    assert not prospect.calls.exists()


def test_staff_note_purchases_requests_contracts_and_holds(client):
    Family.objects.create(path="garden", name_fr="Jardin")
    long_ago = timezone.now() - timedelta(days=800)
    prospect = make_detail(source={"collected_at": long_ago}).prospect
    now = timezone.now().replace(microsecond=0)

    client.post(
        page_of(prospect),
        posted(
            prospect,
            purchases={**moment("at", now - timedelta(days=9)), "family": "garden", "reference": "F-1"},
            contracts={"families": ["garden"], "starts_on": "2026-01-02"},
            requests={**moment("at", now), "families": ["garden"]},
            holds={"reason": "Litige", **moment("starts_at", now), **moment("ends_at", now + timedelta(days=9))},
        ),
    )

    assert prospect.purchases.get().family == "garden"
    assert prospect.contracts.get().families == ["garden"]
    assert prospect.requests.get().families == ["garden"]
    assert prospect.holds.get().reason == "Litige"
    assert set(prospect.interactions.values_list("kind", flat=True)) == {"ordered", "asked"}
    assert prospect.details.get().active_at == now


def test_only_families_that_staff_keep_can_be_bought(client):
    prospect = make_detail().prospect

    client.post(page_of(prospect), posted(prospect, purchases={**moment("at", timezone.now()), "family": "nothing"}))

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
    client.post(page_of(prospect), posted(prospect, holds=hold) | {"first_name": "Dominique"})
    client.post(reverse("admin:prospects_prospect_objection", args=[prospect.pk]), objection_data())

    kept = " ".join(f"{entry.object_repr} {entry.change_message}" for entry in LogEntry.objects.all())

    assert LogEntry.objects.count() == 3
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
