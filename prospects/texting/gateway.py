"""What a gateway is to Loyal: it takes one text for one phone, and says what became of it at once."""

from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache
from typing import Any, Protocol

import urllib3
from django.conf import settings
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError


class Taken(Enum):
    """What the gateway made of a text."""

    SENT = auto()  # it has taken charge of it
    LATER = auto()  # not now, perhaps later
    REFUSED = auto()  # not this text to this phone, ever
    CLOSED = auto()  # it does not answer, or does not know us: no text leaves, and nobody is to blame
    UNKNOWN = auto()  # the request left, and no answer came


@dataclass(frozen=True, slots=True)
class Text:
    """One text for one phone. `name` is our own name of it, by which reports come back; empty for none."""

    number: str
    text: str
    name: str = ""
    picture: str = ""  # the address of a picture, for MMS


@dataclass(frozen=True, slots=True)
class Answer:
    """What a gateway answered, and in which words."""

    taken: Taken
    words: str = ""


class Gateway(Protocol):
    """Somebody who carries texts to phones."""

    def send(self, text: Text, *, report_to: str = "") -> Answer:
        """Give one text; `report_to` is where to tell what became of it. It never raises for what the network does."""


@lru_cache(maxsize=4)
def pool(connections: int, seconds: int) -> urllib3.PoolManager:
    """Connections that stay open between texts. A text is never sent a second time by itself."""
    timeout = urllib3.Timeout(connect=min(seconds, 10), read=seconds)
    return urllib3.PoolManager(maxsize=connections, timeout=timeout, retries=False, block=True)


def ask(method: str, address: str, **request: Any) -> urllib3.BaseHTTPResponse | Answer:
    """Make a request; an Answer where there was no response, which says whether the request may have left."""
    try:
        return pool(settings.SMS_CONNECTIONS, settings.SMS_REPLY_SECONDS).request(
            method, address, redirect=False, **request
        )
    except (NewConnectionError, ConnectTimeoutError) as error:
        return Answer(Taken.CLOSED, type(error).__name__)
    except HTTPError as error:
        return Answer(Taken.UNKNOWN, type(error).__name__)
