"""What people say about consent, and what it adds up to."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given as for_all
from hypothesis import settings as with_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from consent.acts import confirmed, given, informed, record_acts, record_stop
from consent.address_keys import address_key
from consent.folding import fold, folded
from consent.lapse import lapse
from consent.models import Act, Box, Objection, Permission
from tests.factories import make_notice

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
KEY = UUID(int=42)
DAY = timedelta(days=1)

pytestmark = pytest.mark.django_db


def the_box() -> Box:
    return make_notice().boxes.get()


def test_a_consent_that_needs_confirmation_stands_only_once_confirmed():
    consent = given(KEY, the_box(), at=NOW, needs_confirmation=True, origin=Act.Origin.FORM)
    record_acts([informed(KEY, at=NOW, origin=Act.Origin.FORM), consent])
    assert Permission.objects.get().confirmed_at is None

    record_acts([confirmed(consent, at=NOW + DAY, origin=Act.Origin.CONFIRMATION)])

    permission = Permission.objects.get()
    assert (permission.given_at, permission.confirmed_at) == (NOW, NOW + DAY)


def test_a_second_signup_that_is_never_confirmed_takes_nothing_from_the_first():
    box = the_box()
    first = given(KEY, box, at=NOW, needs_confirmation=True, origin=Act.Origin.FORM)
    record_acts([first, confirmed(first, at=NOW + DAY, origin=Act.Origin.CONFIRMATION)])

    record_acts([given(KEY, box, at=NOW + 2 * DAY, needs_confirmation=True, origin=Act.Origin.FORM)])

    assert Permission.objects.get().act_id == first.pk


def test_an_unconfirmed_consent_does_not_hide_an_earlier_withdrawal():
    box = the_box()
    record_acts([given(KEY, box, at=NOW, needs_confirmation=False, origin=Act.Origin.PAPER)])
    record_stop(KEY, channel="email", purpose_id=box.purpose_id, at=NOW + DAY, origin=Act.Origin.STOP_LINK)

    again = given(KEY, box, at=NOW + 2 * DAY, needs_confirmation=True, origin=Act.Origin.FORM)
    record_acts([again])
    assert Permission.objects.get().withdrawn_at == NOW + DAY

    record_acts([confirmed(again, at=NOW + 3 * DAY, origin=Act.Origin.CONFIRMATION)])
    assert Permission.objects.get().withdrawn_at is None


def test_a_stop_is_a_withdrawal_and_an_objection_and_pressing_twice_adds_nothing():
    box = the_box()
    record_acts([given(KEY, box, at=NOW, needs_confirmation=False, origin=Act.Origin.PAPER)])

    stop = {"channel": "email", "purpose_id": box.purpose_id, "origin": Act.Origin.ONE_CLICK}
    assert record_stop(KEY, at=NOW + DAY, **stop)
    assert not record_stop(KEY, at=NOW + 2 * DAY, **stop)

    assert sorted(Act.objects.exclude(kind="given").values_list("kind", flat=True)) == ["objected", "withdrawn"]
    assert Objection.objects.get().at == Permission.objects.get().withdrawn_at == NOW + DAY


def test_a_stop_after_a_new_consent_counts_again():
    box = the_box()
    stop = {"channel": "email", "purpose_id": box.purpose_id, "origin": Act.Origin.STOP_LINK}
    record_stop(KEY, at=NOW, **stop)
    record_acts([given(KEY, box, at=NOW + DAY, needs_confirmation=False, origin=Act.Origin.PAPER)])

    assert record_stop(KEY, at=NOW + 2 * DAY, **stop)

    assert Objection.objects.get().at == NOW + 2 * DAY


def test_a_stop_of_everything_ends_the_permission_of_every_channel_and_purpose():
    for channel in ("email", "post"):
        box = make_notice({"channel": channel}).boxes.get()
        record_acts([given(KEY, box, at=NOW, needs_confirmation=False, origin=Act.Origin.PAPER)])

    record_stop(KEY, channel=None, purpose_id=None, at=NOW + DAY, origin=Act.Origin.STOP_LINK)

    assert set(Permission.objects.values_list("withdrawn_at", flat=True)) == {NOW + DAY}
    assert Objection.objects.get().channel is None


def test_a_consent_confirmed_after_its_lapse_stays_lapsed():
    consent = given(KEY, the_box(), at=NOW, needs_confirmation=True, origin=Act.Origin.FORM)
    lapse = Act(kind="lapsed", address_key=KEY, key_id=1, at=NOW + DAY, origin=Act.Origin.RETENTION)

    record_acts([consent, lapse, confirmed(consent, at=NOW + 2 * DAY, origin=Act.Origin.CONFIRMATION)])

    assert Permission.objects.get().lapsed_at == NOW + DAY


def test_a_consent_on_paper_does_not_hide_the_confirmed_one_that_lifted_an_objection():
    box = the_box()
    record_stop(KEY, channel="email", purpose_id=box.purpose_id, at=NOW, origin=Act.Origin.STOP_LINK)
    again = given(KEY, box, at=NOW + DAY, needs_confirmation=True, origin=Act.Origin.FORM)
    record_acts([again, confirmed(again, at=NOW + 2 * DAY, origin=Act.Origin.CONFIRMATION)])

    record_acts([given(KEY, box, at=NOW + 3 * DAY, needs_confirmation=False, origin=Act.Origin.IMPORT)])

    assert Permission.objects.get().act_id == again.pk


def test_a_voided_consent_leaves_no_permission():
    consent = given(KEY, the_box(), at=NOW, needs_confirmation=False, origin=Act.Origin.IMPORT)
    record_acts([consent])

    void = Act(kind="voided", address_key=KEY, key_id=1, at=NOW, origin=Act.Origin.IMPORT, about=consent)
    record_acts([void])

    assert not Permission.objects.exists()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE consent_act SET at = now()",
        "UPDATE consent_act SET evidence = '{}'",
        "UPDATE consent_act SET erased_by = 1",
        "DELETE FROM consent_act",
    ],
)
def test_an_act_can_be_neither_changed_nor_removed(statement):
    record_acts([informed(KEY, at=NOW, origin=Act.Origin.FORM)])

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_acts_cannot_be_emptied():
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE consent_act ENABLE TRIGGER consent_act_is_never_emptied")

        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            cursor.execute("TRUNCATE consent_act CASCADE")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE consent_notice SET information_fr = 'autre'",
        "UPDATE consent_notice SET published_at = NULL",
        "DELETE FROM consent_notice",
        "UPDATE consent_box SET label_fr = 'autre'",
        "DELETE FROM consent_box",
        "INSERT INTO consent_box (notice_id, purpose_id, channel, kind, label_fr, label_en, position)"
        " SELECT notice_id, purpose_id, 'sms', kind, label_fr, label_en, 1 FROM consent_box",
    ],
)
def test_a_published_notice_and_its_boxes_cannot_change(statement):
    the_box()

    with pytest.raises(DatabaseError, match="cannot change"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_an_act_is_sealed_by_a_digest_of_all_that_it_says():
    _first, _second = record_acts([informed(KEY, at=NOW, origin=Act.Origin.FORM) for _ in range(2)])

    digests = set(Act.objects.values_list("digest", flat=True))

    assert {len(digest) for digest in digests} == {32}
    assert len(digests) == 2, "the same words at the same time have different salts"
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL timezone TO 'Indian/Reunion'")
        cursor.execute("SELECT count(*) FROM consent_act AS act WHERE digest = consent_act_digest(act)")
        assert cursor.fetchone() == (2,)


def test_an_address_has_one_key_however_it_is_typed():
    assert address_key("email", "Zoé@EXAMPLE.test ") == address_key("email", "zoé@example.test")
    assert address_key("phone", "01 99 00 12 34") == address_key("phone", "+33 1 99 00 12 34")
    assert address_key("post", "Mme Zoé Exemple\n1, rue d'Essai\n75001 Paris") == address_key(
        "post", "MME ZOE EXEMPLE\n\n1 rue d'essai\n75001  PARIS"
    )
    assert address_key("phone", "+33199001234") != address_key("fax", "+33199001234")


def test_an_address_key_follows_its_secret(settings):
    before = address_key("email", "camille@example.test")

    settings.ADDRESS_KEYS = {**settings.ADDRESS_KEYS, 2: "another secret of at least thirty-two characters"}

    assert address_key("email", "camille@example.test") != before
    assert address_key("email", "camille@example.test", key_id=1) == before


# One person's life in acts: (kind, hours after the last one, channel or all, about which consent).
lives = st.lists(
    st.tuples(
        st.sampled_from(["given", "given_on_paper", "confirmed", "withdrawn", "objected", "lapsed", "voided"]),
        st.integers(0, 2),
        st.booleans(),
        st.integers(0, 3),
    ),
    max_size=12,
)


class FoldLaw(TestCase):
    @with_settings(max_examples=150, deadline=None)
    @for_all(lives)
    def test_permissions_are_what_reading_the_acts_one_by_one_gives(self, life):
        box, key, at = the_box(), uuid4(), NOW
        consents, acts = [], []
        for kind, hours, everywhere, which in life:
            at += timedelta(hours=hours)
            where = {"channel": None, "purpose": None} if everywhere else {"channel": "email", "purpose": box.purpose}
            if kind in ("given", "given_on_paper"):
                consents.append(given(key, box, at=at, needs_confirmation=kind == "given", origin=Act.Origin.FORM))
                acts.append(consents[-1])
            elif kind in ("confirmed", "voided"):
                if consents:
                    about = consents[which % len(consents)]
                    acts.append(Act(kind=kind, address_key=key, key_id=1, at=at, origin="form", about=about))
            else:
                acts.append(Act(kind=kind, address_key=key, key_id=1, at=at, origin="form", **where))

        record_acts(acts)
        fold([key])  # once more changes nothing

        assert _standing(acts) == _stands(Permission.objects.filter(address_key=key).first())
        for moment in {act.at for act in acts}:
            assert _standing([act for act in acts if act.at <= moment]) == _stands(
                next(iter(folded(key, until=moment)), None)
            )
        lapse({key: 1}, at=at, origin=Act.Origin.RETENTION)
        lapsed = list(Permission.objects.filter(address_key=key).values())
        fold([key])
        assert list(Permission.objects.filter(address_key=key).values()) == lapsed
        assert None not in {permission["lapsed_at"] for permission in lapsed}

        objections = [act.at for act in acts if act.kind == "objected"]
        recorded = Objection.objects.filter(address_key=key).values_list("at", flat=True)
        assert max(objections, default=None) == max(recorded, default=None)


def _standing(acts):
    """When the consent that stands, of several the best, was given; told the slow way."""
    standing = []
    objected_at = max((act.at for act in acts if act.kind == "objected"), default=None)
    for consent in acts:
        if consent.kind != "given" or any(act.kind == "voided" and act.about_id == consent.pk for act in acts):
            continue
        confirmations = [act.at for act in acts if act.kind == "confirmed" and act.about_id == consent.pk]
        effective = min(confirmations, default=None) if consent.needs_confirmation else consent.at
        ended = any(act.kind == "withdrawn" and effective and act.at >= effective for act in acts)
        lapsed = any(act.kind == "lapsed" and act.at >= consent.at for act in acts)
        if effective is not None and not ended and not lapsed:
            unopposed = objected_at is None or (consent.needs_confirmation and effective > objected_at)
            standing.append((unopposed, consent.at))
    return max(standing, default=(None, None))[1]


def _stands(permission):
    if permission is None or permission.withdrawn_at or permission.lapsed_at:
        return None
    return permission.given_at if permission.confirmed_at or not permission.needs_confirmation else None
