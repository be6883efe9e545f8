"""How Loyal runs: `local` on embedded services, `production` on the user's own servers, `test` in the tests."""

import os

from django.core.exceptions import ImproperlyConfigured

# Any of these says that the installation is not a newcomer's: production settings then ask for the others too.
_PRODUCTION = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "ADDRESS_KEY_SECRET")


class SettingsRefused(ImproperlyConfigured):
    """The environment does not hold what production needs; the message is for a person and needs no traceback."""


def choose_settings() -> None:
    """Name the settings module, unless the caller did: production where the environment gives servers or secrets."""
    module = "production" if any(os.environ.get(name) for name in _PRODUCTION) else "local"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", f"config.settings.{module}")
