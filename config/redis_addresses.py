"""One Redis address, as each of its clients wants it written: redis-py for the cache, kombu for the broker.

Understood: redis://, rediss:// and unix:///path?db=0.
"""

from urllib.parse import parse_qs, urlsplit


def broker_url(url: str) -> str:
    """Give the address as Celery reads it."""
    parts = urlsplit(url)
    if parts.scheme != "unix":
        return url
    return f"redis+socket://{parts.path}?virtual_host={database(url)}"


def cache_url(url: str) -> str:
    """Give the next database of the same server, so that flushing the cache loses no task."""
    parts = urlsplit(url)
    beside = database(url) + 1
    if parts.scheme == "unix":
        return f"unix://{parts.path}?db={beside}"
    return parts._replace(path=f"/{beside}").geturl()


def database(url: str) -> int:
    """Give the number of the database that an address names, 0 where it names none."""
    parts = urlsplit(url)
    number = parse_qs(parts.query).get("db", ["0"])[0] if parts.scheme == "unix" else parts.path.strip("/")
    return int(number or 0)
