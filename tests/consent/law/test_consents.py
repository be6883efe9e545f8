"""Consents, objections and withdrawals: which word of the person counts."""

from dataclasses import replace
from datetime import timedelta

import pytest

from consent.law import Channel, Consent, Ground, Objection, Reason, may_contact
from tests.consent.law.worlds import (
    ARTICLE,
    AT,
    COMPANY,
    INFORMED,
    LAW,
    PROFESSIONAL,
    consent,
    facts,
    message,
    outcome,
    purchase,
    with_consent,
)

BOTH = pytest.mark.parametrize("rulebook", [LAW, ARTICLE])
DAY = timedelta(days=1)
EARLIER, BETWEEN, LATER = AT - 30 * DAY, AT - 20 * DAY, AT - 10 * DAY
AGREED = facts(consents=(consent("email", EARLIER),))
CUSTOMER = facts(source=INFORMED, purchases=(purchase(),))


def stop(at=BETWEEN, channel=None, purpose=None):
    return Objection(Channel(channel) if channel else None, purpose, at)


# ---- Consent ----


@BOTH
def test_a_consent_is_for_its_channel_and_purpose_alone(rulebook):
    assert outcome(AGREED, "email", rulebook=rulebook) is Ground.CONSENT
    assert outcome(AGREED, "sms", rulebook=rulebook) is Reason.NO_CONSENT
    assert outcome(AGREED, "email", rulebook=rulebook, purpose="newsletter") is Reason.NO_CONSENT


@BOTH
def test_a_consent_that_needs_confirmation_is_none_before_it(rulebook):
    assert outcome(with_consent(AGREED, confirmed_at=None), "email", rulebook=rulebook) is Reason.CONSENT_UNCONFIRMED
    future = with_consent(AGREED, confirmed_at=AT + timedelta(microseconds=1))
    assert outcome(future, "email", rulebook=rulebook) is Reason.CONSENT_UNCONFIRMED
    assert outcome(with_consent(AGREED, confirmed_at=AT), "email", rulebook=rulebook) is Ground.CONSENT


@BOTH
def test_a_paper_consent_needs_no_confirmation(rulebook):
    on_paper = with_consent(AGREED, confirmed_at=None, needs_confirmation=False)
    assert outcome(on_paper, "email", rulebook=rulebook) is Ground.CONSENT


def test_a_confirmation_answers_a_giving_and_cannot_come_before_it():
    assert outcome(with_consent(AGREED, confirmed_at=EARLIER - DAY), "email") is Reason.CONSENT_UNCONFIRMED


@BOTH
def test_a_consent_still_to_come_or_of_unknown_date_does_not_exist(rulebook):
    future = facts(consents=(consent("email", AT + timedelta(microseconds=1)),))
    assert outcome(future, "email", rulebook=rulebook) is Reason.NO_CONSENT
    undated = with_consent(AGREED, given_at=None)
    assert outcome(undated, "email", rulebook=rulebook) is Reason.NO_CONSENT


# ---- Lapse ----


@BOTH
def test_a_lapse_ends_a_consent_for_good(rulebook):
    assert outcome(with_consent(AGREED, lapsed_at=LATER), "email", rulebook=rulebook) is Reason.NO_CONSENT
    assert outcome(with_consent(AGREED, lapsed_at=EARLIER), "email", rulebook=rulebook) is Reason.NO_CONSENT
    confirmed_after = with_consent(AGREED, lapsed_at=BETWEEN, confirmed_at=LATER)
    assert outcome(confirmed_after, "email", rulebook=rulebook) is Reason.NO_CONSENT


@BOTH
def test_a_consent_given_after_the_lapse_counts(rulebook):
    again = replace(AGREED, consents=(consent("email", EARLIER, lapsed_at=BETWEEN), consent("email", LATER)))
    assert outcome(again, "email", rulebook=rulebook) is Ground.CONSENT


def test_a_lapse_still_to_come_does_not_exist():
    assert outcome(with_consent(AGREED, lapsed_at=AT + DAY), "email") is Ground.CONSENT


# ---- Withdrawal ----


@BOTH
def test_a_withdrawal_refuses_whatever_other_ground_holds(rulebook):
    withdrawn = replace(CUSTOMER, consents=(consent("email", EARLIER, withdrawn_at=BETWEEN),))
    assert outcome(CUSTOMER, "email", rulebook=rulebook) is Ground.CUSTOMER
    assert outcome(withdrawn, "email", rulebook=rulebook) is Reason.CONSENT_WITHDRAWN
    company = replace(withdrawn, recipient=COMPANY)
    assert outcome(company, "email", rulebook=rulebook) is Reason.CONSENT_WITHDRAWN


@BOTH
def test_a_withdrawal_is_for_its_channel_and_purpose(rulebook):
    withdrawn = replace(CUSTOMER, consents=(consent("email", EARLIER, withdrawn_at=BETWEEN),))
    assert outcome(withdrawn, "sms", rulebook=rulebook) is Ground.CUSTOMER
    assert outcome(withdrawn, "email", purpose="newsletter", rulebook=rulebook) is Ground.CUSTOMER


@BOTH
def test_a_withdrawal_at_the_very_moment_of_the_consent_wins(rulebook):
    assert outcome(with_consent(AGREED, withdrawn_at=EARLIER), "email", rulebook=rulebook) is Reason.CONSENT_WITHDRAWN


@BOTH
def test_a_withdrawal_still_to_come_does_not_exist(rulebook):
    assert outcome(with_consent(AGREED, withdrawn_at=AT), "email", rulebook=rulebook) is Reason.CONSENT_WITHDRAWN
    future = with_consent(AGREED, withdrawn_at=AT + timedelta(microseconds=1))
    assert outcome(future, "email", rulebook=rulebook) is Ground.CONSENT


@BOTH
def test_a_new_consent_is_a_later_word(rulebook):
    again = facts(consents=(consent("email", EARLIER, withdrawn_at=BETWEEN), consent("email", LATER)))
    assert outcome(again, "email", rulebook=rulebook) is Ground.CONSENT
    assert outcome(with_consent(AGREED, withdrawn_at=EARLIER - DAY), "email", rulebook=rulebook) is Ground.CONSENT


@BOTH
def test_an_unconfirmed_consent_is_no_word_of_the_person(rulebook):
    typed = consent("email", LATER, confirmed_at=None)
    again = replace(CUSTOMER, consents=(consent("email", EARLIER, withdrawn_at=BETWEEN), typed))
    assert outcome(again, "email", rulebook=rulebook) is Reason.CONSENT_WITHDRAWN


def test_a_new_consent_revives_no_old_one():
    """The old one has the mentions of a phone consent and was withdrawn; the new one lacks them."""
    again = facts(
        consents=(
            consent("phone", EARLIER),
            consent("phone", EARLIER - DAY, withdrawn_at=BETWEEN),
            consent("phone", LATER, mentions_complete=False),
        )
    )
    assert outcome(again, "phone") is Reason.CONSENT_INCOMPLETE


def test_a_withdrawal_of_an_unknown_consent_counts_for_all():
    unknown = Consent(purpose=None, channel=None, withdrawn_at=LATER)
    assert outcome(replace(AGREED, consents=(*AGREED.consents, unknown)), "email") is Reason.CONSENT_WITHDRAWN
    assert outcome(facts(consents=(replace(unknown, given_at=EARLIER, withdrawn_at=None),)), "email") is (
        Reason.NO_CONSENT
    )


# ---- Several consents ----


@BOTH
def test_one_good_consent_among_others_is_enough(rulebook):
    good = consent("email", EARLIER)
    bad = consent("email", LATER, confirmed_at=None)
    for consents in ((good, bad), (bad, good)):
        assert outcome(facts(consents=consents), "email", rulebook=rulebook) is Ground.CONSENT


def test_of_several_wanting_consents_the_first_reason_in_order_is_given():
    incomplete = consent("phone", EARLIER, mentions_complete=False)
    expired = consent("phone", AT - 400 * DAY)
    unconfirmed = consent("phone", LATER, confirmed_at=None)
    for consents, reason in (
        ((unconfirmed, expired, incomplete), Reason.CONSENT_INCOMPLETE),
        ((unconfirmed, expired), Reason.CONSENT_EXPIRED),
        ((unconfirmed,), Reason.CONSENT_UNCONFIRMED),
    ):
        assert outcome(facts(source=INFORMED, consents=consents), "phone") is reason


def test_the_text_names_the_consent_that_counts():
    agreed = facts(consents=(consent("email", EARLIER, confirmed_at=None), consent("email", LATER)))
    verdict = may_contact(agreed, message("email"), at=AT)
    assert "14 novembre 2026" in verdict.text.fr
    assert "14 November 2026" in verdict.text.en


# ---- Objection ----


@BOTH
@pytest.mark.parametrize("purpose", [None, "offers"])
@pytest.mark.parametrize("channel", [None, "email"])
@pytest.mark.parametrize("known", [AGREED, CUSTOMER, facts(PROFESSIONAL, INFORMED), facts(COMPANY, INFORMED)])
def test_an_objection_on_this_channel_or_all_for_this_purpose_or_all_refuses_whatever_the_ground(
    known, channel, purpose, rulebook
):
    objected = replace(known, objections=(stop(channel=channel, purpose=purpose),))
    if known.recipient != COMPANY or rulebook is LAW:
        assert isinstance(outcome(known, "email", rulebook=rulebook), Ground)
    assert outcome(objected, "email", rulebook=rulebook) is Reason.OBJECTED


@BOTH
@pytest.mark.parametrize(("channel", "purpose"), [("sms", None), ("sms", "offers"), (None, "news"), ("email", "news")])
def test_an_objection_to_something_else_leaves_the_ground(channel, purpose, rulebook):
    objected = replace(AGREED, objections=(stop(channel=channel, purpose=purpose),))
    assert outcome(objected, "email", rulebook=rulebook) is Ground.CONSENT


@BOTH
def test_an_objection_still_to_come_does_not_exist(rulebook):
    assert outcome(replace(AGREED, objections=(stop(AT),)), "email", rulebook=rulebook) is Reason.OBJECTED
    future = replace(AGREED, objections=(stop(AT + timedelta(microseconds=1)),))
    assert outcome(future, "email", rulebook=rulebook) is Ground.CONSENT


@BOTH
@pytest.mark.parametrize("channel", [None, "email"])
def test_a_consent_confirmed_strictly_after_an_objection_lifts_it(channel, rulebook):
    for given_at in (EARLIER, LATER):
        lifted = facts(consents=(consent("email", given_at, confirmed_at=LATER),), objections=(stop(channel=channel),))
        assert outcome(lifted, "email", rulebook=rulebook) is Ground.CONSENT
    same_moment = facts(consents=(consent("email", EARLIER, confirmed_at=BETWEEN),), objections=(stop(),))
    assert outcome(same_moment, "email", rulebook=rulebook) is Reason.OBJECTED


@BOTH
def test_it_lifts_it_for_its_channel_and_purpose_alone(rulebook):
    known = replace(CUSTOMER, consents=(consent("email", LATER),), objections=(stop(),))
    assert outcome(known, "email", rulebook=rulebook) is Ground.CONSENT
    assert outcome(known, "sms", rulebook=rulebook) is Reason.OBJECTED
    assert outcome(known, "email", purpose="news", rulebook=rulebook) is Reason.OBJECTED


@BOTH
def test_the_latest_objection_is_the_one_to_lift(rulebook):
    known = facts(consents=(consent("email", BETWEEN),), objections=(stop(EARLIER), stop(LATER, "email", "offers")))
    assert outcome(known, "email", rulebook=rulebook) is Reason.OBJECTED


@BOTH
def test_what_needs_no_confirmation_never_lifts_an_objection(rulebook):
    for confirmed_at in (None, LATER):
        imported = consent("email", LATER, needs_confirmation=False, confirmed_at=confirmed_at)
        known = facts(consents=(imported,), objections=(stop(),))
        assert outcome(known, "email", rulebook=rulebook) is Reason.OBJECTED


@BOTH
def test_an_unconfirmed_consent_lifts_nothing(rulebook):
    known = facts(consents=(consent("email", LATER, confirmed_at=None),), objections=(stop(),))
    assert outcome(known, "email", rulebook=rulebook) is Reason.OBJECTED


@BOTH
@pytest.mark.parametrize("end", ["withdrawn_at", "lapsed_at"])
def test_a_consent_that_ended_since_lifts_nothing(end, rulebook):
    known = facts(consents=(consent("email", LATER, **{end: LATER + DAY}),), objections=(stop(),))
    assert outcome(known, "email", rulebook=rulebook) is Reason.OBJECTED


def test_an_objection_of_unknown_date_stands():
    known = facts(consents=(consent("email", LATER),), objections=(stop(None),))
    assert outcome(known, "email") is Reason.OBJECTED
    assert "date inconnue" in may_contact(known, message("email"), at=AT).text.fr


def test_a_lifted_objection_still_ends_the_consents_before_it():
    """The old one has the mentions of a phone consent; the one that lifts the objection lacks them."""
    known = facts(
        consents=(consent("phone", EARLIER), consent("phone", LATER, mentions_complete=False)), objections=(stop(),)
    )
    assert outcome(known, "phone") is Reason.CONSENT_INCOMPLETE


def test_once_lifted_by_one_consent_an_objection_hinders_no_later_one():
    known = facts(
        consents=(
            consent("phone", LATER, mentions_complete=False),
            consent("phone", LATER, needs_confirmation=False, confirmed_at=None),
        ),
        objections=(stop(),),
    )
    assert outcome(known, "phone") is Ground.CONSENT


@BOTH
def test_an_objection_lifted_lets_the_other_grounds_hold(rulebook):
    lifted = replace(CUSTOMER, consents=(consent("email", LATER),), objections=(stop(),))
    assert outcome(with_consent(lifted, lapsed_at=LATER + DAY), "email", rulebook=rulebook) is Reason.OBJECTED
    assert outcome(lifted, "email", rulebook=rulebook) is Ground.CONSENT
