"""The servers that mails leave by: reached, encrypted, signed in."""

import smtplib
import ssl
from collections.abc import Iterator

from django.utils.translation import gettext as _

from campaigns.delivery.servers import Server, ServerDown, connect, outgoing_servers
from staff.checkup.line import Line, amber, green, red

_HERE = ("localhost", "127.0.0.1", "::1")


def look() -> Iterator[Line]:
    """Open a connection to each outgoing server, as a campaign would, and close it."""
    try:
        servers = outgoing_servers()
    except ValueError:
        yield red(_("Outgoing mail"), _("a server of OUTGOING_SERVERS cannot be read"), _("See “Running Loyal”."))
        return
    for server in servers:
        yield _look_at(server)


def _look_at(server: Server) -> Line:
    title = _("Outgoing mail, %(server)s") % {"server": server}
    try:
        smtp = connect(server)
    except ServerDown as error:
        return red(title, _said(error), _mend(error))
    try:
        encrypted = smtp.sock.version() if isinstance(smtp.sock, ssl.SSLSocket) else None
    finally:
        smtp.close()
    seen = ", ".join(filter(None, [encrypted or _("not encrypted"), server.username and _("signed in")]))
    if encrypted or server.host in _HERE:
        return green(title, seen)
    return amber(title, seen, _("Write smtp+tls:// or smtps:// in its address, so that nobody reads along."))


def _said(error: ServerDown) -> str:
    """Say what went wrong without the server's own words: they may quote a user or a password."""
    cause = error.__cause__
    if isinstance(cause, smtplib.SMTPResponseException):
        return _("the server answered %(code)s") % {"code": cause.smtp_code}
    if isinstance(cause, ssl.SSLError):
        return _("its certificate is not trusted, or it speaks no TLS")
    if isinstance(cause, OSError):
        return cause.strerror or type(cause).__name__
    return type(cause).__name__


def _mend(error: ServerDown) -> str:
    cause = error.__cause__
    if isinstance(cause, smtplib.SMTPAuthenticationError):
        return _("Look at the user and the password in EMAIL_URL or OUTGOING_SERVERS.")
    if isinstance(cause, ssl.SSLError):
        return _("Look at the server's name and certificate, or at the scheme and port of its address.")
    return _("Look at the address and port, and whether a firewall lets this machine out.")
