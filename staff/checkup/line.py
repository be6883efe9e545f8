from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise


class State(StrEnum):
    """Good; worth a look; or something that does not work."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True)
class Line:
    """One thing looked at. It holds no secret: what is seen is an address, a number or a word of ours."""

    title: str | Promise
    state: State
    seen: str = ""
    mend: str = ""


def green(title: str | Promise, seen: str = "") -> Line:
    return Line(title, State.GREEN, seen)


def amber(title: str | Promise, seen: str, mend: str = "") -> Line:
    return Line(title, State.AMBER, seen, mend)


def red(title: str | Promise, seen: str, mend: str) -> Line:
    return Line(title, State.RED, seen, mend)
