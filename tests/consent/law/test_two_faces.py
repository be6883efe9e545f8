"""One rule, two faces: judged in Python and written as SQL, the law says the same of random contacts."""

from dataclasses import asdict
from datetime import date, datetime

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consent.law import CODES, Ground, columns_read, decode, may_contact, permission_columns, verdict_sql
from consent.law.days import paris_day
from consent.law.decision import decision
from consent.law.reduction import rows
from tests.consent.law.random_worlds import COLUMN_TYPES, at_times, contacts, messages, rows_of, rulebooks

pytestmark = pytest.mark.django_db

SQL_TYPES = {datetime: "timestamptz", str: "text", bool: "boolean", date: "date", int: "integer"}
COLUMNS = {name: SQL_TYPES[kind] for name, kind in COLUMN_TYPES.items() if name != "at"}


@pytest.fixture
def contact_table():
    columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE contact (place integer, {columns}) ON COMMIT DROP")


def judged_by_postgresql(judged, message, at, rulebook, with_timing):
    """Give the codes of these rows, of which the statement reads only the columns that it says it reads."""
    read = columns_read(message, at=at, rulebook=rulebook, with_timing=with_timing)
    values = ", ".join(["%s"] * (len(COLUMNS) + 1))
    verdict, parameters = verdict_sql(
        {name: f"contact.{name}" for name in read}, message, at=at, rulebook=rulebook, with_timing=with_timing
    )
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE contact")
        cursor.executemany(
            f"INSERT INTO contact (place, {', '.join(COLUMNS)}) VALUES ({values})",
            [(place, *(asdict(row)[name] for name in COLUMNS)) for place, row in enumerate(judged)],
        )
        cursor.execute(f"SELECT {verdict} FROM contact ORDER BY place", parameters)
        return [code for (code,) in cursor.fetchall()]


def best(codes):
    """Of the codes of one contact's consents: a ground first, then a refusal for the moment, then by precedence."""
    return min(codes, key=lambda code: (code > 10, not 80 <= code < 90, code))


many = settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))


@many
@given(data=st.data(), message=messages, at=at_times, rulebook=rulebooks, with_timing=st.booleans())
def test_both_faces_agree_on_contacts(contact_table, data, message, at, rulebook, with_timing):
    known = data.draw(st.lists(contacts(at, message.channel), min_size=20, max_size=20))
    reduced = [list(rows(facts, message, at)) for facts in known]
    codes = iter(judged_by_postgresql([row for each in reduced for row in each], message, at, rulebook, with_timing))
    for facts, candidates in zip(known, reduced, strict=True):
        code = best([next(codes) for _ in candidates])
        verdict = may_contact(facts, message, at=at, rulebook=rulebook, with_timing=with_timing)
        assert decode(code) == (verdict.allowed, verdict.outcome)
        assert (verdict.ground is None) is (verdict.reason is not None) is (not verdict.allowed)
        assert verdict.rule and verdict.sources and "{" not in verdict.text.fr + verdict.text.en


@many
@given(data=st.data(), message=messages, at=at_times, rulebook=rulebooks, with_timing=st.booleans())
def test_both_faces_agree_on_any_row(contact_table, data, message, at, rulebook, with_timing):
    judged = data.draw(st.lists(rows_of(at), min_size=20, max_size=20))
    tree = decision(message, paris_day(at), rulebook, with_timing=with_timing)
    ours = [CODES[tree.walk(row).outcome] for row in judged]
    assert judged_by_postgresql(judged, message, at, rulebook, with_timing) == ours


@many
@given(data=st.data(), message=messages, at=at_times)
def test_what_follows_from_a_consent_follows_in_sql_too(data, message, at):
    """A table of permissions keeps one consent each; its further columns are those of the facts."""
    facts = data.draw(contacts(at, message.channel).filter(lambda facts: len(facts.consents) == 1))
    (row,) = rows(facts, message, at)
    written = permission_columns(
        given_at="%(given_at)s::timestamptz",
        confirmed_at="%(confirmed_at)s::timestamptz",
        needs_confirmation="%(needs_confirmation)s::boolean",
        lapsed_at="%(lapsed_at)s::timestamptz",
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {written['said_yes_at']}, {written['reconfirmed_at']}", asdict(row))
        assert cursor.fetchone() == (row.said_yes_at, row.reconfirmed_at)


@given(at=at_times, message=messages, rulebook=rulebooks)
def test_values_are_parameters_and_never_part_of_the_sql(at, message, rulebook):
    verdict, parameters = verdict_sql({name: name for name in COLUMNS}, message, at=at, rulebook=rulebook)
    assert verdict.count("%s") == len(parameters)
    assert "'" not in verdict
    assert columns_read(message, at=at, rulebook=rulebook) <= set(COLUMNS)


def test_every_outcome_has_a_code_of_its_own():
    assert len(set(CODES.values())) == len(CODES)
    for outcome, code in CODES.items():
        assert decode(code) == (isinstance(outcome, Ground), outcome)
