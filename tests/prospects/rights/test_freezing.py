"""Restriction: nothing leaves, nothing is purged, and it ends only once the person was told."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from prospects.admin.freezing import LiftForm
from prospects.models import ContactDetail, Prospect
from prospects.retention import count_due, erase_person, erase_silent_prospects
from tests.factories import make_detail, make_prospect
from tests.mailbox import text_of

pytestmark = pytest.mark.django_db
LONG_AGO = {"kind": "form", "collected_at": datetime(2020, 1, 1, tzinfo=UTC)}


@pytest.fixture
def staff(admin_client):
    admin_client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return admin_client


def page(prospect, act=""):
    return f"/admin/prospects/prospect/{prospect.pk}/{act or 'change'}/"


def test_a_freeze_is_set_and_ended_on_the_persons_page_and_told_first(staff, detail, mailbox):
    prospect = detail.prospect
    staff.post(page(prospect, "freeze"))
    prospect.refresh_from_db()
    assert prospect.restricted_at is not None
    assert "asked to limit what is done" in staff.get(page(prospect)).content.decode()
    assert "frozen already" in staff.post(page(prospect, "freeze")).content.decode()

    staff.post(page(prospect, "lift"), {"why": "The dispute is settled."})
    prospect.refresh_from_db()
    assert prospect.restricted_at is None
    mail = text_of(mailbox.to("camille@example.test")[0])
    assert "The dispute is settled." in mail and "CNIL" in mail
    told = staff.get(page(prospect)).content.decode()
    assert "The data are frozen." in told and "The freeze has ended." in told


def test_no_freeze_ends_while_the_person_cannot_be_told(staff, detail, settings, mailbox):
    prospect = detail.prospect
    Prospect.objects.update(restricted_at=timezone.now())
    settings.EMAIL_PORT = 1
    assert "could not be sent" in staff.post(page(prospect, "lift"), {"why": "Settled."}).content.decode()
    ContactDetail.objects.update(state="undeliverable")
    assert "tell them first" in staff.post(page(prospect, "lift"), {"why": "Settled."}).content.decode()
    assert Prospect.objects.get().restricted_at is not None

    staff.post(page(prospect, "lift"), {"why": "Settled.", "told_by_staff": "on"})
    assert Prospect.objects.get().restricted_at is None
    assert len(mailbox) == 0


def test_no_field_of_the_persons_page_changes_a_freeze_unseen(staff, detail):
    prospect = detail.prospect
    Prospect.objects.update(restricted_at=timezone.now())
    fields = {"first_name": "A", "last_name": "B", "kind": "individual", "language": "fr", "time_zone": "Europe/Paris"}
    staff.post(page(prospect), {**fields, "restricted_at_0": "", "restricted_at_1": ""})

    prospect.refresh_from_db()
    assert prospect.first_name == "A"
    assert prospect.restricted_at is not None


def test_a_purge_leaves_who_is_frozen_and_takes_them_once_it_ends(purpose):
    now = timezone.now()
    make_detail(prospect=make_prospect(restricted_at=now - timedelta(days=1)), source=LONG_AGO)
    silent = make_detail(source=LONG_AGO)

    assert sum(count_due(now).values()) == 1
    assert erase_silent_prospects(now).erased_prospects == 1
    assert not Prospect.objects.filter(pk=silent.prospect_id).exists()
    Prospect.objects.update(restricted_at=None)
    assert erase_silent_prospects(now).erased_prospects == 1


def test_who_is_frozen_may_still_ask_to_be_erased(purpose):
    detail = make_detail(prospect=make_prospect(restricted_at=timezone.now()))
    erase_person(detail.prospect, timezone.now())
    assert not Prospect.objects.exists()


def test_a_lift_asks_why(detail):
    form = LiftForm({"why": ""}, prospect=detail.prospect, noted_by="ana")
    assert "why" in form.errors
