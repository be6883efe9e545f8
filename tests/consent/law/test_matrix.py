"""Every cell of the matrix in both rulebooks, against the table of the law typed again here, by hand."""

from dataclasses import replace

import pytest

from consent.law import Channel, Ground, Reason
from consent.law.rulebooks import RULES
from tests.consent.law.worlds import (
    ARTICLE,
    AT,
    COMPANY,
    INDIVIDUAL,
    INFORMED,
    LAW,
    PROFESSIONAL,
    UNINFORMED,
    consent,
    contract,
    facts,
    outcome,
    paris,
    purchase,
    request,
)

BEFORE_REFORM = paris(2026, 8, 10, 10)  # a Monday, the last day of the old law
SINCE_REFORM = paris(2026, 8, 11, 10)

# rulebook, channel, moment: individual, customer, professional, generic company address.
MATRIX = [
    *[
        (LAW, channel, at, ("consent", "customer", "professional", "company"))
        for channel in ("email", "sms", "mms")
        for at in (BEFORE_REFORM, SINCE_REFORM, AT)
    ],
    (LAW, "automated_call", BEFORE_REFORM, ("consent", "customer", "professional", "company")),
    (LAW, "automated_call", SINCE_REFORM, ("phone_consent", None, "professional", "company")),
    (LAW, "automated_call", AT, ("phone_consent", None, "professional", "company")),
    (LAW, "fax", BEFORE_REFORM, ("consent", None, "professional", "company")),
    (LAW, "fax", AT, ("consent", None, "professional", "company")),
    (LAW, "bluetooth", BEFORE_REFORM, ("consent", None, None, None)),
    (LAW, "bluetooth", AT, ("consent", None, None, None)),
    (LAW, "phone", BEFORE_REFORM, ("information", "information", "information", "company")),
    (LAW, "phone", SINCE_REFORM, ("phone_consent contract request", None, "information", "company")),
    (LAW, "phone", AT, ("phone_consent contract request", None, "information", "company")),
    (LAW, "post", BEFORE_REFORM, ("information", "information", "information", "company")),
    (LAW, "post", AT, ("information", "information", "information", "company")),
    *[
        (ARTICLE, channel, at, ("consent", "customer", "professional", "professional"))
        for channel in ("email", "sms", "mms", "automated_call", "fax", "bluetooth")
        for at in (BEFORE_REFORM, SINCE_REFORM)
    ],
    *[
        (ARTICLE, channel, at, ("information", "information", "information", "information"))
        for channel in ("phone", "post")
        for at in (BEFORE_REFORM, SINCE_REFORM)
    ],
]
CELLS = [
    pytest.param(rulebook, channel, at, column, (cell or "").split(), id=f"{rulebook}-{channel}-{at:%m-%d}-{column}")
    for rulebook, channel, at, cells in MATRIX
    for column, cell in zip(("individual", "customer", "professional", "company"), cells, strict=True)
]


def known(column, **more):
    """Somebody of that column of whom nothing else is known, neither informed nor consenting."""
    recipient = {"professional": PROFESSIONAL, "company": COMPANY}.get(column, INDIVIDUAL)
    source = replace(UNINFORMED, collected_at=paris(2026, 7, 1))
    return facts(**{"recipient": recipient, "source": source, **more})


def holding(column, ground, channel):
    """Somebody of that column for whom one ground holds, and no other that another cell might accept."""
    informed = replace(INFORMED, collected_at=paris(2026, 7, 1))
    today = paris(2026, 7, 1)
    match ground:
        case "consent":
            return known(column, consents=(consent(channel, today, mentions_complete=False),))
        case "phone_consent":
            return known(column, consents=(consent(channel, today),))
        case "contract":
            return known(column, contracts=(contract(today.date()),))
        case "request":
            return known(column, requests=(request(BEFORE_REFORM), request(AT)))
        case "customer":
            recipient = INDIVIDUAL if column != "professional" else replace(PROFESSIONAL, activity=None)
            return known(column, recipient=recipient, source=informed, purchases=(purchase(at=today),))
        case "professional":
            recipient = replace(PROFESSIONAL, generic_address=column == "company")
            return known(column, recipient=recipient, source=informed)
        case "company":
            return known(column)
        case "information":
            recipient = known(column).recipient
            return known(column, recipient=replace(recipient, activity=None), source=informed)


@pytest.mark.parametrize(("rulebook", "channel", "at", "column", "accepts"), CELLS)
def test_each_ground_of_a_cell_is_enough(rulebook, channel, at, column, accepts):
    for ground in accepts:
        reported = Ground("consent" if ground == "phone_consent" else ground)
        assert outcome(holding(column, ground, channel), channel, at, rulebook) == reported


# The grounds that somebody of a column can have at all; a customer is an individual too, and keeps the grounds of one.
POSSIBLE = {
    "individual": {"contract", "request", "information"},
    "customer": {"contract", "request", "information", "customer"},
    "professional": {"contract", "request", "information", "professional"},
    "company": {"contract", "request", "information", "professional", "company"},
}


@pytest.mark.parametrize(("rulebook", "channel", "at", "column", "accepts"), CELLS)
def test_no_other_ground_is(rulebook, channel, at, column, accepts):
    if accepts == ["company"]:
        return  # every generic address has that ground, and any other is beside the point
    of_an_individual = {row[:3]: row[3] for row in MATRIX}[rulebook, channel, at][0].split()
    accepted = set(accepts) | (set(of_an_individual) if column == "customer" else set())
    for ground in POSSIBLE[column] - accepted:
        reported = outcome(holding(column, ground, channel), channel, at, rulebook)
        # Customers and professionals are informed, which is a ground of its own where the cell says so.
        assert isinstance(reported, Reason) or (reported is Ground.INFORMATION and "information" in accepted)


@pytest.mark.parametrize(("rulebook", "channel", "at", "column", "accepts"), CELLS)
def test_a_consent_is_enough_in_every_cell(rulebook, channel, at, column, accepts):
    by_phone_law = rulebook is LAW and channel in ("phone", "automated_call") and at >= SINCE_REFORM
    needed = "phone_consent" if by_phone_law and column in ("individual", "customer") else "consent"
    assert outcome(holding(column, needed, channel), channel, at, rulebook) is Ground.CONSENT


@pytest.mark.parametrize(("rulebook", "channel", "at", "column", "accepts"), CELLS)
def test_nothing_known_is_refused_everywhere_but_at_a_company(rulebook, channel, at, column, accepts):
    nobody = replace(known(column).recipient, activity=None)
    verdict = outcome(known(column, recipient=nobody), channel, at, rulebook)
    if accepts == ["company"]:
        assert verdict is Ground.COMPANY
    elif accepts == ["professional"]:
        assert verdict is Reason.UNRELATED_ACTIVITY
    elif "information" in accepts:
        assert verdict is Reason.NOT_INFORMED
    else:
        assert verdict is Reason.NO_CONSENT


@pytest.mark.parametrize("channel", ["email", "sms", "mms"])
def test_a_professional_who_bought_is_a_customer_too(channel):
    baker = facts(replace(PROFESSIONAL, activity="smithy"), INFORMED, purchases=(purchase(),))
    assert outcome(baker, channel) is Ground.CUSTOMER


@pytest.mark.parametrize("channel", ["fax", "automated_call"])
def test_where_the_customer_cell_is_empty_buying_gives_a_professional_nothing(channel):
    baker = facts(replace(PROFESSIONAL, activity="smithy"), INFORMED, purchases=(purchase(),))
    assert outcome(baker, channel) is Reason.UNRELATED_ACTIVITY


@pytest.mark.parametrize("channel", list(Channel))
@pytest.mark.parametrize("rulebook", [LAW, ARTICLE])
def test_the_generic_flag_of_an_individual_is_ignored(channel, rulebook):
    flagged = facts(replace(INDIVIDUAL, generic_address=True))
    assert outcome(flagged, channel, rulebook=rulebook) == outcome(facts(), channel, rulebook=rulebook)


@pytest.mark.parametrize("channel", ["phone", "automated_call"])
def test_a_professional_may_be_called_on_an_ordinary_consent(channel):
    old = consent(channel, paris(2024, 11, 24), mentions_complete=False)
    assert outcome(facts(replace(PROFESSIONAL, activity=None), consents=(old,)), channel) is Ground.CONSENT


def test_every_cell_has_one_row_in_force_on_every_day():
    ids = [rule.id for rule in RULES]
    assert len(ids) == len(set(ids))
    for at in (paris(1990, 1, 1), BEFORE_REFORM, SINCE_REFORM, paris(2090, 1, 1)):
        in_force = [(r.rulebook, r.channel, r.column) for r in RULES if r.in_force(at.date())]
        assert len(in_force) == len(set(in_force)) == 2 * len(Channel) * 4


def test_every_row_names_the_texts_it_comes_from():
    assert all(rule.sources for rule in RULES)
