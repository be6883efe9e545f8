"""A consent given on paper, with its scan."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from consent.law import Channel, Message
from consent.models import Act, Objection, Permission, Scan
from consent.proofs import FIRST, erase_proofs
from prospects.explain import explain
from prospects.retention import erase_person
from tests.factories import make_consent, make_detail, make_notice, make_purpose
from tests.prospects.admin.pages import action, objection_data

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\n%%EOF\n"


def picture(kind="JPEG", **options):
    written = BytesIO()
    Image.new("RGB", (60, 80), "white").save(written, kind, **options)
    return written.getvalue()


def paper(notice, *details, content=PDF, **fields):
    return {
        "notice": notice.pk,
        "language": "fr",
        "ticked": [box.pk for box in notice.boxes.all()],
        "details": [detail.pk for detail in details],
        "given_on": f"{timezone.localdate() - timedelta(days=3):%Y-%m-%d}",
        "collected_by": "Boutique de Lyon",
        "scan": SimpleUploadedFile("scan.bin", content),
        **fields,
    }


@pytest.fixture
def detail():
    return make_detail("camille@example.test", source={"collected_at": timezone.now() - timedelta(days=30)})


@pytest.fixture
def notice():
    return make_notice()


def test_a_consent_on_paper_counts_at_once_and_names_its_proof(client, admin_user, detail, notice):
    answer = client.post(action(detail.prospect, "paper"), paper(notice, detail))

    assert answer.status_code == 302
    permission = Permission.objects.get()
    assert (permission.needs_confirmation, permission.withdrawn_at) == (False, None)
    scan = Scan.objects.get()
    act = Act.objects.get(kind="given")
    assert act.origin == "paper"
    assert act.evidence == {
        "method": "paper",
        "scan": scan.digest,
        "collected_by": "Boutique de Lyon",
        "noted_by": admin_user.username,
    }
    assert timezone.localtime(act.at).date() == timezone.localdate() - timedelta(days=3)
    further = detail.further_sources.get()
    assert (further.kind, further.notice, further.informed) == ("paper", notice, True)


def test_the_page_first_asks_which_notice_the_paper_shows(client, detail, notice):
    draft = make_notice(published=False)

    shown = client.get(action(detail.prospect, "paper")).content.decode()

    assert str(notice) in shown
    assert str(draft) not in shown
    assert client.get(action(detail.prospect, "paper"), {"notice": draft.pk}).status_code == 404
    assert "Boxes ticked on it" in client.get(action(detail.prospect, "paper"), {"notice": notice.pk}).content.decode()


def test_a_paper_lifts_no_objection(client, detail, notice):
    client.post(action(detail.prospect, "objection"), objection_data())

    client.post(action(detail.prospect, "paper"), paper(notice, detail, given_on=f"{timezone.localdate():%Y-%m-%d}"))

    purpose = notice.boxes.get().purpose
    found = explain(detail.address, Message(Channel.EMAIL, purpose.slug), at=timezone.now())
    assert Objection.objects.exists()
    assert not found[0].allowed


def test_five_mentions_count_only_where_the_notice_carries_them(client, notice):
    phone = make_detail("01 99 00 12 34", medium="phone")
    without = make_notice({"purpose": make_purpose(), "channel": "phone"})

    client.post(action(phone.prospect, "paper"), paper(without, phone))

    assert Act.objects.get(kind="given").mentions_complete is without.boxes.get().carries_call_mentions("fr") is False


def test_a_box_whose_address_is_not_on_the_paper_is_refused_in_words(client, detail):
    notice = make_notice({"purpose": make_purpose(), "channel": "sms"})

    answer = client.post(action(detail.prospect, "paper"), paper(notice, detail))

    assert "No address for this box" in str(answer.context["errors"])
    assert not Act.objects.exists()
    assert not Scan.objects.exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"content": b"<script>alert(1)</script>"}, "no scan in PDF"),
        ({"content": b"%PDF-1.7 cut short"}, "damaged"),
        ({"content": picture()[:200]}, "damaged"),
        ({"content": b"%PDF-" + bytes(10 * 1024 * 1024)}, "heavier than 10 MB"),
        ({"given_on": f"{timezone.localdate() + timedelta(days=2):%Y-%m-%d}"}, "future"),
        ({"ticked": []}, "required"),
    ],
    ids=["a page", "a cut PDF", "a cut picture", "too heavy", "in the future", "nothing ticked"],
)
def test_what_proves_nothing_is_refused_in_words(client, detail, notice, fields, words):
    answer = client.post(action(detail.prospect, "paper"), paper(notice, detail, **fields))

    assert words in str(answer.context["errors"])
    assert not Scan.objects.exists()


def test_a_picture_is_drawn_anew_without_what_its_file_hid(client, detail, notice):
    exif = Image.Exif()
    exif[0x010E] = "taken at 1 rue des Essais"

    client.post(action(detail.prospect, "paper"), paper(notice, detail, content=picture(exif=exif)))

    scan = Scan.objects.get()
    assert scan.content_type == "image/jpeg"
    assert b"rue des Essais" not in bytes(scan.content)


def test_a_scan_is_saved_and_never_opened_in_a_page_of_ours(client, detail, notice):
    client.post(action(detail.prospect, "paper"), paper(notice, detail))

    answer = client.get(reverse("admin:consent_scan_file", args=[Scan.objects.get().pk]))

    assert answer.content == PDF
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]


def test_a_scan_outlives_the_person_and_ends_with_the_proof(client, detail, notice):
    other = make_detail("lea@example.test")
    client.post(action(detail.prospect, "paper"), paper(notice, detail))
    client.post(action(other.prospect, "paper"), paper(notice, other, content=picture("PNG")))
    erase_person(detail.prospect, timezone.now())
    assert Scan.objects.count() == 2

    erase_proofs(before=timezone.now() + timedelta(days=1), run=1, after=FIRST, limit=100)

    assert Scan.objects.get().address_keys == [other.address_key]


def test_a_paper_of_two_people_stays_for_the_other(client, detail, notice):
    other = make_detail("lea@example.test")
    client.post(action(detail.prospect, "paper"), paper(notice, detail))
    client.post(action(other.prospect, "paper"), paper(notice, other))
    assert len(Scan.objects.get().address_keys) == 2
    erase_person(detail.prospect, timezone.now())

    erase_proofs(before=timezone.now() + timedelta(days=1), run=1, after=FIRST, limit=100)

    assert Scan.objects.get().address_keys == [other.address_key]


def test_a_refusal_ticked_on_paper_is_an_objection(client):
    purpose = make_purpose()
    notice = make_notice({"purpose": purpose, "channel": "post", "kind": "opt_out"})
    home = make_detail("1 rue des Essais\n75001 Paris", medium="post")
    make_consent(home, purpose, channel="post", at=timezone.now() - timedelta(days=9))

    client.post(action(home.prospect, "paper"), paper(notice, home))

    assert Objection.objects.get().channel == "post"
    assert Permission.objects.get(channel="post").withdrawn_at is not None
