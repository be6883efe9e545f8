"""Kannel's HTTP interface: `sendsms`, with the address at which its delivery reports are told."""

from dataclasses import dataclass
from urllib.parse import unquote, urlencode, urlsplit, urlunsplit

from prospects.texting.alphabet import measure
from prospects.texting.gateway import Answer, Taken, Text, ask

# Delivered, not delivered, refused by the operator.
_REPORTS = 1 + 2 + 16


@dataclass(frozen=True)
class Kannel:
    """One smsbox: where it listens, who we are there, and the name or number under which texts arrive."""

    address: str
    user: str
    password: str
    sender: str

    @classmethod
    def at(cls, url: str, sender: str) -> "Kannel":
        """Read http://user:password@host:13013/cgi-bin/sendsms. Raises ValueError for anything else."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or not parts.username or not parts.path:
            raise ValueError("it is written http://user:password@host:13013/cgi-bin/sendsms")
        host = parts.netloc.rpartition("@")[2]
        address = urlunsplit((parts.scheme, host, parts.path, parts.query, ""))
        return cls(address, unquote(parts.username), unquote(parts.password or ""), sender)

    def send(self, text: Text, *, report_to: str = "") -> Answer:
        asked = {
            "username": self.user,
            "password": self.password,
            "from": self.sender,
            "to": text.number,
            "text": text.text,
            "charset": "UTF-8",
            "coding": "0" if measure(text.text).is_gsm else "2",
        }
        if report_to:
            asked |= {"dlr-mask": str(_REPORTS), "dlr-url": f"{report_to}?type=%d&answer=%A"}
        join = "&" if "?" in self.address else "?"
        response = ask("GET", f"{self.address}{join}{urlencode(asked)}")
        if isinstance(response, Answer):
            return response
        return Answer(_taken(response.status), response.data.decode(errors="replace")[:200])


def _taken(status: int) -> Taken:
    match status:
        case 200 | 202:
            return Taken.SENT
        case 400:
            return Taken.REFUSED
        case 401 | 403 | 404:
            return Taken.CLOSED
        case 503:
            return Taken.LATER
        case _:
            return Taken.UNKNOWN
