"""Staff find people again by what they remember of them."""

import pytest

from prospects.models import Prospect
from prospects.search import find
from tests.factories import make_detail, make_prospect

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> dict[str, Prospect]:
    elodie = make_prospect(first_name="Élodie", last_name="Cœur-de-Lion", company="")
    jean = make_prospect(first_name="Jean-Baptiste", last_name="de La Tour", company="O'Brien & Fils")
    make_detail("elodie.coeur@example.test", prospect=elodie)
    make_detail("01 99 00 12 34", medium="phone", prospect=jean)
    make_detail("jb@example.test", prospect=jean)
    for number in range(20):
        make_detail(prospect=make_prospect(first_name=f"Zoé{number}", last_name="Autre"))
    return {"élodie": elodie, "jean": jean}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Élodie", "élodie"),
        ("ELODIE", "élodie"),
        ("elod", "élodie"),
        ("COEUR", "élodie"),
        ("cœur", "élodie"),
        ("lion elodie", "élodie"),
        ("Elodie.Coeur@Example.test", "élodie"),
        ("  elodie.co", "élodie"),
        ("jean-baptiste", "jean"),
        ("baptiste", "jean"),
        ("de la tour", "jean"),
        ("O’Brien", "jean"),
        ("brien fils", "jean"),
        ("+33 1 99 00 12 34", "jean"),
        ("0199001234", "jean"),
        ("01 99 0", "jean"),
    ],
)
def test_a_person_is_found_whatever_the_case_accents_or_order_of_words(
    people: dict[str, Prospect], typed: str, expected: str
) -> None:
    assert list(find(typed, Prospect.objects.all())) == [people[expected]]


def test_a_person_is_found_by_the_number_that_logs_show(people: dict[str, Prospect]) -> None:
    assert list(find(f"№ {people['jean'].pk}", Prospect.objects.all())) == [people["jean"]]


@pytest.mark.parametrize("typed", ["lodie", "nobody@example.test", "'; --", "& | ! :*", "\\", "%", "   "])
def test_nothing_is_found_where_nobody_is_meant(people: dict[str, Prospect], typed: str) -> None:
    assert not find(typed, Prospect.objects.all()).exists()


def test_a_search_narrows_the_list_it_is_given(people: dict[str, Prospect]) -> None:
    assert not find("elodie", Prospect.objects.filter(kind="professional")).exists()
