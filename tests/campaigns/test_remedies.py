"""Whatever the answer, marketers read what it means and what would change it, in both languages."""

import pytest
from django.utils.translation import override

from campaigns.remedies import MEANINGS, meaning_of
from campaigns.words import outcome_words
from consent.law import LABELS, Ground, Reason
from prospects.reach import Withholding

EVERY = [*Ground, *Reason, *Withholding]


def test_every_ground_and_refusal_has_its_meaning():
    assert set(MEANINGS) == set(EVERY)
    assert set(LABELS) == {*Ground, *Reason}


@pytest.mark.parametrize("outcome", EVERY)
def test_it_is_said_in_french_and_in_english(outcome):
    meaning = meaning_of(str(outcome))
    said = {}
    for language in ("fr", "en"):
        with override(language):
            said[language] = (outcome_words(str(outcome)), str(meaning.why), str(meaning.change))

    for french, english in zip(said["fr"], said["en"], strict=True):
        assert french and english
        assert french != english


def test_what_a_mail_server_said_has_no_meaning_of_the_law():
    assert meaning_of("550 no such user") is None
