"""The five things that a request for a consent to calls must say (Consumer Code, art. R223-1), one text each.

Staff write each in a field of its own, the form shows all of them beside the box, and a consent carries them exactly
when none was empty in the language shown: nothing is guessed from prose.
"""

import re
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consent.vocabulary import Channel

# A consent to calls counts only if its request carried the five mentions.
CALLS = frozenset({Channel.PHONE, Channel.AUTOMATED_CALL})
SOURCE = "R223-1"
MOST_DAYS = 365


@dataclass(frozen=True)
class Mention:
    """One of the five: the field that holds its text, what it says, and words to start from."""

    field: str
    title: str | Promise
    french: str
    english: str

    def suggestion(self, language: str) -> str:
        return self.english if language == "en" else self.french


FIVE = (
    Mention(
        "says_who",
        _("who calls, for whom, about what"),
        "Vous seriez appelé par [nom de l’entreprise] et par [nom du prestataire, s’il y en a un], au sujet de "
        "[nature des biens ou services].",
        "You would be called by [name of the company] and by [name of the contractor, if any], about [kind of goods or "
        "services].",
    ),
    Mention(
        "says_choice",
        _("that one may say yes or no"),
        "Vous êtes libre d’accepter ou de refuser d’être appelé par cette entreprise à ce sujet.",
        "You are free to agree or not to be called by this company about this.",
    ),
    Mention(
        "says_period",
        _("how long it holds, one year at most"),
        "Votre accord vaut un an, et n’est pas reconduit tacitement.",
        "Your consent holds for one year, and is not renewed by silence.",
    ),
    Mention(
        "says_withdrawal",
        _("that it can be withdrawn at any time, and how"),
        "Vous pouvez le retirer à tout moment, par le lien de nos messages, par courrier ou en le disant au téléphone.",
        "You can withdraw it at any time, by the link in our messages, by letter, or by saying so on the phone.",
    ),
    Mention(
        "says_proof",
        _("how to get the proof of it on a durable medium"),
        "La preuve de votre accord vous est donnée sur un support durable, gratuitement, sur demande.",
        "The proof of your consent is given to you on a durable medium, free of charge, when you ask.",
    ),
)
PERIOD = FIVE[2]

_UNITS = {"day": 1, "jour": 1, "week": 7, "semaine": 7, "month": 30, "mois": 30, "year": 365, "an": 365, "année": 365}
_NUMBERS = {
    "un": 1,
    "une": 1,
    "one": 1,
    "a": 1,
    "deux": 2,
    "two": 2,
    "trois": 3,
    "three": 3,
    "quatre": 4,
    "four": 4,
    "cinq": 5,
    "five": 5,
    "six": 6,
    "dix": 10,
    "ten": 10,
    "douze": 12,
    "twelve": 12,
    "dix-huit": 18,
    "eighteen": 18,
    "vingt-quatre": 24,
    "twenty-four": 24,
}
_PERIOD = re.compile(
    rf"\b(\d+|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})\s+"
    rf"({'|'.join(sorted(_UNITS, key=len, reverse=True))})(?:es|s)?\b",
    re.IGNORECASE,
)


def periods_in(text: str) -> list[int]:
    """Return the periods that a text names, in days; a month counts 30, so that twelve are within the year."""
    return [
        (int(number) if number.isdecimal() else _NUMBERS[number.lower()]) * _UNITS[unit.lower()]
        for number, unit in _PERIOD.findall(text)
    ]
