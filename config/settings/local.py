"""A developer's or newcomer's machine: embedded PostgreSQL and Valkey, a mail catcher, secrets made once in var/."""

from config import embedded
from config.settings.base import *  # noqa: F403
from config.settings.base import STORAGES, VAR_DIR, env

DEBUG = env.bool("DEBUG", default=False)
DEMO = True
_secrets = embedded.local_secrets(VAR_DIR)

SECRET_KEY = _secrets["SECRET_KEY"]
ADDRESS_KEYS = {1: _secrets["ADDRESS_KEY_SECRET"]}
STOP_LINK_SECRET = _secrets["STOP_LINK_SECRET"]

SITE_URL = env.str("SITE_URL", default=f"http://localhost:{embedded.web_port()}")
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]

# Started by whoever first connects: see config/embedded.
EMBEDDED_SERVICES = embedded.services(VAR_DIR)
DATABASES = {"default": env.db_url_config(EMBEDDED_SERVICES.database_url, engine="config.embedded.database")}
DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
CACHES = {"default": {"BACKEND": "config.embedded.cache.EmbeddedCache", "LOCATION": EMBEDDED_SERVICES.cache_url}}
# The files as they are, straight from static/: no collectstatic before the first start.
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = True
CELERY_BROKER_URL = EMBEDDED_SERVICES.broker_url

vars().update(env.email_url_config(env.str("EMAIL_URL", default=f"smtp://localhost:{embedded.mail_port()}")))
