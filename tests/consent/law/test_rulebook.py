"""`manage.py rulebook`, its document, and the words of the law."""

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command

from consent import vocabulary
from consent.law import CODES, LABELS, WARNINGS, Channel, Ground, Reason, Rulebook
from consent.law.tables import document, periods
from consent.law.texts import CHANNELS, COLUMNS, REQUIREMENTS, SENTENCES
from consent.law.words import Column, Requirement

HERE = Path(django_settings.BASE_DIR)


def printed(*arguments):
    out = StringIO()
    call_command("rulebook", *arguments, stdout=out)
    return out.getvalue()


def test_the_document_is_fresh():
    assert (HERE / "docs" / "rulebook.md").read_text(encoding="utf-8") == printed("--document") == document()


def test_the_matrix_is_that_of_the_day_asked():
    before, since = printed("--at", "2026-08-10"), printed("--at", "2026-08-11")
    assert "phone consent" not in before
    assert "phone consent, contract, request" in since
    assert "L223-1" in since
    assert "on 10 August 2026" in before


def test_it_is_printed_for_today_and_in_french_too():
    assert "consentement aux appels" in printed("--language", "fr", "--at", "2026-11-24")
    assert printed().startswith("# Rulebook “law”")


def test_the_article_carries_its_warning():
    warning = "unlawful for calls to consumers since 11 August 2026"
    assert WARNINGS[Rulebook.ARTICLE].en == warning
    assert warning in printed("--rulebook", "article")
    assert warning not in printed("--rulebook", "law")
    assert warning in document()


@pytest.mark.parametrize("arguments", [["--at", "tomorrow"], ["--rulebook", "bible"]])
def test_a_bad_argument_is_refused(arguments):
    with pytest.raises(CommandError):
        printed(*arguments)


def test_a_rulebook_changes_where_its_rows_do():
    assert periods(Rulebook.LAW) == [date.min, date(2026, 8, 11)]
    assert periods(Rulebook.ARTICLE) == [date.min]


def test_everything_has_its_words_in_both_languages():
    for words, of in (
        (LABELS, CODES),
        (SENTENCES, CODES),
        (CHANNELS, Channel),
        (COLUMNS, Column),
        (REQUIREMENTS, Requirement),
    ):
        assert set(words) == set(of)
        assert all(text.fr and text.en for text in words.values())
    assert set(CODES) == {*Ground, *Reason}


def test_french_and_english_say_the_same_facts():
    def places(text):
        return [piece.split("}")[0] for piece in text.split("{")[1:]]

    assert all(places(text.fr) == places(text.en) for text in SENTENCES.values())


def test_the_channels_of_the_law_are_those_of_the_product():
    assert [str(channel) for channel in Channel] == [str(value) for value in vocabulary.Channel.values]


def test_the_law_imports_no_other_part_and_reads_no_clock_setting_or_database():
    for module in (HERE / "consent" / "law").glob("*.py"):
        text = module.read_text(encoding="utf-8")
        assert "django" not in text
        assert ".now(" not in text and "today(" not in text
        imported = [line.split()[1] for line in text.splitlines() if line.startswith(("from ", "import "))]
        assert all(name.startswith("consent.law") for name in imported if name.startswith("consent"))
