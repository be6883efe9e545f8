"""`manage.py decide`: JSON Lines in, JSON Lines out, in order, without a database."""

import json
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from consent.law import Rulebook, Verdict, may_contact
from consent.law.question import BadQuestion, read_question

CHUNK_BYTES = 1 << 16


class Command(BaseCommand):
    help = (
        "Answers, for each JSON object on its own line of standard input, whether the law allows the contact. "
        "See docs/decide.md."
    )
    requires_system_checks = []
    requires_migrations_checks = False

    def handle(self, *args: Any, **options: Any) -> None:
        default_rulebook = Rulebook(settings.PROSPECTING_RULEBOOK)
        encoding = getattr(self.stdout, "encoding", None) or "utf-8"
        asked = bad = 0
        for lines in _lines(sys.stdin.buffer):
            answers = [answer(line, default_rulebook=default_rulebook) for line in lines]
            asked += len(answers)
            bad += sum("error" in each for each in answers)
            self.stdout.write("".join(_as_line(each, encoding) for each in answers), ending="")
            self.stdout.flush()
        if bad:
            raise CommandError(f"{bad} of {asked} lines could not be read", returncode=1)


def _lines(stream: BinaryIO) -> Iterator[list[bytes]]:
    """Yield the lines that have arrived so far, without waiting for more, until the stream ends."""
    # The pieces of a line still without its end: put together once, however many there are.
    pieces: list[bytes] = []
    while chunk := stream.read1(CHUNK_BYTES):  # type: ignore[attr-defined]
        first, *others = chunk.split(b"\n")
        pieces.append(first)
        if others:
            lines = [b"".join(pieces), *others[:-1]]
            pieces = others[-1:]
            yield [line for line in lines if line.strip()]
    if (rest := b"".join(pieces)).strip():
        yield [rest]


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


# Made once: `json.loads` and `json.dumps` would make new ones for every line.
_READ = json.JSONDecoder(parse_constant=_no_number).decode
_WRITE = json.JSONEncoder(ensure_ascii=False).encode


def _as_line(answered: dict[str, Any], encoding: str) -> str:
    """Write an answer with its accents, or escaped where the output cannot carry what was given back."""
    line = _WRITE(answered)
    try:
        line.encode(encoding)
    except UnicodeEncodeError:
        line = json.dumps(answered)
    return f"{line}\n"


def answer(line: bytes, *, default_rulebook: Rulebook) -> dict[str, Any]:
    """Answer one line; one that cannot be read is answered with its error."""
    try:
        asked = _READ(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return {"id": None, "error": "line: not JSON"}
    if not isinstance(asked, dict):
        return {"id": None, "error": "line: not a JSON object"}
    try:
        question = read_question(asked, default_rulebook=default_rulebook)
    except BadQuestion as error:
        return {"id": asked.get("id"), "error": str(error)}
    verdict = may_contact(question.facts, question.message, at=question.at, rulebook=question.rulebook)
    return {"id": asked.get("id"), **as_json(verdict)}


def as_json(verdict: Verdict) -> dict[str, Any]:
    """Put a verdict into the words of JSON."""
    return {
        "allowed": verdict.allowed,
        "ground": verdict.ground,
        "reason": verdict.reason,
        "rule": verdict.rule,
        "sources": list(verdict.sources),
        "text": {"fr": verdict.text.fr, "en": verdict.text.en},
        "next_allowed_at": verdict.next_allowed_at.isoformat() if verdict.next_allowed_at else None,
    }
