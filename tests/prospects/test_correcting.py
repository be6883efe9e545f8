"""Rectification: a wrong address becomes the right one."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from campaigns.models import Message
from consent.acts import record_stop
from consent.address_keys import address_key
from consent.models import Objection, Permission
from prospects.correcting import Correction, correct_address, set_deliverable
from prospects.intake import Person, Provenance, take_in
from prospects.models import ContactDetail
from tests.factories import make_consent, make_detail, make_message, make_purpose

pytestmark = pytest.mark.django_db


def corrected(detail, address, **fields):
    correction = {"told_at": timezone.now() - timedelta(hours=1), "kind": "phone", "noted_by": "ana", **fields}
    return correct_address(detail, Correction(address, **correction), at=timezone.now())


def test_the_right_address_takes_the_place_of_the_wrong_one_with_its_source():
    detail = make_detail("camile@example.test", source={"collected_at": timezone.now() - timedelta(days=30)})
    first = detail.source

    corrected(detail, "Camille@Example.test", evidence="Appel 7")

    detail = ContactDetail.objects.get()
    assert detail.address == "camille@example.test"
    assert detail.address_key == address_key("email", "camille@example.test")
    assert (detail.source.kind, detail.source.collected_by) == ("phone", "ana")
    assert list(detail.further_sources.all()) == [first]


def test_objections_come_along_and_consents_do_not():
    purpose = make_purpose()
    detail = make_detail("camile@example.test")
    make_consent(detail, purpose, at=timezone.now() - timedelta(days=2))
    record_stop(detail.address_key, channel="email", purpose_id=None, at=timezone.now(), origin="staff")

    corrected(detail, "camille@example.test")

    key = address_key("email", "camille@example.test")
    assert Objection.objects.filter(address_key=key, channel="email", purpose=None).exists()
    assert not Permission.objects.filter(address_key=key, act__isnull=False).exists()
    assert Permission.objects.get(act__isnull=False).lapsed_at is not None


def test_what_was_sent_stays_on_the_person_s_page():
    message = make_message()

    corrected(message.detail, "camille@example.test")

    assert Message.objects.get().detail.address == "camille@example.test"


def test_the_wrong_address_does_not_come_back_with_an_old_file():
    detail = make_detail("camile@example.test")
    corrected(detail, "camille@example.test")

    old = Provenance("event", timezone.now() - timedelta(days=9), place="Lyon")
    with pytest.raises(ValidationError, match=r"(?i)erased|effacée"):
        take_in(Person(), {"email": "camile@example.test"}, old, at=timezone.now(), door="import")


@pytest.mark.parametrize("address", ["no address", "camile@example.test", "taken@example.test"])
def test_an_address_that_is_none_or_somebody_else_s_is_refused(address):
    make_detail("taken@example.test")
    detail = make_detail("camile@example.test")

    with pytest.raises(ValidationError):
        corrected(detail, address)
    assert ContactDetail.objects.filter(address="camile@example.test").exists()


def test_an_address_is_marked_as_undeliverable_and_back():
    detail = make_detail()

    assert set_deliverable(detail, deliverable=False)
    assert not set_deliverable(detail, deliverable=False)
    detail.refresh_from_db()
    assert detail.state == "undeliverable"
    assert set_deliverable(detail, deliverable=True)


def test_what_waits_for_its_confirmation_is_not_made_usable():
    detail = make_detail(state="unconfirmed")

    assert not set_deliverable(detail, deliverable=True)
    assert not set_deliverable(detail, deliverable=False)
