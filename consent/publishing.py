"""Putting a notice in use: from then on people see it, acts point at it, and nothing of it can change."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consent.law.words import Channel, Requirement
from consent.models import Box, Notice, Organisation
from consent.opt_outs import rule_towards_individuals
from consent.vocabulary import Language

# A consent to calls counts only if its request carried the five mentions of R223-1; identity and choice are elsewhere.
CALLS = frozenset({Channel.PHONE, Channel.AUTOMATED_CALL})


@dataclass(frozen=True)
class Statement:
    """Something that a notice must say, and the words by which it is recognised in each language."""

    what: str | Promise
    french: str
    english: str

    def is_in(self, text: str, language: str) -> bool:
        words = self.french if language == Language.FRENCH else self.english
        return re.search(rf"\b(?:{words})", text, re.IGNORECASE) is not None


ALWAYS = (
    Statement(
        gettext_lazy("how to stop"),
        r"désinscri|désabonn|ne plus recevoir|arrêter|mettre fin|vous opposer|opposition|refuser|STOP\b",
        r"unsubscrib|stop|object|opt out",
    ),
    Statement(
        gettext_lazy("how long details are kept"),
        r"(?:ans?|années?|mois|jours?)\b",
        r"(?:years?|months?|days?)\b",
    ),
    Statement(gettext_lazy("the person's rights"), r"droits?\b", r"rights?\b"),
    Statement(gettext_lazy("that a complaint to the CNIL is possible"), r"CNIL\b", r"CNIL\b"),
)
FOR_CONSENT = (
    Statement(gettext_lazy("that a consent can be withdrawn"), r"retirer|retrait|révoquer|révocable", r"withdr|revok"),
)
FOR_CALLS = (
    Statement(
        gettext_lazy("that a consent to calls lasts one year at most (R223-1)"),
        r"(?:un|1) an\b|(?:douze|12) mois\b|365 jours\b",
        r"(?:one|1|a) year\b|(?:twelve|12) months\b|365 days\b",
    ),
    Statement(
        gettext_lazy("how to get the proof of a consent to calls (R223-1)"), r"preuve|support durable", r"proof|durable"
    ),
)


def carries_call_mentions(box: Box, language: str) -> bool:
    """Say whether somebody who ticked this box was told, in that language, what a consent to calls needs (R223-1)."""
    text = getattr(box.notice, f"information_{language}")
    return box.channel in CALLS and all(statement.is_in(text, language) for statement in (*FOR_CONSENT, *FOR_CALLS))


@transaction.atomic
def publish(notice: Notice, *, at: datetime) -> None:
    """Put a notice in use, for good. Raises ValidationError, one sentence per fault, unless it is fit for it."""
    locked = Notice.objects.select_for_update().get(pk=notice.pk)
    if faults := list(faults_of(locked, at=at)):
        raise ValidationError(faults)
    locked.publish(at=at)
    notice.published_at = locked.published_at


def faults_of(notice: Notice, *, at: datetime) -> Iterator[str]:
    """Say, one sentence each, what keeps this notice from being used under the rules in force at that moment."""
    if notice.published_at is not None:
        yield _("This notice is published already; make a new version of it.")
        return
    boxes = list(notice.boxes.all())
    yield from _faults_of_texts(notice, boxes)
    for box in boxes:
        yield from _faults_of_box(box, at=at)


@transaction.atomic
def new_version(notice: Notice) -> Notice:
    """Return a draft that says the same under the next number, boxes included."""
    Notice.objects.select_for_update().get(pk=notice.pk)
    last = Notice.objects.filter(code=notice.code).aggregate(last=Max("version"))["last"]
    draft = Notice.objects.create(
        code=notice.code,
        version=last + 1,
        information_fr=notice.information_fr,
        information_en=notice.information_en,
    )
    copied = ("purpose_id", "channel", "kind", "label_fr", "label_en", "position")
    Box.objects.bulk_create(
        Box(notice=draft, **{name: getattr(box, name) for name in copied}) for box in notice.boxes.all()
    )
    return draft


def _faults_of_texts(notice: Notice, boxes: list[Box]) -> Iterator[str]:
    statements = list(ALWAYS)
    if any(box.kind == Box.Kind.OPT_IN for box in boxes):
        statements += FOR_CONSENT
    if any(box.kind == Box.Kind.OPT_IN and box.channel in CALLS for box in boxes):
        statements += FOR_CALLS
    organisation = Organisation.objects.current()
    if not organisation.name:
        yield _("Nobody knows who speaks: fill in the organisation first.")
    for language in Language:
        text = getattr(notice, f"information_{language}")
        if not text.strip():
            yield _("The notice is empty in this language: %(language)s.") % {"language": language.label}
            continue
        if organisation.name and organisation.name.casefold() not in text.casefold():
            yield _("The notice does not say who you are (%(name)s) in this language: %(language)s.") % {
                "name": organisation.name,
                "language": language.label,
            }
        for statement in statements:
            if not statement.is_in(text, language):
                yield _("The notice does not say %(what)s in this language: %(language)s.") % {
                    "what": statement.what,
                    "language": language.label,
                }


def _faults_of_box(box: Box, *, at: datetime) -> Iterator[str]:
    for language in Language:
        if not getattr(box, f"label_{language}").strip():
            yield _("A box has no label in this language: %(language)s.") % {"language": language.label}
    if box.kind == Box.Kind.OPT_OUT:
        rule = rule_towards_individuals(box.channel, at=at)
        if Requirement.INFORMATION not in rule.accepts:
            yield _("%(channel)s: the law in force asks for a yes; “I do not want …” is not enough (%(sources)s).") % {
                "channel": capfirst(box.get_channel_display()),
                "sources": ", ".join(rule.sources),
            }
