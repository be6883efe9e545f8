"""Where a box "I do not want …" is enough: on the channels on which the law asks for information alone."""

from datetime import datetime

from django.conf import settings

from consent.law.days import paris_day
from consent.law.rulebooks import Rule, rule_in_force
from consent.law.words import Channel, Column, Requirement, Rulebook


def information_suffices(channel: str, *, at: datetime) -> bool:
    """Say whether, towards individuals, this channel asks for information and a way to refuse, and no more."""
    return Requirement.INFORMATION in rule_towards_individuals(channel, at=at).accepts


def rule_towards_individuals(channel: str, *, at: datetime) -> Rule:
    """Return the row of the rulebook in use by which individuals are reached on this channel."""
    rulebook = Rulebook(settings.PROSPECTING_RULEBOOK)
    return rule_in_force(rulebook, Channel(channel), Column.INDIVIDUAL, paris_day(at))
