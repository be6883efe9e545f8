"""GDPR art. 14: people are told within a month what is held of them, or forgotten."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from consent.acts import record_stop
from consent.law import Channel, Message, may_contact
from prospects.facts import facts_of
from prospects.models import ContactDetail, Source, UntoldSource
from prospects.retention import erase_silent_prospects
from prospects.telling import tell, told_by_staff, untold, warn_staff
from tests.factories import make_detail, make_organisation, make_prospect

pytestmark = pytest.mark.django_db

OBTAINED = datetime(2026, 10, 20, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def from_a_partner(address: str = "", *, prospect: Any = None, **fields: Any) -> ContactDetail:
    source = {
        "kind": "partner",
        "partner": "Atelier Exemple",
        "collected_at": OBTAINED,
        "obtained_at": OBTAINED,
        "informed": False,
    }
    return make_detail(address, prospect=prospect, source=source, **fields)


def test_the_notice_says_who_we_are_what_we_hold_from_where_and_how_to_refuse(mailbox):
    make_organisation()
    detail = from_a_partner("zoe@example.test", prospect=make_prospect(last_name="Martin", language="en"))
    from_a_partner("+33199001234", medium="phone", prospect=detail.prospect)

    assert tell(OBTAINED + DAY) == 1

    (mail,) = mailbox
    text = mail.get_body(("plain",)).get_content()
    for part in ("Maison Exemple", "Atelier Exemple", "phone number", "/u/", "/all/", "CNIL"):
        assert part in text
    assert set(Source.objects.values_list("told_at", flat=True)) == {OBTAINED + DAY}


def test_who_was_told_in_time_counts_as_informed_and_is_not_erased(mailbox):
    detail = from_a_partner("12 rue des Essais\n75001 Paris", medium="post")
    from_a_partner(prospect=detail.prospect)
    tell(OBTAINED + DAY)
    message = Message(Channel.POST, "offers")

    erase_silent_prospects(OBTAINED + 40 * DAY)

    detail.refresh_from_db()
    assert may_contact(facts_of(detail, message, OBTAINED + 2 * DAY).facts, message, at=OBTAINED + 2 * DAY).allowed
    assert not may_contact(facts_of(detail, message, OBTAINED).facts, message, at=OBTAINED).allowed


def test_the_notice_is_sent_once(mailbox):
    from_a_partner()

    assert [tell(OBTAINED + DAY), tell(OBTAINED + DAY), tell(OBTAINED + 2 * DAY)] == [1, 0, 0]
    assert len(mailbox) == 1


def test_no_notice_goes_out_once_the_month_is_over(mailbox):
    from_a_partner()

    assert tell(OBTAINED + 31 * DAY) == 0


def test_a_notice_that_did_not_leave_counts_for_nothing_and_is_tried_again(mailbox, settings):
    from_a_partner()
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    assert tell(OBTAINED + DAY) == 0
    assert Source.objects.get().told_at is None
    settings.EMAIL_PORT = port

    assert tell(OBTAINED + DAY + timedelta(hours=1)) == 1


def test_nobody_is_told_who_was_informed_objected_to_everything_or_came_from_nowhere(mailbox):
    make_detail(source={"collected_at": OBTAINED, "informed": True})
    objected = from_a_partner()
    record_stop(objected.address_key, channel=None, purpose_id=None, at=OBTAINED, origin="stop_link")
    make_detail(source={"kind": "unknown", "informed": False, "obtained_at": OBTAINED}, state="quarantined")
    from_a_partner("info@example.test", is_generic=True, prospect=make_prospect(kind="professional"))

    assert tell(OBTAINED + DAY) == 0
    assert len(mailbox) == 0


def test_staff_are_warned_a_week_before_once_a_day_and_without_a_name(mailbox):
    make_organisation(data_protection_contact="dpo@example.test")
    from_a_partner("+33199001234", medium="phone")

    assert not warn_staff(datetime(2026, 11, 12, 8, tzinfo=UTC))
    assert warn_staff(datetime(2026, 11, 13, 8, tzinfo=UTC))
    assert not warn_staff(datetime(2026, 11, 13, 9, tzinfo=UTC))

    (mail,) = mailbox
    assert mail["To"] == "dpo@example.test"
    assert "Camille" not in mail.as_string() and "99001234" not in mail.as_string()


def test_what_staff_told_by_letter_is_told(admin_client):
    detail = from_a_partner("+33199001234", medium="phone")
    Source.objects.update(obtained_at=datetime.now(UTC) - 25 * DAY)
    listed = reverse("admin:prospects_untoldsource_changelist")
    assert f"№ {detail.prospect_id}" in admin_client.get(listed).content.decode()

    admin_client.post(listed, {"action": "tell", "_selected_action": [detail.source_id]})

    assert Source.objects.get().told_at is not None
    assert f"№ {detail.prospect_id}" not in admin_client.get(listed).content.decode()


def test_what_was_told_too_late_stays_untold():
    from_a_partner()

    assert told_by_staff(UntoldSource.objects.all(), at=OBTAINED + 40 * DAY) == 0
    assert not untold(OBTAINED + 40 * DAY).exists()


def test_staff_are_not_warned_of_details_that_stay():
    """A company's generic address and whoever was informed at another collection are never erased for this."""
    from_a_partner("info@example.test", is_generic=True, prospect=make_prospect(kind="professional"))
    known = from_a_partner()
    Source.objects.create(
        prospect=known.prospect, also_of=known, kind="event", place="Fair", collected_at=OBTAINED, informed=True
    )

    assert not untold(OBTAINED + DAY).exists()
    erase_silent_prospects(OBTAINED + 40 * DAY)
    assert ContactDetail.objects.count() == 2


def test_whoever_is_warned_about_is_erased_unless_told():
    from_a_partner()

    assert untold(OBTAINED + DAY).count() == 1
    erase_silent_prospects(OBTAINED + 40 * DAY)
    assert not ContactDetail.objects.exists()
