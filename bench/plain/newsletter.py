"""django-newsletter's subscribe page, as its documentation sets it up, in an environment of its own."""

import os
from typing import Any

DEBUG = False
SECRET_KEY = "a plain project that signs nothing worth forging"
ALLOWED_HOSTS = ["127.0.0.1"]
SITE_ID = 1
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sites",
    "sorl.thumbnail",
    "newsletter",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "bench.plain.newsletter_urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": os.environ.get("BENCH_SOCKETS", ""),
        "USER": "loyal",
        "NAME": "newsletter",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
NEWSLETTER_THUMBNAIL = "sorl-thumbnail"
NEWSLETTER_USE_HTTPS = False
# It sends its confirmation mail while the visitor waits. A mail server that costs nothing is to its advantage.
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
USE_TZ = True


def make() -> None:
    """Make its tables and one newsletter that anybody may subscribe to."""
    import django
    from django.apps import apps
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    newsletter: Any = apps.all_models["newsletter"]["newsletter"]
    lettre = newsletter.objects.create(slug="lettre", title="Lettre", email="lettre@example.test", sender="Maison")
    lettre.site.set([1])


if __name__ == "__main__":
    make()
