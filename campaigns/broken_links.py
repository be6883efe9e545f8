"""Links that lead nowhere and pictures that say nothing to who does not see them. Nothing is fetched: it is read."""

import re
from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from campaigns.reading import Anchor, contents

_SCHEMES = {"http", "https", "mailto", "tel"}
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
_HOST = re.compile(r"(?:[\w](?:[\w-]{0,61}[\w])?\.)+[\w-]{2,63}")
_AT_HOME = re.compile(r"(?:^|\.)(?:localhost|local|internal|lan|home|invalid|localdomain)$")
_PLACEHOLDER = re.compile(r"\[[A-Za-z_ -]+\]|<[^>]*>|\{[^}]*\}|%[A-Za-z_]+%|\*\||…|\.\.\.|\bTODO\b|\bXXX+\b")
# What other products write where a reader's word goes: here it would be sent as it is.
_FOREIGN_FIELD = re.compile(r"\*\|\w+\|\*|%%\w+%%|<%=?[^%]*%>|\{%[^%]*%\}|\$\{\w+\}|\[\[\w+\]\]")
# Markdown leaves as text the links that it does not understand.
_MARKDOWN_LINK = re.compile(r"!?\[([^\[\]\n]*)\]\(([^()\n]*)\)?")


def broken_links(html: str) -> list[str]:
    """Say what is wrong with the links, pictures and placeholders of a mail, read before it is cleaned."""
    found = contents(html)
    said = [problem for link in found.links if (problem := _problem(link))]
    said += _of_pictures(found.pictures)
    said += [
        _("The link “%(words)s” cannot be understood: (%(address)s).") % {"words": match[1], "address": match[2]}
        for match in _MARKDOWN_LINK.finditer(found.text)
    ]
    said += [
        _("“%(field)s” is a field of another product. Here a field is written {{ first_name }}.") % {"field": match[0]}
        for match in _FOREIGN_FIELD.finditer(found.text)
    ]
    return list(dict.fromkeys(said))


def _of_pictures(pictures: list[tuple[str, str]]) -> Iterator[str]:
    for address, alternative in pictures:
        if not alternative:
            yield _("A picture lacks the words for those who do not see it: %(address)s") % {
                "address": address.rpartition("/")[2] or _("no address")
            }
        if address and not address.lower().startswith(("https://", "http://")):
            yield _("The picture “%(name)s” has no full address: it begins with https://.") % {
                "name": alternative or address
            }


def _problem(link: Anchor) -> str:
    """What is wrong with one link; nothing where nothing is."""
    name = {"words": link.words or link.address, "address": link.address}
    address = link.address
    if address in ("", "#", "https://", "http://"):
        return _("The link “%(words)s” leads nowhere.") % name
    if _PLACEHOLDER.search(address):
        return _("The link “%(words)s” still holds a placeholder: %(address)s") % name
    scheme = _SCHEME.match(address)
    if scheme is None or "." in scheme[1] or scheme[1].lower() == "localhost":
        return _("The link “%(words)s” is not a full address. It begins with https://: %(address)s") % name
    match scheme[1].lower():
        case "mailto":
            return "" if re.match(r"mailto:[^@\s]+@[^@\s]+\.[^@\s]+", address, re.IGNORECASE) else _no_mailbox(name)
        case "tel":
            digits = re.sub(r"\D", "", address)
            return "" if len(digits) >= 4 else _("The link “%(words)s” calls no number: %(address)s") % name
        case "http" | "https":
            return _of_site(address, name)
    return _("The link “%(words)s” begins with “%(scheme)s:”, which mails do not follow.") % (
        name | {"scheme": scheme[1]}
    )


def _no_mailbox(name: dict[str, str]) -> str:
    return _("The link “%(words)s” writes to nobody: %(address)s") % name


def _of_site(address: str, name: dict[str, str]) -> str:
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").rstrip(".")
        parts.port  # noqa: B018 — raises where it is none
    except ValueError:
        host = ""
    if _leads_home(host):
        return (
            _("The link “%(words)s” leads to your own computer or network, where readers are not: %(address)s") % name
        )
    if " " in address or not (_HOST.fullmatch(host) or _is_ip(host)):
        return _("The link “%(words)s” has no valid address: %(address)s") % name
    return ""


def _leads_home(host: str) -> bool:
    if _AT_HOME.search(host.lower()):
        return True
    return _is_ip(host) and not ip_address(host).is_global


def _is_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
