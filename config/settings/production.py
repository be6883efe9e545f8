"""One's own servers: addresses and secrets come from the environment; one missing or weak stops the start."""

import ssl
from urllib.parse import urlsplit

from config.logs import logging_settings
from config.redis_addresses import broker_url, cache_url
from config.settings.base import *  # noqa: F403
from config.settings.base import env
from config.settings.demands import Demands, derived_secret

DEBUG = False
DEMO = False

_demands = Demands(env)
DATABASE_URL = _demands.address("DATABASE_URL", "postgres", "postgresql")
REDIS_URL = _demands.address("REDIS_URL", "redis", "rediss", "unix")
EMAIL_URL = _demands.address("EMAIL_URL", "smtp", "smtps", "smtp+tls", "smtp+ssl")
SITE_URL = _demands.address("SITE_URL", "https", "http").rstrip("/")
ALLOWED_HOSTS = _demands.hosts("ALLOWED_HOSTS", site=SITE_URL)
SECRET_KEY = _demands.secret("SECRET_KEY")
_ADDRESS_KEY_SECRET = _demands.secret("ADDRESS_KEY_SECRET")
_STOP_LINK_SECRET = _demands.secret("STOP_LINK_SECRET", optional=True)
# Address keys made under an earlier secret are still read: "1=…,2=…", beside ADDRESS_KEY_ID of the present one.
_EARLIER_SECRETS = _demands.numbered_secrets("EARLIER_ADDRESS_KEY_SECRETS")
_demands.enforce()

ADDRESS_KEYS = _EARLIER_SECRETS | {env.int("ADDRESS_KEY_ID", default=1): _ADDRESS_KEY_SECRET}
# Derived from the first address key secret, which is never dropped: stop links in mails already sent work for ever.
# Never from SECRET_KEY, which one may have to change.
STOP_LINK_SECRET = _STOP_LINK_SECRET or derived_secret(ADDRESS_KEYS[min(ADDRESS_KEYS)], "stop links")

# One connection for each web thread and worker process, kept and checked before reuse. A pool would save none, since
# threads and processes are already bounded, and would not survive Celery's forks.
DATABASES = {"default": {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True} | env.db_url_config(DATABASE_URL)}

# The cache may be evicted, the broker may not: give the cache a server of its own with CACHE_URL where it grows.
CACHES = {
    "default": {
        "BACKEND": "config.redis_cache.RedisCache",
        "LOCATION": env.str("CACHE_URL", default=cache_url(REDIS_URL)),
    }
}
CELERY_BROKER_URL = broker_url(REDIS_URL)
if REDIS_URL.startswith("rediss:"):
    CELERY_BROKER_USE_SSL = {"ssl_cert_reqs": ssl.CERT_REQUIRED}

vars().update(env.email_url_config(EMAIL_URL))
EMAIL_PORT = urlsplit(EMAIL_URL).port or {"smtp": 25, "smtp+ssl": 465}.get(urlsplit(EMAIL_URL).scheme, 587)
EMAIL_TIMEOUT = 30

# Where the site is served over https, and only there, nothing goes in clear.
_HTTPS = SITE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _HTTPS
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=365 * 24 * 3600) if _HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = env.bool("HSTS_ALL_SUBDOMAINS", default=False)
SECURE_SSL_REDIRECT = _HTTPS
# Believed only where the operator says that a proxy sets it, and strips what a visitor sent: "X-Forwarded-Proto".
if _proto_header := env.str("PROXY_PROTO_HEADER", default=""):
    SECURE_PROXY_SSL_HEADER = (f"HTTP_{_proto_header.upper().replace('-', '_')}", "https")

LOGGING = logging_settings(json=True, level=env.str("LOG_LEVEL", default="INFO"))

# Both are the operator's choice for a whole domain, which Loyal cannot make; see docs/running.md.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
