"""A developer's or a newcomer's machine: embedded PostgreSQL and Valkey, a local mail catcher, secrets made once in var/."""

from config import embedded
from config.settings.base import *  # noqa: F403
from config.settings.base import VAR_DIR, env

DEBUG = env.bool("DEBUG", default=False)
DEMO = True
_services = embedded.services(VAR_DIR)
_secrets = embedded.local_secrets(VAR_DIR)

SECRET_KEY = _secrets["SECRET_KEY"]
ADDRESS_KEYS = {1: _secrets["ADDRESS_KEY_SECRET"]}
STOP_LINK_SECRET = _secrets["STOP_LINK_SECRET"]

SITE_URL = env.str("SITE_URL", default=f"http://localhost:{env.int('PORT', default=8000)}")
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]

DATABASES = {"default": env.db_url_config(_services.database_url)}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": _services.cache_url}}
CELERY_BROKER_URL = _services.broker_url

vars().update(env.email_url_config(env.str("EMAIL_URL", default=f"smtp://localhost:{embedded.mail_port()}")))
