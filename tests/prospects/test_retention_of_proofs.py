"""Proofs outlive the person, and end in their turn."""

from datetime import datetime, timedelta

import pytest
from django.db import connection

from consent.acts import given, record_acts, record_stop
from consent.models import Act, Objection, Permission
from prospects.models import Interaction
from prospects.retention import erase_silent_prospects
from tests.factories import (
    make_consent,
    make_detail,
    make_notice,
    make_purpose,
)
from tests.prospects.silence import AT, LONG_AGO, silent

pytestmark = pytest.mark.django_db


def five_years_later(moment: datetime) -> datetime:
    return moment.replace(year=moment.year + 5)


def test_proofs_are_erased_after_five_years_without_a_permission_in_force_and_leave_their_digest():
    detail = silent()
    make_consent(detail, make_purpose(), at=LONG_AGO)
    record_stop(detail.address_key, channel=None, purpose_id=None, at=LONG_AGO + timedelta(1), origin="stop_link")
    erase_silent_prospects(AT)
    digests = set(map(bytes, Act.objects.values_list("digest", flat=True)))

    assert erase_silent_prospects(five_years_later(AT) - timedelta(days=1)).erased_proofs == 0
    run = erase_silent_prospects(five_years_later(AT))

    assert run.erased_proofs == 5  # informed, given, confirmed, withdrawn, lapsed
    assert Act.objects.filter(erased_by=run.pk, address_key__isnull=True, evidence__isnull=True).count() == 5
    assert set(map(bytes, Act.objects.values_list("digest", flat=True))) == digests
    assert Act.objects.get(kind__isnull=False).kind == "objected"
    assert Objection.objects.count() == 1 and not Permission.objects.exists()


def test_proofs_stay_as_long_as_a_permission_is_in_force():
    detail = make_detail()
    ended, standing = make_purpose(), make_purpose()
    make_consent(detail, ended, at=LONG_AGO)
    record_stop(
        detail.address_key, channel="email", purpose_id=ended.pk, at=LONG_AGO + timedelta(1), origin="stop_link"
    )
    make_consent(detail, standing, at=LONG_AGO)
    Interaction.objects.create(prospect=detail.prospect, kind="kept", at=AT + timedelta(days=2000))

    assert erase_silent_prospects(AT + timedelta(days=2001)).erased_proofs == 0


def test_an_acts_content_is_erased_only_by_a_run_that_names_itself():
    record_acts(
        [given(make_detail().address_key, make_notice().boxes.get(), at=AT, needs_confirmation=False, origin="paper")]
    )

    with pytest.raises(Exception, match="append-only"), connection.cursor() as cursor:
        cursor.execute("UPDATE consent_act SET erased_by = 1, kind = NULL, address_key = NULL")
