"""The outgoing mail servers, as the settings name them, and connections opened to them with the standard library."""

import smtplib
import ssl
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings
from django.core.mail.utils import DNS_NAME

_SCHEMES = {"smtp": ("", 25), "smtp+tls": ("starttls", 587), "smtps": ("tls", 465), "smtp+ssl": ("tls", 465)}


@dataclass(frozen=True)
class Server:
    """One outgoing server, and what it may be asked."""

    host: str
    port: int
    security: str = ""  # "starttls", "tls" from the first byte, or neither
    username: str = ""
    password: str = ""
    certificates: str = ""  # a file of authorities to trust instead of the system's
    weight: float = 1
    connections: int = 8
    per_second: float = 0  # mails, over all workers; 0 is no limit
    renew_after: int = 1000  # mails on one connection

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"

    __repr__ = __str__  # passwords do not belong in tracebacks

    def __hash__(self) -> int:
        """Computed for every mail, from what tells servers apart most often."""
        return hash((self.host, self.port))


class ServerDown(Exception):
    """No mail can be handed to this server now; the message says why."""


def outgoing_servers() -> list[Server]:
    """The servers of OUTGOING_SERVERS, or else the one of EMAIL_URL."""
    if settings.OUTGOING_SERVERS:
        return [server_at(url) for url in settings.OUTGOING_SERVERS]
    security = "tls" if settings.EMAIL_USE_SSL else "starttls" if settings.EMAIL_USE_TLS else ""
    return [
        Server(
            host=settings.EMAIL_HOST,
            port=settings.EMAIL_PORT,
            security=security,
            username=settings.EMAIL_HOST_USER,
            password=settings.EMAIL_HOST_PASSWORD,
        )
    ]


@lru_cache
def server_at(url: str) -> Server:
    """Read `smtp+tls://user:password@host:587?weight=2&connections=4&per_second=50&renew_after=100`."""
    parts = urlsplit(url)
    if parts.scheme not in _SCHEMES or not parts.hostname:
        raise ValueError(f"an outgoing server is written {'://…, '.join(_SCHEMES)}://…")
    security, port = _SCHEMES[parts.scheme]
    asked = {name: values[-1] for name, values in parse_qs(parts.query, strict_parsing=bool(parts.query)).items()}
    server = Server(
        host=parts.hostname,
        port=parts.port or port,
        security=security,
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        certificates=asked.pop("certificates", ""),
        weight=float(asked.pop("weight", 1)),
        connections=int(asked.pop("connections", Server.connections)),
        per_second=float(asked.pop("per_second", 0)),
        renew_after=int(asked.pop("renew_after", Server.renew_after)),
    )
    if asked:
        raise ValueError(f"an outgoing server has no {', '.join(asked)}")
    return server


def connect(server: Server) -> smtplib.SMTP:
    """Open a connection: greeted, encrypted as the settings say and checked against the certificate, signed in."""
    timeout, name = settings.SENDING_CONNECT_SECONDS, DNS_NAME.get_fqdn()
    try:
        if server.security == "tls":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, name, timeout=timeout, context=_trust(server.certificates)
            )
        else:
            smtp = smtplib.SMTP(server.host, server.port, name, timeout=timeout)
    except (OSError, smtplib.SMTPException) as error:
        raise ServerDown(f"{server}: {_words(error)}") from error
    try:
        if server.security == "starttls":
            smtp.starttls(context=_trust(server.certificates))
        smtp.ehlo_or_helo_if_needed()
        if server.username:
            smtp.login(server.username, server.password)
    except (OSError, smtplib.SMTPException) as error:
        smtp.close()
        raise ServerDown(f"{server}: {_words(error)}") from error
    return smtp


@lru_cache
def _trust(certificates: str) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certificates or None)


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return f"{error.smtp_code} {said.decode(errors='replace') if isinstance(said, bytes) else said}"
    return str(error) or type(error).__name__
