"""Django, on the database of the mixed world: imported before anything else of Loyal."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"

import django
from django.conf import settings

WORLD = "mixed"


def start(database: str = WORLD) -> None:
    """Set Django up on that database, made where it does not exist."""
    import psycopg

    own = settings.DATABASES["default"]["NAME"]
    services = settings.EMBEDDED_SERVICES
    assert services is not None, "measurements run on the embedded services"
    services.start()
    with psycopg.connect(services.database_url, autocommit=True) as server:
        if not server.execute("SELECT FROM pg_database WHERE datname = %s", [database]).rowcount:
            server.execute(f"CREATE DATABASE {database}")
    assert own
    settings.DATABASES["default"]["NAME"] = database
    django.setup()
