"""Two records of one person, side by side."""

from datetime import date, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from campaigns.models import Message
from consent.acts import record_stop
from consent.models import Objection, Permission
from prospects.imports.uploads import erase_uploads_of_the_erased
from prospects.merging import merge
from prospects.models import ExtraField, Import, ImportRow, MergedRecord, Prospect, Purchase
from prospects.retention import erase_person
from tests.factories import make_campaign, make_consent, make_detail, make_prospect, make_purpose
from tests.prospects.admin.pages import LIST, action, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def two():
    first = make_detail("a@example.test", prospect=make_prospect(first_name="Camille", last_name="Exemple")).prospect
    other = make_detail("b@example.test", prospect=make_prospect(first_name="Camile", last_name="Exemple")).prospect
    return first, other


def test_staff_choose_which_value_is_kept_of_each_field(client, two):
    kept, gone = two
    Prospect.objects.filter(pk=gone.pk).update(company="Maison Exemple")
    screen = client.get(action(kept, "merge"), {"with": gone.pk}).content.decode()
    assert "Camile" in screen
    assert 'name="last_name"' not in screen, "they agree on it"

    answer = client.post(action(kept, "merge"), {"with": gone.pk, "first_name": "gone"})

    assert answer.url == page_of(kept)
    kept = Prospect.objects.get()
    assert (kept.first_name, kept.last_name, kept.company) == ("Camile", "Exemple", "Maison Exemple")
    assert LogEntry.objects.get().object_id == str(kept.pk)


def test_extra_fields_that_differ_are_chosen_one_by_one(client, two):
    kept, gone = two
    for slug, kind in (("shoe_size", "number"), ("club", "yes_no"), ("colour", "text")):
        ExtraField.objects.create(slug=slug, label_fr=slug, kind=kind, why="Essai")
    Prospect.objects.filter(pk=kept.pk).update(extra={"shoe_size": 41, "club": True})
    Prospect.objects.filter(pk=gone.pk).update(extra={"shoe_size": 42, "club": True, "colour": "bleu"})
    asked = client.get(action(kept, "merge"), {"with": gone.pk}).context["choices"]
    assert [(choice.name, choice.kept, choice.gone) for choice in asked if choice.name.startswith("extra_")] == [
        ("extra_shoe_size", "41", "42")
    ]

    client.post(action(kept, "merge"), {"with": gone.pk, "extra_shoe_size": "gone"})

    assert Prospect.objects.get().extra == {"shoe_size": 42, "club": True, "colour": "bleu"}


def test_the_older_record_stays_whichever_page_one_comes_from(client, two):
    kept, gone = two

    client.post(action(gone, "merge"), {"with": kept.pk})

    assert Prospect.objects.get() == kept


def test_the_other_record_is_found_by_its_number_or_its_address(client, two):
    kept, gone = two

    for typed in (f"№ {gone.pk}", "b@example.test"):
        answer = client.get(action(kept, "merge"), {"q": typed})
        assert answer.context["found"] == [gone]
    assert client.get(action(kept, "merge"), {"q": f"№ {kept.pk}"}).context["found"] == []


def test_a_list_of_two_leads_to_the_screen_and_merges_nobody(client, two):
    kept, gone = two

    answer = client.post(LIST, {"action": "merge_people", "_selected_action": [gone.pk, kept.pk]})

    assert answer.url == f"{action(kept, 'merge')}?with={gone.pk}"
    assert Prospect.objects.count() == 2


def test_where_kinds_and_birth_dates_differ_the_stricter_is_proposed(client):
    kept = make_prospect(kind="professional", born_on=date(1980, 1, 1))
    gone = make_prospect(kind="individual", born_on=date(2014, 1, 1))

    proposed = client.get(action(kept, "merge"), {"with": gone.pk}).context["choices"]

    assert {choice.name: choice.takes_gone for choice in proposed} == {"kind": True, "born_on": True}


def test_the_number_that_is_gone_leads_to_the_person(client, two):
    kept, gone = two
    number = gone.pk
    merge(kept, gone)

    assert list(client.get(LIST, {"q": f"№ {number}"}).context["cl"].result_list) == [kept]


def test_what_was_stopped_at_one_address_stands_at_all_unless_confirmed_since(two):
    kept, gone = two
    letter, offers = make_purpose(), make_purpose()
    now = timezone.now()
    here, there = kept.details.get(), gone.details.get()
    make_consent(there, offers, at=now - timedelta(days=30))
    record_stop(here.address_key, channel=None, purpose_id=None, at=now - timedelta(days=20), origin="staff")
    make_consent(there, letter, at=now - timedelta(days=10))

    merge(kept, gone)

    assert Objection.objects.filter(address_key=there.address_key, channel=None, purpose=None).exists()
    ended = dict(Permission.objects.filter(address_key=there.address_key).values_list("purpose", "withdrawn_at"))
    assert ended[offers.pk] is not None
    assert ended[letter.pk] is None


def test_messages_to_an_address_that_both_have_stay_on_the_person_s_page():
    phone = {"address": "+33199001234", "medium": "phone"}
    kept, gone = make_detail(**phone).prospect, make_detail(**phone, prospect=make_prospect()).prospect
    for campaign in (make_campaign(), make_campaign()):
        Message.objects.create(campaign=campaign, detail=gone.details.get(), status="sent", ground="consent")
    both = Message.objects.first().campaign
    Message.objects.create(campaign=both, detail=kept.details.get(), status="withheld", reason="duplicate_address")

    merge(kept, gone)

    assert Message.objects.filter(detail__prospect=kept).count() == 2


def test_the_file_that_brought_a_merged_record_is_not_erased_early(two, settings, tmp_path):
    settings.UPLOADS_DIR = tmp_path
    kept, gone = two
    (tmp_path / "file").write_bytes(b"email\nb@example.test\n")
    run = Import.objects.create(file_name="a.csv", upload="file", sha256="0" * 64, started_at=timezone.now())
    ImportRow.objects.create(import_id=run.pk, line=1, outcome="created", prospect_id=gone.pk)

    merge(kept, gone)
    assert erase_uploads_of_the_erased() == 0
    erase_person(kept, timezone.now())

    assert not (tmp_path / "file").exists()
    assert not MergedRecord.objects.exists()


def test_a_purchase_that_both_records_know_is_kept_once(two):
    kept, gone = two
    for person in two:
        Purchase.objects.create(prospect=person, family="garden", at=timezone.now(), reference="F-1")
        Purchase.objects.create(prospect=person, family="garden", at=timezone.now())

    merge(kept, gone)

    assert kept.purchases.count() == 3


def test_the_list_offers_to_merge_those_who_are_ticked(client, two):
    shown = client.get(LIST).content.decode()

    assert 'value="merge_people"' in shown
    assert 'name="index"' in shown
