"""How Loyal runs: `local` on embedded services, `production` on the user's own servers, `test` in the tests."""

import os


def choose_settings() -> None:
    """Name the settings module, unless the caller did: production as soon as a DATABASE_URL is given."""
    module = "production" if os.environ.get("DATABASE_URL") else "local"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", f"config.settings.{module}")
