"""The tests: the same PostgreSQL and Valkey, forgetful and in a state folder of their own, or servers that are given.

Every run, and within it every parallel worker, has its own database, cache keys and queues.
"""

import os
import uuid

from config import embedded
from config.redis_addresses import broker_url, cache_url
from config.settings.base import *  # noqa: F403
from config.settings.base import CELERY_BROKER_TRANSPORT_OPTIONS, MIDDLEWARE, VAR_DIR, env

DEBUG = False
DEMO = False
SECRET_KEY = "for tests only"  # noqa: S105
ADDRESS_KEYS = {1: "for tests only, keys addresses"}
STOP_LINK_SECRET = "for tests only, signs stop links"  # noqa: S105

# A process that a test starts is given its run by the test, so that both meet.
TEST_RUN = os.environ.get("LOYAL_TEST_RUN") or (
    f"{os.environ.get('PYTEST_XDIST_TESTRUNUID', uuid.uuid4().hex)[:8]}-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
)

SITE_URL = env.str("SITE_URL", default="https://loyal.example.test")
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1", "loyal.example.test"]

VAR_DIR = embedded.reachable_folder(VAR_DIR / "test")
MEDIA_ROOT = VAR_DIR / "media" / TEST_RUN
UPLOADS_DIR = VAR_DIR / "uploads" / TEST_RUN

if database_url := env.str("DATABASE_URL", default=""):
    DATABASES = {"default": env.db_url_config(database_url)}
else:
    EMBEDDED_SERVICES = embedded.services(VAR_DIR, durable=False)
    DATABASES = {"default": env.db_url_config(EMBEDDED_SERVICES.database_url, engine="config.embedded.database")}
DATABASES["default"]["NAME"] = env.str("LOYAL_TEST_DATABASE", default=DATABASES["default"]["NAME"])

if redis_url := env.str("REDIS_URL", default=""):
    CACHES = {"default": {"BACKEND": "config.redis_cache.RedisCache", "LOCATION": cache_url(redis_url)}}
    CELERY_BROKER_URL = broker_url(redis_url)
else:
    EMBEDDED_SERVICES = embedded.services(VAR_DIR, durable=False)
    CACHES = {"default": {"BACKEND": "config.embedded.cache.EmbeddedCache", "LOCATION": EMBEDDED_SERVICES.cache_url}}
    CELERY_BROKER_URL = EMBEDDED_SERVICES.broker_url
CACHES["default"]["KEY_PREFIX"] = TEST_RUN
CELERY_BROKER_TRANSPORT_OPTIONS |= {"global_keyprefix": f"{TEST_RUN}:"}

EMAIL_HOST = "localhost"
EMAIL_PORT = env.int("LOYAL_TEST_MAIL_PORT", default=0)

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# The manifest of hashed files exists only after collectstatic.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# No collectstatic before the tests, so no folder for WhiteNoise to read.
MIDDLEWARE = [name for name in MIDDLEWARE if name != "whitenoise.middleware.WhiteNoiseMiddleware"]
