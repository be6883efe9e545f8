"""Every address of the site, found in its URL patterns, and whether somebody is let in."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

# What a converter takes; that nothing is found under it says that whoever asked was let in.
VALUES = {
    "int": "999999999",
    "str": "none",
    "slug": "none",
    "uuid": "7f3c0e5e-0000-4000-8000-000000000001",
    "path": "999999999",
}


@dataclass(frozen=True)
class Address:
    name: str
    path: str


def addresses() -> Iterator[Address]:
    """Give each pattern's name, with its namespaces, and an address that it answers."""
    yield from _below(get_resolver(), "", "")


def _below(resolver: URLResolver, prefix: str, namespace: str) -> Iterator[Address]:
    for pattern in resolver.url_patterns:
        path = prefix + _filled(pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _below(pattern, path, inner)
        elif isinstance(pattern, URLPattern):
            yield Address(f"{namespace}{pattern.name or pattern.pattern}", f"/{path}")


def _filled(pattern: URLPattern | URLResolver) -> str:
    route = str(pattern.pattern)
    for name, converter in pattern.pattern.converters.items():
        kind = type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
        for written in (f"<{kind}:{name}>", f"<{name}>"):
            route = route.replace(written, VALUES[kind])
    # Django's own regular expressions: the first of some alternatives, or anything.
    return re.sub(r"\(\?P<\w+>([\w.]*)[^)]*\)", r"\1", route).strip("^$").replace(".", "", 1 if ".*" in route else 0)
