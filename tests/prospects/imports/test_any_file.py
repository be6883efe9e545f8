"""Whatever the file: importing it twice equals once, and an import undone equals none, acts aside."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from consent.models import Purpose
from prospects.imports.declaration import ConsentColumns
from prospects.imports.undoing import undo
from prospects.models import ExtraField, Family
from tests.prospects.imports.files import NOW, bring_in
from tests.prospects.imports.test_importing import state

pytestmark = pytest.mark.django_db

HEADINGS = (
    "email;phone;mobile;first name;last name;company;birth date;collected on;place;proof;family;purchased on;reference;"
    "on;how;wording;shoe_size;club;size;since"
)
EMAILS = ["", "a@example.test", "A@Example.TEST", "b@example.test", "é@example.test", "nobody", "c@example.test"]
PHONES = ["", "0612345678", "+33 6 12 34 56 78", "0611111111", "12"]
DAYS = ["", "2026-01-15", "15/01/2026", "2026-01-16", "2027-01-01", "someday"]
CELLS = (
    *(EMAILS, PHONES, PHONES, ["", "Zoé", "ZOE", "Léo"], ["", "Martin", "Petit"], ["", "Maison Exemple"]),
    *(["", "1980-02-01", "x"], DAYS, ["", "Fair"], ["", "scan 7"], ["garden", "garden", "wine"]),
    *(["2026-02-01", "2026-03-01"], ["", "17", "18"], DAYS, ["", "paper", "web"], ["", "I agree"]),
    *(["", "41", "42,5", "big"], ["", "oui", "no", "perhaps"], ["", "S", "m", "L"], ["", "2020-01-02", "02/01/2020"]),
)
ROW = st.tuples(*map(st.sampled_from, CELLS))
FILES = st.lists(ROW, max_size=12).map(lambda rows: "\n".join([HEADINGS, *map(";".join, rows), ""]))
DECLARATIONS = st.fixed_dictionaries(
    {
        "source": st.sampled_from(["paper", "unknown", "partner"]),
        "kind": st.sampled_from(["contacts", "purchases"]),
        "person": st.sampled_from(["individual", "professional"]),
    }
)


def world(before, content, declared):
    """A database with what earlier files brought, and the options with which this one comes."""
    purpose = Purpose.objects.create(slug="offers", name_fr="Offres")
    Family.objects.create(path="garden", name_fr="Jardin")
    declared = {**declared, "partner": "Atelier Exemple" if declared["source"] == "partner" else ""}
    for slug, kind in (("shoe_size", "number"), ("club", "yes_no"), ("size", "choice"), ("since", "date")):
        options = ["S", "M"] if kind == "choice" else []
        ExtraField.objects.create(slug=slug, label_fr=slug, kind=kind, options=options, why="Essai")
    for earlier in before:
        bring_in(earlier, kind="purchases", source="unknown")
    return {**declared, "consents": (ConsentColumns(purpose.pk, "email", on=13, how=14, wording=15),)}


@given(st.lists(FILES, max_size=1), FILES, DECLARATIONS)
@settings(max_examples=60, deadline=None)
def test_importing_any_file_twice_equals_once(before, content, declared):
    with transaction.atomic():
        options = world(before, content, declared)
        bring_in(content, **options)
        once = state()

        bring_in(content, at=NOW + timedelta(days=1), **options)

        assert state() == once
        transaction.set_rollback(True)


@given(st.lists(FILES, max_size=1), FILES, DECLARATIONS)
@settings(max_examples=60, deadline=None)
def test_an_import_undone_equals_none_to_the_row(before, content, declared):
    with transaction.atomic():
        options = world(before, content, declared)
        nothing = state()

        figures = undo(bring_in(content, **options))

        assert state() == nothing
        assert "kept" not in figures
        transaction.set_rollback(True)
