"""Product families are slash paths: `garden` covers `garden` and `garden/tools`, not the reverse."""

from collections.abc import Iterable
from functools import lru_cache


@lru_cache(maxsize=1024)
def covering(families: frozenset[str]) -> frozenset[str]:
    """Return every family that covers one of these: themselves and the families above them."""
    return frozenset(ancestor for family in families for ancestor in _upwards(family))


def _upwards(family: str) -> Iterable[str]:
    parts = family.strip("/").split("/")
    return ("/".join(parts[:length]) for length in range(1, len(parts) + 1))
