"""Where a request comes from: the address of the visitor's machine, as far as it can be believed, and no more of it
than is needed."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

IpAddress = IPv4Address | IPv6Address


def client_address(request: HttpRequest) -> IpAddress | None:
    """Return the address of the machine that asked.

    `X-Forwarded-For` is read only where a configured proxy speaks, and from the right: each proxy vouches for the one
    before it, and the first that is none of ours is the client. Whatever stands further left, anybody may have written.
    """
    address = _read(request.META.get("REMOTE_ADDR", ""))
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    while address is not None and hops and _is_trusted(address):
        hop = _read(hops.pop())
        if hop is None:
            break
        address = hop
    return address


def shortened(address: IpAddress | None) -> str:
    """Return the network kept as evidence, too wide to point at one household."""
    return _network(address, ipv4=24, ipv6=48)


def counted_as(address: IpAddress | None) -> str:
    """Return the name under which requests are counted: an IPv6 client owns a whole /64."""
    return _network(address, ipv4=32, ipv6=64)


def _network(address: IpAddress | None, *, ipv4: int, ipv6: int) -> str:
    if address is None:
        return ""
    return str(ip_network(f"{address}/{ipv4 if address.version == 4 else ipv6}", strict=False))


def _read(text: str) -> IpAddress | None:
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        return address.ipv4_mapped or IPv6Address(int(address))  # without a zone such as %eth0
    return address


def _is_trusted(address: IpAddress) -> bool:
    return any(address in ip_network(proxy, strict=False) for proxy in settings.TRUSTED_PROXIES)
