from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prospects import stamps
from prospects.stamps import BadStamp, HastyStamp, Use
from prospects.turnstile import go_through, note
from tests.prospects.together import together

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)


def test_a_stamp_comes_back_with_its_day():
    stamp = stamps.read(stamps.issue("lettre", at=NOW), "lettre", at=LATER)

    assert stamp.issued_at == NOW


def test_no_two_stamps_are_alike():
    assert len({stamps.issue("lettre", at=NOW) for _time in range(100)}) == 100


@pytest.mark.parametrize(
    ("age", "refusal"),
    [
        (timedelta(seconds=1.9), HastyStamp),
        (timedelta(0), HastyStamp),
        (-timedelta(hours=1), HastyStamp),
        (timedelta(hours=12, seconds=1), BadStamp),
        (timedelta(days=400), BadStamp),
    ],
)
def test_a_stamp_too_young_or_too_old_is_refused(age, refusal):
    text = stamps.issue("lettre", at=NOW)

    with pytest.raises(refusal):
        stamps.read(text, "lettre", at=NOW + age)


@pytest.mark.parametrize("age", [timedelta(seconds=2), timedelta(hours=12)])
def test_the_bounds_themselves_are_accepted(age):
    assert stamps.read(stamps.issue("lettre", at=NOW), "lettre", at=NOW + age)


def test_a_stamp_is_of_one_form():
    with pytest.raises(BadStamp):
        stamps.read(stamps.issue("lettre", at=NOW), "autre", at=LATER)


@given(st.text(max_size=200))
def test_no_text_is_a_stamp_that_was_not_issued(text):
    with pytest.raises(BadStamp):
        stamps.read(text, "lettre", at=LATER)


@given(st.data())
def test_a_stamp_changed_in_any_place_is_no_stamp(data):
    text = stamps.issue("lettre", at=NOW)
    place = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.characters().filter(lambda letter: letter != text[place]))

    with pytest.raises(BadStamp):
        stamps.read(text[:place] + letter + text[place + 1 :], "lettre", at=LATER)


def spend(stamp, sending):
    (holder,) = go_through(stamp.spend(sending))
    return stamp.use(sending, holder)


@pytest.fixture
def stamp(db):
    return stamps.read(stamps.issue("lettre", at=NOW), "lettre", at=LATER)


def test_a_stamp_is_spent_once(stamp):
    assert spend(stamp, "a") is Use.FIRST
    assert spend(stamp, "b") is Use.SPENT


def test_the_same_sending_again_is_known_and_whether_it_was_recorded(stamp):
    spend(stamp, "a")
    assert spend(stamp, "a") is Use.UNFINISHED
    note(stamp.finish("a"))
    assert spend(stamp, "a") is Use.REPEATED
    assert spend(stamp, "b") is Use.SPENT


@pytest.mark.django_db(transaction=True)
def test_of_many_sendings_with_one_stamp_at_once_one_alone_is_the_first():
    stamp = stamps.read(stamps.issue("lettre", at=NOW), "lettre", at=LATER)

    uses = together(*(lambda sending=f"sending {number}": spend(stamp, sending) for number in range(12)))

    assert sorted(uses) == [Use.FIRST] + [Use.SPENT] * 11
