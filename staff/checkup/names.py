"""What senders' domains say in the DNS: who may send for them (SPF), who vouches (DKIM), what to do else (DMARC)."""

import base64
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import dns.exception
import dns.resolver
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import translation
from django.utils.translation import gettext as _

from campaigns.delivery import dkim
from staff.checkup.line import Line, amber, green, red

SECONDS = 3.0
AT_ONCE = 8


def look_at_all(domains: Sequence[str]) -> Iterator[Line]:
    """Look up every domain, beside one another: a server that does not answer for one holds no other up."""
    if not domains:
        yield red(_("Sender"), _("no sender's address"), _("Add a sender in the administration."))
        return
    language = translation.get_language()

    def lines(domain: str) -> list[Line]:
        with translation.override(language):
            return list(look(domain))

    with ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="names") as pool:
        for domain, found in zip(domains, pool.map(lines, domains), strict=True):
            of_which = f"{domain} · " if len(domains) > 1 else ""
            yield from (replace(line, title=f"{of_which}{line.title}") for line in found)


def look(domain: str) -> Iterator[Line]:
    """Look up the three records of a domain that signs mails."""
    for ask in (_spf, _dkim, _dmarc):
        try:
            yield from ask(domain)
        except dns.exception.DNSException as error:
            yield red(
                ask.__name__.strip("_").upper(),
                _("the DNS does not answer (%(error)s)") % {"error": type(error).__name__},
                _("Try again; then look at the machine's resolver."),
            )


def _spf(domain: str) -> Iterator[Line]:
    domain = settings.RETURN_PATH.rpartition("@")[2] or domain
    found = [text for text in _texts(domain) if text.lower().startswith("v=spf1")]
    if not found:
        yield red(
            "SPF",
            _("none at %(name)s") % {"name": domain},
            _("Add a TXT record that names the servers you send by: “v=spf1 include:… -all”."),
        )
    elif len(found) > 1:
        yield red("SPF", _("%(count)s at %(name)s") % {"count": len(found), "name": domain}, _("Keep one alone."))
    elif any(word in found[0].lower().split() for word in ("+all", "all")):
        yield red("SPF", found[0], _("It lets everybody send in your name: end it with “-all”."))
    elif "?all" in found[0].lower().split():
        yield amber("SPF", found[0], _("It says nothing about others: end it with “~all” or “-all”."))
    else:
        yield green("SPF", found[0])


def _dkim(domain: str) -> Iterator[Line]:
    try:
        keys = dkim.keys()
    except ImproperlyConfigured:
        yield red("DKIM", _("a key of DKIM_KEYS cannot be read"), _("Look at the file that DKIM_KEYS names."))
        return
    if not keys and settings.DKIM_SIGNED_BY_SERVER:
        yield green("DKIM", _("the outgoing server is said to sign"))
    elif not keys:
        yield red(
            "DKIM",
            _("nobody signs"),
            _("Set DKIM_KEYS, or DKIM_SIGNED_BY_SERVER where the server signs. Large providers refuse unsigned mails."),
        )
    for key in keys:
        name = f"{key.selector}._domainkey.{domain}"
        published = [_tags(text) for text in _texts(name)]
        ours = _public(key)
        title = f"DKIM {key.selector}"
        if not published:
            kind = "rsa" if isinstance(key.private, RSAPrivateKey) else "ed25519"
            yield red(title, _("none at %(name)s") % {"name": name}, f"{name} TXT “v=DKIM1; k={kind}; p={ours}”")
        elif any(tags.get("p") == ours for tags in published):
            yield green(title, name)
        else:
            yield red(title, _("another key at %(name)s") % {"name": name}, f"p={ours}")


def _dmarc(domain: str) -> Iterator[Line]:
    names = domain.split(".")
    # The record of the domain itself, else of one above it, as receivers look for it.
    for number in range(max(1, len(names) - 1)):
        name = f"_dmarc.{'.'.join(names[number:])}"
        found = [text for text in _texts(name) if text.lower().startswith("v=dmarc1")]
        if len(found) == 1:
            yield green("DMARC", f"{name}: {found[0]}")
            return
        if found:
            yield red("DMARC", _("%(count)s at %(name)s") % {"count": len(found), "name": name}, _("Keep one alone."))
            return
    yield red(
        "DMARC",
        _("none at %(name)s") % {"name": f"_dmarc.{domain}"},
        f"_dmarc.{domain} TXT “v=DMARC1; p=none; rua=mailto:…”",
    )


def _texts(name: str) -> list[str]:
    """Return the TXT records of a name; none where there is no such name."""
    try:
        answer = _resolver().resolve(name, "TXT")
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    return [b"".join(record.strings).decode(errors="replace") for record in answer]


def _resolver() -> dns.resolver.Resolver:
    resolver = dns.resolver.Resolver(configure=not settings.DNS_RESOLVER)
    if settings.DNS_RESOLVER:
        address, _colon, port = settings.DNS_RESOLVER.rpartition(":")
        resolver.nameservers, resolver.port = [address or port], int(port) if address else 53
    resolver.lifetime = SECONDS
    return resolver


def _tags(record: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in record.split(";"))
    return {name.strip(): "".join(value.split()) for name, _equals, value in pairs}


def _public(key: dkim.Key) -> str:
    """Return a public key as its record holds it."""
    public = key.private.public_key()
    if isinstance(key.private, RSAPrivateKey):
        written = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    else:
        written = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return base64.b64encode(written).decode()
