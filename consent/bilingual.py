"""Texts that staff write in French and English."""

from typing import Any

from django.utils.translation import get_language


class Bilingual:
    """Read `name` from `name_fr` or `name_en`, in the given or the active language; French where English is empty."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: type) -> str:
        return in_language(instance, self.name, get_language()) if instance is not None else ""


def in_language(instance: Any, name: str, language: str | None) -> str:
    """Return `instance.<name>_en` for English when it is filled, else `instance.<name>_fr`."""
    if language is not None and language.startswith("en"):
        english: str = getattr(instance, f"{name}_en")
        if english:
            return english
    french: str = getattr(instance, f"{name}_fr")
    return french
