"""One POST to an address that somebody typed: never into our own network, never elsewhere by a redirect."""

import ipaddress
import socket
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import certifi
import urllib3
from django.conf import settings

_SECONDS = 10.0


class Unreachable(Exception):
    """The request was not made, or got no answer; the argument says why, for staff."""


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """Send the body and return the status of the answer, whatever it is. Raises Unreachable.

    The name is resolved once and the connection made to what was looked at, so that a name that changes its mind
    meanwhile leads nowhere else (DNS rebinding).
    """
    parts = urlsplit(url)
    host, secure = parts.hostname or "", parts.scheme == "https"
    address = _resolve(host, parts.port or (443 if secure else 80))
    options: dict[str, Any] = {"timeout": urllib3.Timeout(total=_SECONDS), "retries": False, "maxsize": 1}
    if secure:
        pool: urllib3.HTTPConnectionPool = urllib3.HTTPSConnectionPool(
            *address, server_hostname=host, assert_hostname=host, ca_certs=_authorities(), **options
        )
    else:
        pool = urllib3.HTTPConnectionPool(*address, **options)
    path = parts.path or "/"
    try:
        answer = pool.request(
            "POST",
            f"{path}?{parts.query}" if parts.query else path,
            body=body,
            headers={"Host": parts.netloc.rpartition("@")[2], "User-Agent": "Loyal", **headers},
            redirect=False,
            preload_content=False,
        )
        answer.close()
        return int(answer.status)
    except urllib3.exceptions.HTTPError as error:
        raise Unreachable(type(error).__name__) from error
    finally:
        pool.close()


def _authorities() -> str:
    authorities: str = settings.WEBHOOK_AUTHORITIES or certifi.where()
    return authorities


def _resolve(host: str, port: int) -> tuple[str, int]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable("the name leads nowhere") from error
    addresses = [str(place[4][0]) for place in found]
    if not settings.WEBHOOKS_TO_PRIVATE_ADDRESSES and not all(map(_is_public, addresses)):
        raise Unreachable("private address: WEBHOOKS_TO_PRIVATE_ADDRESSES is off")
    return addresses[0], port


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
    return ip.is_global and not ip.is_multicast and (mapped is None or mapped.is_global)
