"""The queue of staff: terms, more time, refusals, reminders, requests by letter, the register."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consent.models import Objection
from consent.vocabulary import Medium
from prospects.models import CallAttempt, Export, HandedOver, LegalHold, Prospect, RightsRequest
from prospects.rights.handling import AT_ONCE, Noted, accept, enter, extend, refuse
from prospects.rights.mails import send_due_rights_mails
from prospects.rights.reminding import forget, remind, requests_due
from tests.factories import make_detail, make_marketer
from tests.mailbox import text_of

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 25, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def staff(client):
    user = User.objects.create_user("camille", password="a long password", is_staff=True)
    user.groups.add(Group.objects.get(name="Data protection"))
    client.force_login(user)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return user


def noted(right="access", address="camille@example.test", *, medium=Medium.EMAIL, at=AT, language="en", words=""):
    return Noted(right, medium, address, "letter", at, "signature", language, words)


@pytest.fixture
def request_of(detail, staff):
    return enter(noted(), by=staff, at=AT)


def test_a_request_by_letter_waits_with_its_term_from_the_day_it_came(client, staff, detail):
    answer = client.post(
        reverse("enter_request"),
        {
            "right": "access",
            "door": "letter",
            "came_on": "2026-11-10T09:30",
            "medium": "post",
            "language": "fr",
            "address": "Camille Exemple\n1 rue des Essais\n75001 Paris",
            "identity": "signature",
            "words": "Tout.",
        },
    )
    request = RightsRequest.objects.get()

    assert answer.url == reverse("request", args=[request.pk])
    assert (request.status, str(request.due_on), request.handled_by) == ("open", "2026-12-10", staff)
    page = client.get(reverse("requests")).content.decode()
    assert f"№ {request.pk}" in page and "10 December 2026" in page
    assert LogEntry.objects.get().object_repr == str(request) or "Exemple" not in LogEntry.objects.get().object_repr


def test_a_request_of_the_future_or_without_identity_is_not_entered(client, staff, detail):
    tomorrow = f"{timezone.now() + 2 * DAY:%Y-%m-%dT%H:%M}"
    said = {
        "right": "access",
        "door": "letter",
        "came_on": tomorrow,
        "medium": "email",
        "address": "no",
        "language": "fr",
    }
    page = client.post(reverse("enter_request"), said)

    assert {"came_on", "identity", "address"} <= page.context["form"].errors.keys()
    assert not RightsRequest.objects.exists()


def test_an_objection_and_a_freeze_told_to_staff_count_at_once(staff, detail):
    make_detail("01 99 00 12 34", medium="phone", prospect=detail.prospect)
    enter(noted("objection"), by=staff, at=timezone.now())
    enter(noted("restriction"), by=staff, at=timezone.now())

    assert Objection.objects.filter(channel=None, purpose=None).count() == 2  # at each of the person's addresses
    assert Prospect.objects.get().restricted_at is not None
    assert set(RightsRequest.objects.values_list("status", flat=True)) == {"done"}


def test_nobody_is_taken_for_another_who_shares_the_number(client, staff, detail):
    first = make_detail("01 99 00 12 34", medium="phone")
    second = make_detail("01 99 00 12 34", medium="phone")
    said = {
        "right": "restriction",
        "door": "phone",
        "came_on": "2026-11-10T09:30",
        "medium": "phone",
        "language": "fr",
        "address": "01 99 00 12 34",
        "identity": "called back",
    }
    assert "Several people share" in client.post(reverse("enter_request"), said).content.decode()
    assert (
        "has another address"
        in client.post(reverse("enter_request"), {**said, "person": detail.prospect_id}).content.decode()
    )
    assert not RightsRequest.objects.exists()

    client.post(reverse("enter_request"), {**said, "person": second.prospect_id})
    frozen = Prospect.objects.exclude(restricted_at=None)
    assert list(frozen) == [second.prospect] and first.prospect not in frozen


def test_two_more_months_are_taken_once_in_time_and_told_with_the_reason(request_of, staff, mailbox):
    extend(request_of.pk, "Your file is in the archive.", by=staff, at=AT + DAY)
    send_due_rights_mails()
    request_of.refresh_from_db()

    assert str(request_of.due_on) == "2027-02-25"
    mail = text_of(mailbox.to("camille@example.test")[-1])
    assert "Your file is in the archive." in mail and "25 February 2027" in mail and "CNIL" in mail
    with pytest.raises(ValidationError):
        extend(request_of.pk, "Again.", by=staff, at=AT + 2 * DAY)


def test_no_more_time_is_taken_once_the_month_is_over(request_of, staff):
    with pytest.raises(ValidationError):
        extend(request_of.pk, "Late.", by=staff, at=datetime(2026, 12, 29, 12, tzinfo=UTC))


def test_a_refusal_is_told_with_its_reason_the_cnil_and_the_court(client, request_of, mailbox):
    client.post(reverse("act_on_request", args=[request_of.pk, "refuse"]), {"refuse-why": "It repeats the last one."})
    send_due_rights_mails()
    request_of.refresh_from_db()

    mail = text_of(mailbox.to("camille@example.test")[-1])
    assert "It repeats the last one." in mail and "www.cnil.fr" in mail and "court" in mail
    assert (request_of.status, request_of.address) == ("refused", "")
    with pytest.raises(ValidationError):
        accept(request_of.pk, "", by=request_of.handled_by, at=AT)


def test_a_refusal_says_why(client, request_of):
    page = client.post(reverse("act_on_request", args=[request_of.pk, "refuse"]), {"refuse-why": " "})
    assert page.context["forms"]["refuse"].errors
    request_of.refresh_from_db()
    assert request_of.is_open
    with pytest.raises(IntegrityError), transaction.atomic():
        RightsRequest.objects.update(status="refused", answered_at=AT)


def test_an_objection_cannot_be_refused(staff, detail):
    request = enter(noted("access"), by=staff, at=AT)
    RightsRequest.objects.update(right="objection")
    with pytest.raises(ValidationError):
        refuse(request.pk, "No.", by=staff, at=AT)


def test_staff_release_a_file_without_their_notes(client, request_of, detail, mailbox):
    CallAttempt.objects.create(prospect=detail.prospect, at=timezone.now(), note="his wife answered")
    accepted = {"accept-answer": "Here they are.", "accept-without_notes": "on"}
    client.post(reverse("act_on_request", args=[request_of.pk, "accept"]), accepted)
    send_due_rights_mails()
    mail = text_of(mailbox.to("camille@example.test")[-1])
    link = next(line for line in mail.splitlines() if "/rights/file/" in line).split("test", 1)[1]

    assert "Here they are." in mail
    file = b"".join(Client().post(link).streaming_content)
    assert file.startswith(b"PK") and b"his wife" not in file
    request_of.refresh_from_db()
    assert request_of.notes_withheld and request_of.address  # until the file is given no more


def test_an_erasure_that_a_hold_forbids_stays_open_and_says_why(client, staff, detail):
    request = enter(noted("erasure"), by=staff, at=AT)
    now = timezone.now()
    LegalHold.objects.create(prospect=detail.prospect, reason="claim", starts_at=now, ends_at=now + DAY)
    page = client.post(reverse("act_on_request", args=[request.pk, "accept"]), {"accept-answer": ""})

    assert "A legal hold freezes this person" in page.content.decode()
    assert RightsRequest.objects.get().is_open and Prospect.objects.exists()


def test_an_erasure_granted_by_staff_erases_and_is_told(staff, detail, mailbox):
    request = enter(noted("erasure"), by=staff, at=AT)
    accept(request.pk, "", by=staff, at=timezone.now())
    send_due_rights_mails()

    assert not Prospect.objects.exists()
    assert "is erased" in text_of(mailbox.to("camille@example.test")[-1])


def test_whoever_gave_no_mailbox_is_not_mailed(staff, detail, mailbox):
    make_detail("01 99 00 12 34", medium="phone", prospect=detail.prospect)
    request = enter(noted(medium=Medium.PHONE, address="+33199001234"), by=staff, at=AT)
    refuse(request.pk, "It repeats the last one.", by=staff, at=AT)

    assert request.prospect == detail.prospect
    assert send_due_rights_mails() == 0 and len(mailbox) == 0


# ---- Recipients (GDPR art. 19) ----


@pytest.mark.parametrize("right", ["erasure", "restriction", "rectification"])
def test_whoever_received_the_data_is_named_to_the_person_and_told_by_staff(client, staff, detail, mailbox, right):
    export = Export.objects.create(listing="hand_over", why="printing", recipient="Imprimerie Exemple")
    HandedOver.objects.create(export=export, detail=detail, ground="consent")
    request = enter(noted(right), by=staff, at=AT)
    if right not in AT_ONCE:
        accept(request.pk, "", by=staff, at=timezone.now())
    send_due_rights_mails()

    assert "Imprimerie Exemple" in text_of(mailbox.to("camille@example.test")[-1])
    assert "must be told" in client.get(reverse("admin:index")).content.decode()
    page = client.get(reverse("request", args=[request.pk])).content.decode()
    assert "Imprimerie Exemple" in page and "camille@example.test" in page
    client.post(reverse("act_on_request", args=[request.pk, "told"]))
    send_due_rights_mails()
    request.refresh_from_db()
    assert (request.to_tell, request.address) == ([], "")
    assert request.recipients_told_at is not None
    assert "must be told" not in client.get(reverse("requests")).content.decode()


def test_an_objection_and_a_file_concern_no_recipient(staff, detail):
    export = Export.objects.create(listing="hand_over", why="printing", recipient="Imprimerie Exemple")
    HandedOver.objects.create(export=export, detail=detail, ground="consent")
    for right in ("objection", "access"):
        request = enter(noted(right), by=staff, at=AT)
        if request.is_open:
            accept(request.pk, "", by=staff, at=timezone.now())
    assert not RightsRequest.objects.untold().exists()


# ---- Reminders ----


@pytest.mark.parametrize(("days_before", "told"), [(8, 0), (7, 1), (1, 1), (0, 1), (-3, 1)])
def test_the_contact_is_reminded_from_a_week_before(request_of, mailbox, days_before, told):
    due = datetime(2026, 12, 28, 12, tzinfo=UTC)
    assert remind(due - days_before * DAY) == told
    assert len(mailbox.to("donnees@example.test")) == told
    if told:
        mail = mailbox[0]
        assert f"№ {request_of.pk}" in text_of(mail)
        assert "camille" not in text_of(mail) + mail["Subject"]


def test_each_request_is_told_of_twice_and_never_once_answered(request_of, staff, mailbox):
    due = datetime(2026, 12, 28, 12, tzinfo=UTC)
    told = [remind(due - days * DAY) for days in (9, 7, 6, 3, 0, -1)]
    assert told == [0, 1, 0, 0, 1, 0]

    other = enter(noted(address="other@example.test"), by=staff, at=AT)
    refuse(other.pk, "No.", by=staff, at=AT)
    assert remind(due + 2 * DAY) == 0


def test_the_first_page_of_the_admin_says_what_waits(client, request_of):
    page = client.get(reverse("admin:index")).content.decode()
    assert "1 request about personal data waits for an answer, due on 28 December 2026" in page

    RightsRequest.objects.update(due_on="2020-01-01")
    assert "The term is over" in client.get(reverse("admin:index")).content.decode()
    refuse(request_of.pk, "No.", by=request_of.handled_by, at=AT)
    assert requests_due(AT) is None
    assert "waits for an answer" not in client.get(reverse("admin:index")).content.decode()


# ---- The register ----


def test_the_register_names_nobody_and_ends_at_its_own_term(client, request_of, staff, settings):
    refuse(request_of.pk, "It repeats the last one.", by=staff, at=AT)
    send_due_rights_mails()
    answer = client.post(reverse("export", args=["requests"]), {"format": "csv", "why": "audit"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    (row,) = list(csv.reader(io.StringIO(text), delimiter=";"))[1:]

    assert row[1:5] == ["access", "letter", "2026-11-25 13:00", "signature"]
    assert row[7] == "refused" and row[9:] == ["It repeats the last one.", "camille"]
    assert "example.test" not in text
    assert forget(datetime(2031, 11, 24, 12, tzinfo=UTC)) == 0
    assert forget(datetime(2031, 11, 25, 12, tzinfo=UTC)) == 1


def test_a_wish_that_nobody_proved_is_in_no_register_and_goes(client, staff, detail):
    Client().post("/rights/", {"right": "access", "address": "camille@example.test"})
    wish = RightsRequest.objects.get()

    assert client.get(reverse("request", args=[wish.pk])).status_code == 404
    assert list(client.get(reverse("requests")).context["waiting"]) == []
    assert forget(timezone.now()) == 0
    assert forget(timezone.now() + 25 * timedelta(hours=1)) == 1


def test_the_rows_themselves_keep_no_address_once_settled(request_of, staff):
    refuse(request_of.pk, "It repeats the last one.", by=staff, at=AT)
    send_due_rights_mails()
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(request)::text FROM prospects_rightsrequest AS request")
        assert "example.test" not in cursor.fetchone()[0]


def test_marketers_and_operators_see_no_request(client, request_of):
    client.force_login(make_marketer())
    for name, given in (("requests", []), ("request", [request_of.pk]), ("enter_request", [])):
        assert client.get(reverse(name, args=given)).status_code == 403
