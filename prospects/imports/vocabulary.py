"""The words of a spreadsheet that stand for words of Loyal, in French or English."""

from collections.abc import Iterable
from typing import Self

from django.db import models
from django.utils.translation import override

from consent.vocabulary import Channel, Language
from prospects.models import Activity, Family, Interaction

_LANGUAGES = {"fr": Language.FRENCH, "en": Language.ENGLISH, "an": Language.ENGLISH}


class Vocabulary:
    """Families and activities as staff named them, and the fixed words, looked up whatever their case."""

    def __init__(self, families: dict[str, str], activities: dict[str, int]) -> None:
        self._families, self._activities = families, activities
        self._channels = _spellings(Channel)
        self._interactions = _spellings(Interaction.Kind)

    @classmethod
    def current(cls) -> Self:
        """Return the words as they are now in the database."""
        families = {
            name.casefold(): family.path
            for family in Family.objects.all()
            for name in (family.name_fr, family.name_en, family.path)
            if name
        }
        activities = {
            name.casefold(): activity.pk
            for activity in Activity.objects.all()
            for name in (activity.name_fr, activity.name_en, activity.slug)
            if name
        }
        return cls(families, activities)

    def family(self, word: str) -> str | None:
        return self._families.get(word.casefold())

    def activity(self, word: str) -> int | None:
        return self._activities.get(word.casefold())

    def channel(self, word: str) -> str | None:
        return self._channels.get(word.casefold())

    def interaction(self, word: str) -> str | None:
        return self._interactions.get(word.casefold())

    def language(self, word: str) -> str:
        return _LANGUAGES.get(word[:2].casefold(), Language.FRENCH).value


def _spellings(words: type[models.TextChoices]) -> dict[str, str]:
    spellings: dict[str, str] = {}
    for language in _languages():
        with override(language):
            spellings |= {str(label).casefold(): str(value) for value, label in words.choices}
    return spellings | {value: value for value in words.values}


def _languages() -> Iterable[str]:
    return Language.values
