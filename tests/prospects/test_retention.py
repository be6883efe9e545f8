"""Who is forgotten, when, and what stays."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from consent.acts import confirmed, given, record_acts, record_stop
from consent.law.days import PARIS
from consent.models import Act, Objection, Permission
from consent.vocabulary import Medium
from prospects.intake import Person, Provenance, take_in
from prospects.models import ContactDetail, Contract, Interaction, LegalHold, Prospect, Purchase, PurgeRun, Source
from prospects.retention import Held, count_due, erase_person, erase_silent_prospects
from tests.factories import (
    make_campaign,
    make_consent,
    make_detail,
    make_message,
    make_notice,
    make_prospect,
    make_purpose,
)
from tests.prospects.silence import AT, LATELY, LONG_AGO, paris, remaining, silent

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("collected", "last_day"),
    [
        (paris(2023, 11, 24, 12, 0), date(2026, 11, 23)),
        (paris(2023, 11, 24, 0, 0), date(2026, 11, 23)),
        (paris(2023, 11, 23, 23, 59, 59), date(2026, 11, 22)),
        (paris(2024, 2, 29, 12, 0), date(2027, 2, 27)),
        (paris(2024, 3, 1, 0, 0), date(2027, 2, 28)),
        (paris(2025, 2, 28, 23, 59), date(2028, 2, 27)),
    ],
)
def test_three_years_are_over_on_the_anniversary_in_paris(collected, last_day):
    detail = make_detail(source={"collected_at": collected, "informed": True})

    erase_silent_prospects(datetime.combine(last_day, datetime.max.time(), PARIS))
    assert remaining() == {detail.pk}

    erase_silent_prospects(datetime.combine(last_day + timedelta(days=1), datetime.min.time(), PARIS))
    assert remaining() == set()


def test_everything_of_a_silent_person_goes_and_the_register_tells_how_much():
    detail = silent()
    prospect = detail.prospect
    Source.objects.create(prospect=prospect, also_of=detail, kind="event", collected_at=LONG_AGO)
    Interaction.objects.create(prospect=prospect, kind="clicked", at=LONG_AGO)
    Purchase.objects.create(prospect=prospect, family="garden", at=LONG_AGO)
    kept = make_detail(source={"collected_at": LATELY, "informed": True})

    run = erase_silent_prospects(AT)

    assert remaining() == {kept.pk}
    assert not Prospect.objects.filter(pk=prospect.pk).exists()
    for model in (Interaction, Purchase):
        assert not model.objects.exists()
    assert set(Source.objects.values_list("prospect_id", flat=True)) == {kept.prospect_id}
    assert (run.erased_prospects, run.erased_details, run.figures) == (1, 1, {"silent": 1})
    assert run.finished_at is not None
    assert run.silent_before == paris(2023, 11, 25)


def test_a_second_run_finds_nothing():
    silent()
    erase_silent_prospects(AT)

    again = erase_silent_prospects(AT)

    assert (again.erased_prospects, again.lapsed_permissions, again.figures) == (0, 0, {})


def test_every_permission_lapses_and_objections_and_acts_stay():
    detail = silent()
    offers, letter = make_purpose(), make_purpose()
    make_consent(detail, offers, at=LONG_AGO)
    make_consent(detail, letter, at=LONG_AGO)
    record_stop(
        detail.address_key, channel="email", purpose_id=letter.pk, at=LONG_AGO + timedelta(1), origin="stop_link"
    )
    acts = Act.objects.count()

    run = erase_silent_prospects(AT)

    assert set(Permission.objects.values_list("lapsed_at", flat=True)) == {AT}
    assert run.lapsed_permissions == 2
    assert Objection.objects.get().purpose == letter
    assert Act.objects.exclude(kind="lapsed").count() == acts
    assert Act.objects.get(kind="lapsed").origin == "retention"


def test_nothing_of_the_old_consent_revives_when_the_address_comes_back():
    detail = silent("zoe@example.test")
    consent = given(detail.address_key, make_notice().boxes.get(), at=LONG_AGO, needs_confirmation=True, origin="form")
    record_acts([consent])
    erase_silent_prospects(AT)

    later = AT + timedelta(hours=1)
    back = take_in(
        Person(), {Medium.EMAIL: "zoe@example.test"}, Provenance("event", later, place="Fair"), at=later, door="staff"
    )
    record_acts([confirmed(consent, at=later, origin="confirmation")])

    assert back.details.get().active_at == later
    assert Permission.objects.get().lapsed_at == AT


@pytest.mark.parametrize("consented", [True, False])
@pytest.mark.parametrize("collected_at", [AT, AT - timedelta(days=1), None])
def test_no_older_paper_brings_an_erased_address_back(collected_at, consented):
    detail = silent("zoe@example.test")
    if consented:
        make_consent(detail, make_purpose(), at=LONG_AGO)
    erase_silent_prospects(AT)
    paper = Provenance("paper", collected_at, evidence={"scan": "17"})

    with pytest.raises(ValidationError) as refused:
        take_in(Person(), {Medium.EMAIL: "zoe@example.test"}, paper, at=AT + timedelta(hours=1), door="staff")

    assert refused.value.code == "erased"
    assert not Prospect.objects.exists()


def test_a_detail_expires_by_its_own_clock_while_the_person_stays():
    old = silent("old@example.test")
    new = make_detail("new@example.test", prospect=old.prospect, source={"collected_at": LATELY, "informed": True})

    run = erase_silent_prospects(AT)

    assert remaining() == {new.pk}
    assert (run.erased_prospects, run.erased_details) == (0, 1)
    assert Source.objects.count() == 1


def test_an_interaction_or_a_purchase_keeps_every_detail():
    for sign in (Interaction(kind="clicked"), Purchase(family="garden")):
        detail = silent()
        sign.prospect, sign.at = detail.prospect, LATELY
        sign.save()

    erase_silent_prospects(AT)

    assert ContactDetail.objects.count() == 2


def test_the_clock_stands_still_while_a_contract_runs_and_starts_again_at_its_end():
    running, ended_lately, ended_long_ago = silent(), silent(), silent()
    for detail, last_day in (
        (running, None),
        (ended_lately, date(2023, 11, 25)),
        (ended_long_ago, date(2023, 11, 24)),
    ):
        Contract.objects.create(
            prospect=detail.prospect, families=["garden"], starts_on=date(2020, 1, 1), ends_on=last_day
        )

    erase_silent_prospects(AT)

    assert remaining() == {running.pk, ended_lately.pk}


def test_a_legal_hold_freezes_one_person_until_it_ends():
    detail = silent()
    LegalHold.objects.create(
        prospect=detail.prospect, reason="claim", starts_at=LONG_AGO, ends_at=AT + timedelta(days=10)
    )
    erase_silent_prospects(AT)
    assert remaining() == {detail.pk}
    with pytest.raises(Held):
        erase_person(detail.prospect, AT)

    erase_silent_prospects(AT + timedelta(days=10))

    assert remaining() == set()


def test_a_purge_asked_about_a_later_day_spares_whoever_is_under_a_legal_hold_now():
    detail = silent()
    LegalHold.objects.create(
        prospect=detail.prospect, reason="claim", starts_at=LONG_AGO, ends_at=AT + timedelta(days=10)
    )

    erase_silent_prospects(AT + timedelta(days=400), now=AT)

    assert remaining() == {detail.pk}


def test_a_purge_asked_about_an_earlier_day_spares_whoever_gave_a_sign_of_life_since():
    detail = silent()
    Interaction.objects.create(prospect=detail.prospect, kind="clicked", at=AT - timedelta(hours=1))

    erase_silent_prospects(AT - timedelta(days=100), now=AT)

    assert remaining() == {detail.pk}


def test_a_sign_of_life_dated_in_the_future_hides_nobody():
    detail = silent()
    Interaction.objects.create(prospect=detail.prospect, kind="clicked", at=AT + timedelta(days=9000))

    run = erase_silent_prospects(AT)

    assert remaining() == set()
    assert run.figures == {"silent": 1}


def test_an_unknown_source_is_erased_after_thirty_days_unless_a_source_with_evidence_was_recorded():
    def unknown(address: str) -> Prospect:
        return take_in(Person(), {Medium.EMAIL: address}, Provenance("unknown"), at=AT, door="import")

    unknown("lost@example.test")
    proven = unknown("proven@example.test")
    paper = Provenance("paper", AT, informed=True, evidence={"scan": "7"})
    take_in(Person(), {Medium.EMAIL: "proven@example.test"}, paper, at=AT + timedelta(days=20), door="staff")

    erase_silent_prospects(AT + timedelta(days=29))
    assert ContactDetail.objects.count() == 2

    run = erase_silent_prospects(AT + timedelta(days=30))

    assert Prospect.objects.get() == proven
    assert run.figures == {"unknown_source": 1}


def test_who_was_not_told_within_a_month_is_erased_at_its_end():
    obtained = paris(2026, 1, 31, 12)
    source = {
        "kind": "partner",
        "partner": "Atelier Exemple",
        "informed": False,
        "collected_at": obtained,
        "obtained_at": obtained,
    }
    untold = make_detail(source=source)
    told = make_detail(source={**source, "told_at": paris(2026, 2, 20)})
    informed_since = make_detail(source=source)
    Source.objects.create(
        prospect=informed_since.prospect, also_of=informed_since, kind="form", collected_at=obtained, informed=True
    )
    generic = make_detail(
        "info@example.test", source=source, is_generic=True, prospect=make_prospect(kind="professional")
    )

    erase_silent_prospects(paris(2026, 2, 27, 23, 59))
    assert untold.pk in remaining()

    run = erase_silent_prospects(paris(2026, 2, 28))

    assert remaining() == {told.pk, informed_since.pk, generic.pk}
    assert run.figures == {"not_told": 1}


def test_an_address_that_somebody_else_shares_keeps_its_permission():
    shared = "+33199001234"
    gone = silent(shared, medium="phone")
    stays = make_detail(shared, medium="phone", source={"collected_at": LATELY, "informed": True})
    make_consent(stays, make_purpose(), channel="phone", at=LATELY)

    erase_silent_prospects(AT)

    assert remaining() == {stays.pk}
    assert gone.address_key == stays.address_key
    assert Permission.objects.get().lapsed_at is None


def test_campaigns_keep_their_totals_with_nobody_in_them():
    campaign = make_campaign(status="done", send_at=LONG_AGO, finished_at=LONG_AGO)
    message = make_message(campaign=campaign, detail=silent(), status="sent", ground="consent")

    erase_silent_prospects(AT)

    message.refresh_from_db()
    assert (message.detail_id, message.status, message.ground) == (None, "sent", "consent")


def test_a_dry_run_counts_the_same_and_erases_nothing():
    silent()
    make_detail(prospect=silent().prospect, source={"collected_at": LATELY, "informed": True})
    make_detail(source={"kind": "unknown", "collected_at": None, "obtained_at": LATELY}, state="quarantined")
    make_detail(source={"informed": False, "collected_at": LATELY, "obtained_at": LATELY})

    due = count_due(AT)

    assert ContactDetail.objects.count() == 5 and not PurgeRun.objects.exists()
    assert due == {"silent": 2, "unknown_source": 1, "not_told": 1} == erase_silent_prospects(AT).figures


def test_erasing_a_person_on_request_erases_them_all_the_same():
    detail = make_detail()
    make_consent(detail, make_purpose())

    run = erase_person(detail.prospect, AT + timedelta(days=30))

    assert not Prospect.objects.exists()
    assert Act.objects.get(kind="lapsed").origin == "erasure"
    assert (run.erased_prospects, run.figures, run.lapsed_permissions) == (1, {"asked_for": 1}, 1)
