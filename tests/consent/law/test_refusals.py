"""Each refusal, and which one is given when several apply."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations

import pytest

from consent.law import Channel, Facts, Ground, Objection, Reason, Source, SourceKind, may_contact
from tests.consent.law.worlds import (
    ARTICLE,
    AT,
    COMPANY,
    INDIVIDUAL,
    INFORMED,
    LAST_YEAR,
    LAW,
    PROFESSIONAL,
    UNINFORMED,
    consent,
    contract,
    facts,
    message,
    outcome,
    paris,
    purchase,
    request,
    with_consent,
)

BOTH = pytest.mark.parametrize("rulebook", [LAW, ARTICLE])
DAY = timedelta(days=1)
GROUNDS = {
    "consent": facts(consents=(consent("email"),)),
    "customer": facts(source=INFORMED, purchases=(purchase(),)),
    "professional": facts(PROFESSIONAL, INFORMED),
    "company": facts(COMPANY),
}


# ---- Precedence ----

AGREED = facts(source=INFORMED, consents=(consent("phone"),))

# What makes each refusal apply to somebody who agreed to calls, in order of precedence.
CAUSES = {
    Reason.OBJECTED: lambda known: replace(known, objections=(Objection(at=AT - DAY),)),
    Reason.CONSENT_WITHDRAWN: lambda known: with_consent(known, withdrawn_at=AT - 2 * DAY),
    Reason.SOURCE_FORBIDDEN: lambda known: replace(known, source=replace(known.source, kind=SourceKind.PUBLIC_WEB)),
    Reason.SOURCE_UNKNOWN: lambda known: replace(known, source=replace(known.source, collected_at=None)),
    Reason.RETENTION_EXPIRED: lambda known: replace(
        known, source=replace(known.source, collected_at=known.source.collected_at and AT - 2000 * DAY)
    ),
    Reason.MINOR: lambda known: replace(known, recipient=replace(known.recipient, born_on=date(2016, 1, 1))),
    Reason.SECTOR_BANNED: lambda known: known,
    Reason.CONSENT_INCOMPLETE: lambda known: with_consent(known, mentions_complete=False),
    Reason.CONSENT_EXPIRED: lambda known: with_consent(known, given_at=AT - 400 * DAY),
    Reason.CONSENT_UNCONFIRMED: lambda known: with_consent(known, confirmed_at=None),
    Reason.OUTSIDE_HOURS: lambda known: known,
    Reason.TOO_MANY_CALLS: lambda known: replace(known, calls_last_30_days=4),
}


def refused_for(*reasons):
    known = AGREED
    for reason in reasons:
        known = CAUSES[reason](known)
    about = message("phone", sector="home_adaptation" if Reason.SECTOR_BANNED in reasons else None)
    at = AT + timedelta(hours=11) if Reason.OUTSIDE_HOURS in reasons else AT
    return may_contact(known, about, at=at).reason


@pytest.mark.parametrize("reason", CAUSES)
def test_each_refusal_alone(reason):
    assert outcome(AGREED, "phone") is Ground.CONSENT
    assert refused_for(reason) is reason


@pytest.mark.parametrize(("first", "second"), list(combinations(CAUSES, 2)))
def test_of_two_refusals_the_first_in_order_is_given(first, second):
    assert refused_for(second, first) is first


def test_all_of_them_at_once():
    assert refused_for(*reversed(CAUSES)) is Reason.OBJECTED


@pytest.mark.parametrize(
    ("grounds", "reported"),
    [
        (("consent", "contract", "request"), "consent"),
        (("contract", "request"), "contract"),
        (("request",), "request"),
    ],
)
def test_of_several_grounds_for_a_call_the_first_in_order_is_reported(grounds, reported):
    kinds = {"consent": consent("phone"), "contract": contract(), "request": request()}
    assert outcome(facts(**{f"{ground}s": (kinds[ground],) for ground in grounds}), "phone") == reported


def test_of_several_grounds_for_a_mail_the_first_in_order_is_reported():
    baker = facts(PROFESSIONAL, INFORMED, purchases=(purchase(),), consents=(consent("email"),))
    assert outcome(baker, "email") is Ground.CONSENT
    assert outcome(replace(baker, consents=()), "email") is Ground.CUSTOMER
    assert outcome(replace(baker, consents=(), purchases=()), "email") is Ground.PROFESSIONAL
    assert outcome(facts(COMPANY, INFORMED, purchases=(purchase(),)), "email") is Ground.CUSTOMER
    assert outcome(facts(COMPANY, INFORMED), "phone") is Ground.COMPANY


# ---- Sources ----


@BOTH
@pytest.mark.parametrize("known", GROUNDS.values(), ids=GROUNDS)
def test_the_public_web_is_forbidden_whatever_else_is_true(known, rulebook):
    found = replace(known, source=replace(known.source, kind=SourceKind.PUBLIC_WEB))
    assert outcome(found, "email", rulebook=rulebook) is Reason.SOURCE_FORBIDDEN
    assert outcome(replace(found, source=Source(SourceKind.PUBLIC_WEB)), "email") is Reason.SOURCE_FORBIDDEN


@BOTH
@pytest.mark.parametrize("known", GROUNDS.values(), ids=GROUNDS)
def test_an_unknown_source_or_day_of_collection_is_refused(known, rulebook):
    for source in (Source(SourceKind.UNKNOWN, LAST_YEAR, True), replace(known.source, collected_at=None), Source()):
        assert outcome(replace(known, source=source), "email", rulebook=rulebook) is Reason.SOURCE_UNKNOWN


# ---- Sectors ----


@pytest.mark.parametrize("sector", ["energy_renovation", "renewable_energy_equipment", "home_adaptation"])
@pytest.mark.parametrize("channel", list(Channel))
def test_a_banned_sector_is_closed_to_individuals_on_five_channels(channel, sector):
    banned = channel in ("phone", "automated_call", "sms", "mms", "email")
    known = facts(source=INFORMED, consents=(consent(channel),))
    assert outcome(known, channel, sector=sector) is (Reason.SECTOR_BANNED if banned else Ground.CONSENT)
    assert outcome(known, channel, sector=sector, rulebook=ARTICLE) is Ground.CONSENT
    professional = facts(PROFESSIONAL, INFORMED, consents=(consent(channel),))
    assert outcome(professional, channel, sector=sector) is Ground.CONSENT
    assert outcome(known, channel, sector="books") is Ground.CONSENT


@pytest.mark.parametrize("at", [paris(2024, 6, 4, 10), paris(2026, 8, 10, 10)])
def test_the_sectors_are_banned_at_any_date(at):
    known = facts(source=replace(INFORMED, collected_at=paris(2024, 1, 1)))
    assert outcome(known, "phone", at, sector="energy_renovation") is Reason.SECTOR_BANNED


def test_a_contract_in_progress_for_the_family_opens_the_sector():
    def about(*families):
        known = facts(consents=(consent("email"),), contracts=(contract(families=families),))
        return outcome(known, "email", sector="energy_renovation")

    assert about("garden") is Ground.CONSENT
    assert about("kitchen") is Reason.SECTOR_BANNED
    assert about() is Reason.SECTOR_BANNED


# ---- What a cell lacks ----


@BOTH
def test_an_old_transaction_in_a_covering_family_makes_a_customer_too_old(rulebook):
    old, recent_but_other = purchase("garden", AT - 1200 * DAY), purchase("kitchen", LAST_YEAR)
    known = facts(source=INFORMED, purchases=(old, recent_but_other))
    assert outcome(known, "email", rulebook=rulebook) is Reason.CUSTOMER_TOO_OLD
    assert outcome(replace(known, purchases=(*known.purchases, purchase())), "email", rulebook=rulebook) is (
        Ground.CUSTOMER
    )


@BOTH
@pytest.mark.parametrize("family", ["kitchen", "gard", "gardening", "garden/tools/rakes", "garden/tool"])
def test_a_family_that_does_not_cover_the_messages_is_not_analogous(family, rulebook):
    known = facts(source=INFORMED, purchases=(purchase(family),))
    assert outcome(known, "email", rulebook=rulebook) is Reason.NOT_ANALOGOUS


@BOTH
@pytest.mark.parametrize("family", ["garden", "garden/tools"])
def test_a_family_covers_itself_and_those_below(family, rulebook):
    known = facts(source=INFORMED, purchases=(purchase(family),))
    assert outcome(known, "email", rulebook=rulebook) is Ground.CUSTOMER
    assert outcome(known, "email", families=("kitchen", "garden/tools"), rulebook=rulebook) is Ground.CUSTOMER
    assert outcome(known, "email", families=(), rulebook=rulebook) is Reason.NOT_ANALOGOUS


def test_contracts_and_requests_cover_families_in_the_same_way():
    for families, holds in (
        (("garden",), True),
        (("garden/tools",), True),
        (("garden/tools/rakes",), False),
        ((), False),
    ):
        signed = facts(contracts=(contract(families=families),))
        asked = facts(requests=(request(families=families),))
        assert outcome(signed, "phone") is (Ground.CONTRACT if holds else Reason.NO_CONSENT)
        assert outcome(asked, "phone") is (Ground.REQUEST if holds else Reason.NO_CONSENT)


@BOTH
def test_somebody_who_did_not_buy_is_no_customer(rulebook):
    assert outcome(facts(source=INFORMED), "email", rulebook=rulebook) is Reason.NO_CONSENT
    future = facts(source=INFORMED, purchases=(purchase(at=AT + DAY),))
    assert outcome(future, "email", rulebook=rulebook) is Reason.NO_CONSENT


@BOTH
@pytest.mark.parametrize("kind", ["form", "sale", "in_person", "phone", "paper", "event"])
def test_a_customer_gave_the_details_in_person(kind, rulebook):
    known = facts(source=Source(SourceKind(kind), LAST_YEAR, informed=True), purchases=(purchase(),))
    assert outcome(known, "email", rulebook=rulebook) is Ground.CUSTOMER
    not_informed = replace(known, source=replace(known.source, informed=False))
    assert outcome(not_informed, "email", rulebook=rulebook) is Reason.NOT_INFORMED


@BOTH
@pytest.mark.parametrize("informed", [True, False])
def test_details_from_a_partner_make_no_customer(informed, rulebook):
    known = facts(source=Source(SourceKind.PARTNER, LAST_YEAR, informed), purchases=(purchase(),))
    assert outcome(known, "email", rulebook=rulebook) is Reason.NO_CONSENT


@BOTH
def test_details_from_a_partner_may_make_a_professional(rulebook):
    known = facts(PROFESSIONAL, Source(SourceKind.PARTNER, LAST_YEAR, informed=True))
    assert outcome(known, "email", rulebook=rulebook) is Ground.PROFESSIONAL


@BOTH
@pytest.mark.parametrize("activity", [None, "smithy", "BAKERY"])
def test_an_unknown_or_other_activity_is_unrelated(activity, rulebook):
    known = facts(replace(PROFESSIONAL, activity=activity), INFORMED)
    assert outcome(known, "email", rulebook=rulebook) is Reason.UNRELATED_ACTIVITY
    assert outcome(facts(PROFESSIONAL, INFORMED), "email", activities=(), rulebook=rulebook) is (
        Reason.UNRELATED_ACTIVITY
    )


@BOTH
def test_a_professional_whose_activity_is_related_lacks_only_the_information(rulebook):
    assert outcome(facts(PROFESSIONAL, UNINFORMED), "email", rulebook=rulebook) is Reason.NOT_INFORMED


def lacking(recipient, source, *purchases, consents=(), channel="email", rulebook=LAW):
    return outcome(
        Facts(recipient, source, consents, purchases=purchases, calls_last_30_days=0), channel, rulebook=rulebook
    )


@BOTH
def test_what_is_lacking_is_said_in_order(rulebook):
    unconfirmed = (consent("email", confirmed_at=None),)
    old, other = purchase(at=AT - 1200 * DAY), purchase("kitchen")
    smith = replace(PROFESSIONAL, activity="smithy")
    assert lacking(smith, UNINFORMED, old, consents=unconfirmed, rulebook=rulebook) is Reason.CONSENT_UNCONFIRMED
    assert lacking(smith, UNINFORMED, old, other, rulebook=rulebook) is Reason.CUSTOMER_TOO_OLD
    assert lacking(smith, UNINFORMED, other, rulebook=rulebook) is Reason.NOT_ANALOGOUS
    assert lacking(smith, UNINFORMED, purchase(), rulebook=rulebook) is Reason.UNRELATED_ACTIVITY
    assert lacking(PROFESSIONAL, UNINFORMED, other, rulebook=rulebook) is Reason.NOT_ANALOGOUS
    assert lacking(INDIVIDUAL, UNINFORMED, purchase(), rulebook=rulebook) is Reason.NOT_INFORMED
    assert lacking(INDIVIDUAL, UNINFORMED, rulebook=rulebook) is Reason.NO_CONSENT


def test_a_cell_lacks_only_what_it_accepts():
    old, smith = purchase(at=AT - 1200 * DAY), replace(PROFESSIONAL, activity="smithy")
    expired = (consent("fax", AT - 400 * DAY, mentions_complete=False, confirmed_at=None),)
    assert lacking(INDIVIDUAL, INFORMED, old, channel="fax") is Reason.NO_CONSENT
    assert lacking(INDIVIDUAL, INFORMED, old, channel="automated_call") is Reason.NO_CONSENT
    assert lacking(smith, INFORMED, old, channel="bluetooth") is Reason.NO_CONSENT
    assert lacking(smith, INFORMED, old, channel="fax") is Reason.UNRELATED_ACTIVITY
    assert lacking(INDIVIDUAL, UNINFORMED, consents=expired, channel="fax") is Reason.CONSENT_UNCONFIRMED


@BOTH
@pytest.mark.parametrize("recipient", [INDIVIDUAL, PROFESSIONAL])
def test_where_information_is_enough_its_lack_is_the_last_reason(recipient, rulebook):
    assert lacking(recipient, UNINFORMED, purchase("kitchen"), channel="post", rulebook=rulebook) is Reason.NOT_INFORMED
    unconfirmed = (consent("post", confirmed_at=None),)
    assert lacking(recipient, UNINFORMED, consents=unconfirmed, channel="post", rulebook=rulebook) is (
        Reason.CONSENT_UNCONFIRMED
    )
    assert lacking(recipient, INFORMED, consents=unconfirmed, channel="post", rulebook=rulebook) is Ground.INFORMATION
