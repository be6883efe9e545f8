"""What Excel does to a list of people before it reaches us."""

from datetime import date

import pytest
from django.utils.timezone import localdate as day

from prospects.models import ContactDetail, Prospect
from tests.prospects.imports.files import bring_in, outcomes

pytestmark = pytest.mark.django_db
HEADINGS = "E-mail;Nom;Téléphone;Collecté le"


def addresses(medium):
    return sorted(ContactDetail.objects.filter(medium=medium).values_list("address", flat=True))


@pytest.mark.parametrize(
    ("saved_as", "encoding", "delimiter"),
    [
        ("CSV, French", "cp1252", ";"),
        ("CSV, American", "cp1252", ","),
        ("CSV UTF-8", "utf-8-sig", ";"),
        ("Unicode text", "utf-16", "\t"),
    ],
)
def test_each_of_its_text_formats_is_read(saved_as, encoding, delimiter):
    rows = f"{HEADINGS}\r\nzoe@example.test;Lefèvre;01 99 00 12 34;15/01/2026\r\n"

    bring_in(rows.replace(";", delimiter).encode(encoding))

    assert addresses("email") == ["zoe@example.test"]
    assert Prospect.objects.get().last_name == "Lefèvre"


@pytest.mark.parametrize(
    "written",
    [
        "199001234",
        "33199001234",
        "'0199001234",
        '"=""0199001234"""',
        "01\u00a099\u00a000\u00a012\u00a034",
        "01.99.00.12.34",
    ],
)
def test_a_number_that_it_mangled_is_read_as_far_as_nothing_was_lost(written):
    bring_in(f"{HEADINGS}\nzoe@example.test;Lefèvre;{written};15/01/2026\n")

    assert addresses("phone") == ["+33199001234"]


@pytest.mark.parametrize("written", ["1,99E+08", "1.99001E+08", "########", "#N/A", "#REF!"])
def test_a_number_whose_digits_it_lost_is_left_out_and_the_person_comes_in(written):
    bring_in(f"{HEADINGS}\nzoe@example.test;Lefèvre;{written};15/01/2026\n")

    assert addresses("phone") == []
    assert addresses("email") == ["zoe@example.test"]


@pytest.mark.parametrize("written", ["15/01/2026", "15-01-2026", "15.01.2026", "2026-01-15", "15/01/2026 00:30"])
def test_a_day_is_read_however_it_wrote_it(written):
    bring_in(f"{HEADINGS}\nzoe@example.test;Lefèvre;;{written}\n")

    assert day(ContactDetail.objects.get().source.collected_at) == date(2026, 1, 15)


@pytest.mark.parametrize("written", ["15/01/26", "46037", "janv.-26", "########"])
def test_a_day_of_which_it_lost_a_part_is_refused_rather_than_guessed(written):
    report = bring_in(f"{HEADINGS}\nzoe@example.test;Lefèvre;;{written}\n")

    assert outcomes(report) == ["bad_day"]
    assert not Prospect.objects.exists()


def test_rows_and_columns_that_it_added_without_anything_in_them_are_no_people():
    report = bring_in(f"{HEADINGS};;\nzoe@example.test;Lefèvre;;15/01/2026;;\n;;;;;\n;;;;;\n")

    assert Prospect.objects.count() == 1
    assert outcomes(report) == ["created"]


def test_a_cell_of_two_lines_and_doubled_quotes_stays_one_cell():
    bring_in(f'{HEADINGS}\nzoe@example.test;"Lefèvre ""Zoé""\n";;15/01/2026\n')

    assert Prospect.objects.get().last_name == 'Lefèvre "Zoé"'


def test_what_surrounds_an_address_is_taken_off():
    bring_in(f"{HEADINGS}\n Zoe@Example.test ;Lefèvre;;15/01/2026\n\u00a0leo@example.test\u00a0;Léo;;15/01/2026\n")

    assert addresses("email") == ["leo@example.test", "zoe@example.test"]
