"""Which boxes a notice shows today."""

from datetime import datetime

from django.conf import settings

from consent.law.days import paris_day
from consent.law.rulebooks import rule_in_force
from consent.law.words import Channel, Column, Requirement, Rulebook
from consent.models import Box, Notice


def boxes_shown(notice: Notice, *, at: datetime) -> list[Box]:
    """Return the boxes that the law in force at that moment lets a form show, in the order that staff gave them.

    A box "I do not want …" disappears on the day from which its channel needs a yes: nobody counts as informed by it.
    """
    return [
        box
        for box in notice.boxes.select_related("purpose", "notice")
        if box.kind == Box.Kind.OPT_IN or information_suffices(box.channel, at=at)
    ]


def information_suffices(channel: str, *, at: datetime) -> bool:
    """Say whether, towards individuals, this channel asks for information and a way to refuse, and no more."""
    rulebook = Rulebook(settings.PROSPECTING_RULEBOOK)
    rule = rule_in_force(rulebook, Channel(channel), Column.INDIVIDUAL, paris_day(at))
    return Requirement.INFORMATION in rule.accepts
