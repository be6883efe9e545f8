"""Any provider with an HTTP interface, as a file describes it: what to ask, how to read its answer and its calls."""

import hmac
import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus, urlsplit

from prospects.texting.gateway import Answer, Taken, Text, ask

_SLOT = re.compile(r"\{\{ *(\w+) *\}\}")
_SLOTS = {"to", "text", "name", "sender", "picture", "report"}


@dataclass(frozen=True)
class Calls:
    """How the provider tells what came back: signed with HMAC-SHA-256 over the body, in JSON, at these places."""

    secret: str
    header: str = "X-Signature"
    name: str = "name"
    status: str = "status"
    arrived: Sequence[str] = ("delivered",)
    not_delivered: Sequence[str] = ("undelivered", "failed", "rejected")
    words: str = "error"
    sender: str = "from"
    text: str = "text"


@dataclass(frozen=True)
class Told:
    """What one call of a provider says: of a text of ours, or from a phone."""

    name: str = ""
    status: str = ""
    words: str = ""
    sender: str = ""
    text: str = ""


@dataclass(frozen=True)
class Provider:
    """One provider. `answer_id` is where its answer names the text that it took: without a name it took none."""

    address: str
    body: str
    sender: str = ""
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict)
    taken: Sequence[int] = (200, 201, 202)
    refused: Sequence[int] = (400, 422)
    later: Sequence[int] = (429, 503)
    closed: Sequence[int] = (401, 403, 404)
    answer_id: str = ""
    calls: Calls | None = None

    @property
    def is_json(self) -> bool:
        kind = next((value for name, value in self.headers.items() if name.lower() == "content-type"), "")
        return "json" in kind

    def send(self, text: Text, *, report_to: str = "") -> Answer:
        said = {"to": text.number, "text": text.text, "name": text.name, "picture": text.picture}
        said |= {"sender": self.sender, "report": report_to}
        body = _SLOT.sub(lambda slot: self._written(said[slot[1]]), self.body)
        response = ask(self.method, self.address, body=body.encode(), headers=dict(self.headers))
        if isinstance(response, Answer):
            return response
        if response.status in self.taken:
            return self._taken(response.data)
        words = f"HTTP {response.status}"
        for statuses, end in ((self.refused, Taken.REFUSED), (self.later, Taken.LATER), (self.closed, Taken.CLOSED)):
            if response.status in statuses:
                return Answer(end, words)
        return Answer(Taken.UNKNOWN, words)

    def read_call(self, body: bytes, signature: str) -> Told | None:
        """What a call says; None where it is not signed by the provider. Raises ValueError for what is no JSON."""
        if self.calls is None:
            return None
        expected = hmac.digest(self.calls.secret.encode(), body, "sha256").hex()
        if not hmac.compare_digest(expected.encode(), signature.removeprefix("sha256=").lower().encode()):
            return None
        said = json.loads(body)
        return Told(
            *(_found(said, getattr(self.calls, each)) for each in ("name", "status", "words", "sender", "text"))
        )

    def _taken(self, data: bytes) -> Answer:
        if not self.answer_id:
            return Answer(Taken.SENT)
        try:
            named = _found(json.loads(data), self.answer_id)
        except ValueError:
            named = ""
        return Answer(Taken.SENT, named[:100]) if named else Answer(Taken.UNKNOWN, "no name in the answer")

    def _written(self, value: str) -> str:
        return json.dumps(value, ensure_ascii=False) if self.is_json else quote_plus(value)


@lru_cache(maxsize=4)
def provider_in(path: str, sender: str) -> Provider:
    """Read the description of a provider. Raises ValueError, with what is wrong, where it cannot be used."""
    try:
        described = tomllib.loads(Path(path).read_text())
        calls = described.pop("calls", None)
        provider = Provider(**{"sender": sender, **described}, calls=Calls(**calls) if calls else None)
    except (OSError, TypeError, tomllib.TOMLDecodeError) as error:
        raise ValueError(f"{path}: {error}") from error
    if urlsplit(provider.address).scheme not in ("http", "https"):
        raise ValueError(f"{path}: its address is no web address")
    if unknown := {slot[1] for slot in _SLOT.finditer(provider.body)} - _SLOTS:
        raise ValueError(f"{path}: the body may hold {', '.join(sorted(_SLOTS))}, not {', '.join(sorted(unknown))}")
    return provider


def _found(said: Any, place: str) -> str:
    """What stands at a place such as `messages.0.id`; nothing where it is not there."""
    for step in place.split("."):
        if isinstance(said, list) and step.isdecimal() and int(step) < len(said):
            said = said[int(step)]
        elif isinstance(said, dict) and step in said:
            said = said[step]
        else:
            return ""
    return str(said) if isinstance(said, str | int) else ""
