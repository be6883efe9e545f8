"""Django, on the database of the mixed world: imported before anything else of Loyal."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"

import django
import psycopg
from django.conf import settings

WORLD = "mixed"
COPY = "mixed_copy"


def start() -> None:
    """Set Django up on the database of the world, made where it does not exist."""
    assert settings.EMBEDDED_SERVICES is not None, "measurements run on the embedded services"
    settings.EMBEDDED_SERVICES.start()
    with psycopg.connect(settings.EMBEDDED_SERVICES.database_url, autocommit=True) as server:
        if not server.execute("SELECT FROM pg_database WHERE datname = %s", [WORLD]).rowcount:
            server.execute(f"CREATE DATABASE {WORLD}")
    settings.DATABASES["default"]["NAME"] = WORLD
    django.setup()


def start_anew() -> None:
    """Throw away what there is of the world."""
    from django.db import connection

    connection.close()
    _server_does(f"DROP DATABASE {WORLD}", f"CREATE DATABASE {WORLD}")


@contextmanager
def a_copy() -> Iterator[None]:
    """Work on a copy of the world, which is thrown away."""
    from django.db import connection

    connection.close()
    _server_does(f"DROP DATABASE IF EXISTS {COPY}", f"CREATE DATABASE {COPY} TEMPLATE {WORLD} STRATEGY FILE_COPY")
    connection.settings_dict["NAME"] = COPY
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = WORLD
        _server_does(f"DROP DATABASE {COPY}")


def _server_does(*statements: str) -> None:
    assert settings.EMBEDDED_SERVICES is not None
    with psycopg.connect(settings.EMBEDDED_SERVICES.database_url, autocommit=True) as server:
        for statement in statements:
            server.execute(statement)
