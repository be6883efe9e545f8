"""Extra fields come in by spreadsheets: each cell in its kind, what is known kept, and taken back exactly."""

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from prospects.imports.extra_columns import ExtraCells, guess_extras
from prospects.imports.reasons import in_words
from prospects.imports.undoing import undo
from prospects.models import ExtraField, ImportRow, Prospect
from prospects.models.extra import checked
from tests.factories import make_detail, make_prospect
from tests.prospects.imports.files import bring_in, outcomes, upload

pytestmark = pytest.mark.django_db
HEADINGS = "email,collected on,Pointure,club,size,since,remark\n"


@pytest.fixture(autouse=True)
def _fields():
    for slug, kind in (
        *(("shoe_size", "number"), ("club", "yes_no"), ("size", "choice")),
        *(("since", "date"), ("remark", "text")),
    ):
        label = "Pointure" if slug == "shoe_size" else slug
        options = ["S", "M"] if kind == "choice" else []
        ExtraField.objects.create(slug=slug, label_fr=label, kind=kind, options=options, why="Essai")


def notes(run):
    return [row.notes for row in ImportRow.objects.filter(import_id=run.pk).order_by("line")]


def test_each_cell_is_read_in_its_kind():
    bring_in(HEADINGS + 'a@example.test,2026-01-15,"41,5",OUI,s,02/01/2020,  bleu \nb@example.test,2026-01-15,,,,,\n')

    assert list(Prospect.objects.order_by("pk").values_list("extra", flat=True)) == [
        {"shoe_size": 41.5, "club": True, "size": "S", "since": "2020-01-02", "remark": "bleu"},
        {},
    ]


def test_what_cannot_be_read_is_left_out_and_said():
    run = bring_in(HEADINGS + "a@example.test,2026-01-15,large,perhaps,XXL,someday,x\n")

    assert Prospect.objects.get().extra == {"remark": "x"}
    assert outcomes(run) == ["created"]
    assert notes(run) == [["bad_extra:shoe_size", "bad_extra:club", "bad_extra:size", "bad_extra:since"]]
    assert "“club”" in in_words("bad_extra:club") or "« club »" in in_words("bad_extra:club").replace("\u00a0", " ")


def test_what_is_known_stays_and_what_is_not_is_filled_in():
    known = make_prospect(extra={"shoe_size": 40})
    make_detail("a@example.test", prospect=known)

    run = bring_in(HEADINGS + "a@example.test,2026-01-15,41,no,,,\n")

    known.refresh_from_db()
    assert known.extra == {"shoe_size": 40, "club": False}
    assert (outcomes(run), notes(run)) == (["updated"], [["kept_extra:shoe_size"]])


def test_an_undo_takes_back_what_the_row_noted_and_nothing_else():
    known = make_prospect(extra={"shoe_size": 40})
    make_detail("a@example.test", prospect=known)
    run = bring_in(HEADINGS + "a@example.test,2026-01-15,41,no,M,,\n")

    undo(run)

    known.refresh_from_db()
    assert known.extra == {"shoe_size": 40}


def test_two_rows_of_one_person_are_put_together():
    rows = "a@example.test,2026-01-15,41,,,,\na@example.test,2026-01-15,42,yes,,,\n"

    run = bring_in(HEADINGS + rows)

    assert Prospect.objects.get().extra == {"shoe_size": 41, "club": True}
    assert notes(run) == [None, ["kept_extra:shoe_size"]]


def test_a_column_keeps_what_it_is_known_for():
    columns = {"email": 0, "city": 1}

    assert guess_extras(["email", "size", "SHOE_SIZE", "pointure"], columns) == {"extra_shoe_size": 2}


def test_a_field_deleted_since_the_file_came_is_left_out():
    run = upload(HEADINGS + "a@example.test,2026-01-15,41,yes,,,\n")
    ExtraField.objects.filter(slug="club").delete()

    values, amiss = ExtraCells(run.columns, month_first=False).read(["a@example.test", "", "41", "yes", "", "", ""])

    assert (values, amiss) == ({"shoe_size": 41}, [])


def test_staff_say_which_column_holds_which_field(admin_client):
    run = upload(HEADINGS + "a@example.test,2026-01-15,41,yes,,,\n")

    page = admin_client.get(reverse("import", args=[run.pk])).content.decode()

    assert '<option value="extra_shoe_size" selected>Pointure</option>' in page


@given(
    st.sampled_from(["shoe_size", "club", "size", "since", "remark"]),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
)
def test_whatever_a_cell_holds_is_kept_in_its_kind_or_noted(slug, cell):
    values, amiss = ExtraCells({f"extra_{slug}": 0}, month_first=False).read([cell])

    assert bool(values) + bool(amiss) <= 1
    assert checked(values, {slug: ExtraField.objects.get(slug=slug)}) == values
