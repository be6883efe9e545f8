"""`manage.py explain ADDRESS`: may we write to this address, on what ground or why not, and what proves it?"""

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from consent.law import Channel as LawChannel
from consent.law import Message, Verdict
from consent.models import Purpose
from consent.vocabulary import Channel
from prospects.explain import Explanation, acts_kept, evidence, explain
from prospects.management.moments import moment


class Command(BaseCommand):
    help = "Explains whether one address may be contacted, with the act, notice, source or purchase that proves it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", metavar="ADDRESS", help="the address as anybody would type it")
        parser.add_argument("--channel", required=True, choices=Channel.values)
        parser.add_argument("--purpose", required=True, help="the short name of the purpose")
        parser.add_argument("--family", action="append", default=[], help="product family of the message (repeatable)")
        parser.add_argument("--activity", action="append", default=[], help="activity it relates to (repeatable)")
        parser.add_argument("--sector", default=None)
        parser.add_argument("--at", type=moment, metavar="T", help="at this moment, past or to come (default: now)")
        parser.add_argument("--language", choices=["fr", "en"], default="en")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        purposes = Purpose.objects.values_list("slug", flat=True).order_by("slug")
        if options["purpose"] not in purposes:
            raise CommandError(f"there is no purpose {options['purpose']!r}; there are: {', '.join(purposes)}")
        message = Message(
            LawChannel(options["channel"]),
            options["purpose"],
            frozenset(options["family"]),
            frozenset(options["activity"]),
            options["sector"],
        )
        at = options["at"] or timezone.now()
        try:
            explanations = explain(options["address"], message, at=at)
            kept = acts_kept(options["address"], message.channel) if not explanations else []
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        if options["json"]:
            answer = {
                "at": at.isoformat(),
                "known": bool(explanations),
                "answers": [_as_json(explanation) for explanation in explanations],
                "acts_kept": kept,
            }
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        elif explanations:
            for explanation in explanations:
                self._tell(explanation, options["language"])
        else:
            self._tell_unknown(kept, options["language"])

    def _tell(self, explanation: Explanation, language: str) -> None:
        verdict, withheld = explanation.verdict, explanation.known.withheld
        self.stdout.write(f"{_word(explanation.allowed)}: {withheld or verdict.outcome}")
        self.stdout.write(f"  {verdict.text.in_language(language)}")
        if verdict.allowed and withheld:
            self.stdout.write(f"  The law would allow it ({verdict.outcome}); we keep silent ourselves: {withheld}.")
        self.stdout.write(f"  rule {verdict.rule}; {'; '.join(verdict.sources)}")
        if verdict.next_allowed_at:
            self.stdout.write(f"  allowed again from {verdict.next_allowed_at.isoformat()}")
        for name, found in evidence(explanation.known).items():
            mark = "*" if name in explanation.rests_on else " "
            for row in found if isinstance(found, list) else [found]:
                if row is not None:
                    self.stdout.write(f"{mark} {name}: {_flat(row)}")

    def _tell_unknown(self, kept: list[dict[str, Any]], language: str) -> None:
        unknown = {
            "fr": "Personne n'a cette adresse ici : rien n'est gardé pour lui écrire.",
            "en": "Nobody here has this address: nothing is kept to write to it.",
        }
        self.stdout.write(unknown[language])
        for act in kept:
            self.stdout.write(f"  kept under its key: {_flat(act)}")


def _as_json(explanation: Explanation) -> dict[str, Any]:
    verdict: Verdict = explanation.verdict
    return {
        "allowed": explanation.allowed,
        "ground": verdict.ground,
        "reason": verdict.reason,
        "withheld": explanation.known.withheld,
        "rule": verdict.rule,
        "sources": list(verdict.sources),
        "text": {"fr": verdict.text.fr, "en": verdict.text.en},
        "next_allowed_at": verdict.next_allowed_at.isoformat() if verdict.next_allowed_at else None,
        "rests_on": list(explanation.rests_on),
        "evidence": evidence(explanation.known),
    }


def _word(allowed: bool) -> str:
    return "allowed" if allowed else "refused"


def _flat(row: Any) -> str:
    if not isinstance(row, dict):
        return str(row)
    return ", ".join(f"{name} {value}" for name, value in row.items() if value not in (None, "", [], {}))
