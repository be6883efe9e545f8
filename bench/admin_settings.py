"""The measurement of the admin: a state folder of its own, and Django's stock admin beside Loyal's."""

import os
from pathlib import Path

os.environ.setdefault("LOYAL_VAR", str(Path(__file__).resolve().parents[1] / "var" / "bench-admin"))

from config.settings.local import *  # noqa: F403

ROOT_URLCONF = "bench.admin_urls"
ALLOWED_HOSTS = ["testserver"]
# The manifest of hashed files exists only after collectstatic.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
