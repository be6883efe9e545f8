"""How long texts are on a phone, and under which names they may arrive."""

import pytest

from prospects.texting.alphabet import foreign, measure, plain
from prospects.texting.sending import wrong_names


@pytest.mark.parametrize(
    ("text", "places", "parts", "is_gsm"),
    [
        ("", 0, 1, True),
        ("a" * 160, 160, 1, True),
        ("a" * 161, 161, 2, True),
        ("a" * 306, 306, 2, True),
        ("a" * 307, 307, 3, True),
        ("€" * 80, 160, 1, True),
        ("a" * 159 + "€", 161, 2, True),
        ("a" * 152 + "€" + "a" * 152, 306, 3, True),  # no part ends between an escape and its character
        ("é" * 160, 160, 1, True),
        ("ê" * 70, 70, 1, False),
        ("ê" * 71, 71, 2, False),
        ("ê" * 134, 134, 2, False),
        ("ê" * 135, 135, 3, False),
        ("😀" * 35, 70, 1, False),
        ("ê" * 66 + "😀" * 2, 70, 1, False),
        ("ê" * 66 + "😀" * 34, 134, 3, False),
    ],
)
def test_texts_are_counted_as_operators_count_them(text, places, parts, is_gsm):
    length = measure(text)

    assert (length.places, length.parts, length.is_gsm) == (places, parts, is_gsm)


def test_what_word_processors_write_is_made_plain_where_nothing_is_lost():
    assert plain("L’été « à 5\u00a0h » – …") == 'L\'été " à 5 h " - ...'
    assert foreign("ça fête") == ["ç", "ê"]


@pytest.mark.parametrize("sender", ["Maison", "36111", "38222", "M4N"])
def test_a_sender_is_a_name_or_a_short_number(settings, sender):
    settings.SMS_SENDER, settings.SMS_STOP_NUMBER = sender, "36111"
    assert wrong_names() == ""


@pytest.mark.parametrize("sender", ["", "Ma", "MaisonExemple", "Maison Ex", "Été2026", "123456", "33612345678"])
def test_another_sender_is_refused(settings, sender):
    settings.SMS_SENDER, settings.SMS_STOP_NUMBER = sender, "36111"
    assert wrong_names()


@pytest.mark.parametrize("number", ["", "33700", "38111", "361111"])
def test_stop_is_answered_at_a_short_number_for_marketing(settings, number):
    settings.SMS_SENDER, settings.SMS_STOP_NUMBER = "Maison", number
    assert wrong_names()
