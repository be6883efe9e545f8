"""Habits that take mails to the spam folder or make them unpleasant to read: advice, never an obstacle."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from campaigns.reading import Anchor, Contents

LONGEST_SUBJECT = 70
LONGEST_WORDS = 160  # of a subject and a preheader together, before phones cut them off
HEAVIEST = 100_000  # bytes; Gmail cuts a mail at 102 kB
LEAST_TEXT = 120  # characters beside pictures

_SHORTENERS = frozenset(
    (
        *("adf.ly", "bit.ly", "buff.ly", "cutt.ly", "goo.gl", "is.gd", "lnkd.in", "ow.ly", "rb.gy", "rebrand.ly"),
        *("shorturl.at", "t.co", "t.ly", "tiny.cc", "tinyurl.com", "urlz.fr", "v.gd"),
    )
)
_OVERUSED = frozenset(
    # Whole phrases of both languages, in lower case.
    (
        *("100 % gratuit", "100% gratuit", "argent facile", "cliquez ici", "dernière chance", "félicitations, vous"),
        *("gagnez de l’argent", "gagnez de l'argent", "offre exceptionnelle", "sans aucun risque", "urgent"),
        *(
            "vous avez gagné",
            "act now",
            "click here",
            "congratulations, you",
            "easy money",
            "free money",
            "last chance",
        ),
        *("make money", "no risk", "100% free", "risk-free", "urgent", "you have won", "you won"),
    )
)
_EMPTY_WORDS = frozenset(
    ("ici", "cliquez ici", "cliquer ici", "lien", "ce lien", "here", "click here", "this link", "link")
)
_DOMAIN = re.compile(r"(?:https?://)?((?:[\w-]+\.)+[a-z]{2,})(?:[/?#].*)?", re.IGNORECASE)
_REPLY = re.compile(r"(?:re|fw|fwd|tr|réf?) ?:", re.IGNORECASE)


@dataclass(frozen=True)
class Mail:
    """What is looked at."""

    subject: str
    preheader: str
    contents: Contents
    weight: int  # of its HTML, in bytes


def advice(mail: Mail) -> list[str]:
    """Say what a reader, or their mail provider, may dislike."""
    return [*_of_subject(mail), *_of_text(mail), *_of_links(mail.contents.links)]


def _of_subject(mail: Mail) -> Iterator[str]:
    subject = mail.subject
    if not mail.preheader.strip():
        yield _("There is no preheader: mailboxes show the first words of the message in its place.")
    if len(subject) > LONGEST_SUBJECT:
        yield _("The subject has %(count)s characters: phones show about 40, mailboxes 70.") % {"count": len(subject)}
    if is_shouting(subject):
        yield _("The subject is in capitals: it reads as shouting, and filters count it.")
    if subject.count("!") > 1:
        yield _("The subject has several exclamation marks: one is enough, none is better.")
    if _REPLY.match(subject):
        yield _("The subject looks like an answer or a forwarded message, which this is not.")


def _of_text(mail: Mail) -> Iterator[str]:
    text = mail.contents.text
    if mail.contents.pictures and len(text) < LEAST_TEXT:
        yield _("The message is nearly all pictures: many readers see none of them, and filters distrust it.")
    if mail.weight > HEAVIEST:
        yield _("The message weighs %(weight)s kB: Gmail cuts what is beyond 100 kB, the link to stop with it.") % {
            "weight": round(mail.weight / 1000)
        }
    if any(is_shouting(sentence) for sentence in re.split(r"[.!?\n]", text)):
        yield _("A whole sentence is in capitals: it reads as shouting.")
    if text.count("!") > 4 or "!!" in text:
        yield _("There are many exclamation marks.")
    said = f"{mail.subject} {text}".casefold()
    for phrase in sorted(_OVERUSED):
        if re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", said):
            yield _("“%(phrase)s” is said by so much unwanted mail that filters count it.") % {"phrase": phrase}


def _of_links(links: list[Anchor]) -> Iterator[str]:
    said = (problem for link in links for problem in _of_link(link))
    yield from dict.fromkeys(said)


def _of_link(link: Anchor) -> Iterator[str]:
    host = _host(link.address)
    if not host:
        return
    if host in _SHORTENERS:
        yield _("The link “%(words)s” goes by %(host)s, which hides where it leads; filters distrust it.") % {
            "words": link.words,
            "host": host,
        }
    shown = _DOMAIN.fullmatch(link.words)
    if shown and _family(shown[1]) != _family(host):
        yield _("The link shows %(shown)s and leads to %(host)s: it looks like a fraud.") % {
            "shown": shown[1],
            "host": host,
        }
    if link.words.casefold().strip(" .!»") in _EMPTY_WORDS:
        yield _("The link “%(words)s” does not say where it leads, to who hears it read aloud.") % {"words": link.words}
    if link.address.lower().startswith("http://"):
        yield _("The link “%(words)s” is not secure: use https://.") % {"words": link.words}


def is_shouting(text: str) -> bool:
    """Whether most of a text is in capitals; a short one may be a name."""
    letters = [character for character in text if character.isalpha()]
    return len(letters) >= 12 and sum(map(str.isupper, letters)) > 0.7 * len(letters)


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").lower() if address.lower().startswith("http") else ""
    except ValueError:
        return ""


def _family(host: str) -> str:
    """The last two names of a host: shop.example.test is of example.test."""
    return ".".join(host.lower().split(".")[-2:])
