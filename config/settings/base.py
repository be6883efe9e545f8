"""Settings shared by every way of running Loyal."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from config.embedded import Services
from config.logs import logging_settings
from config.settings import SettingsRefused
from consent.law.words import Rulebook

BASE_DIR = Path(__file__).resolve().parents[2]
env = environ.Env()

# State that must survive a restart lives here, and nowhere else.
VAR_DIR = Path(env.str("LOYAL_VAR", default=str(BASE_DIR / "var"))).resolve()

INSTALLED_APPS = [
    "config.apps.LoyalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "django_celery_beat",
    "csp",
    "consent",
    "prospects",
    "campaigns",
    "staff",
    "ninja",
    "api",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

# The PostgreSQL and Valkey that come with Loyal; none where the installation brings its own.
EMBEDDED_SERVICES: Services | None = None

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "csp.context_processors.nonce",
                "consent.context.organisation",
                "prospects.framing.frame",
            ],
        },
    }
]

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
# An invitation, or the link to a new password, is good for three days and one use.
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "start"
LOGOUT_REDIRECT_URL = "home"

# For visitors whose browser asks for neither French nor English.
LANGUAGE_CODE = env.str("DEFAULT_LANGUAGE", default="").strip() or "fr"
if LANGUAGE_CODE not in ("fr", "en"):
    raise SettingsRefused(f"Loyal does not start: DEFAULT_LANGUAGE is “{LANGUAGE_CODE}” and must be fr or en")
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = ["config.formats"]

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = VAR_DIR / "media"
# Imported files, for 30 days; web and worker processes on several machines need a folder that they share.
UPLOADS_DIR = Path(env.str("UPLOADS_DIR", default=str(VAR_DIR / "uploads")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
# RFC 8058: a one-click stop is answered where it arrives, never redirected. Probes speak plain HTTP from inside.
SECURE_REDIRECT_EXEMPT = [r"^u/", r"^livez$", r"^readyz$"]
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CSRF_COOKIE_SAMESITE = SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True

# Celery: results are not kept, a task lost with its worker comes back, schedules are read in Paris time.
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULER = "config.beat:PulsingScheduler"
CELERY_TIMEZONE = "Europe/Paris"
# A task unacknowledged for so long is given to another worker: longer than any task's turn.
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
    "visibility_timeout": 15 * 60,
    "socket_keepalive": True,
    "socket_connect_timeout": 2,
}
# A task is a nudge, which the next tick makes up for: no visitor waits long for a broker that is away.
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0.1, "interval_max": 0.1}

# Celery leaves the logs to LOGGING.
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS = False

LOGGING = logging_settings(json=False, level=env.str("LOG_LEVEL", default="INFO"))

# ---- What an installation may set, beside its addresses and secrets ----

# The rulebook that decides: "law" (in force) or "article" (the founding article as written).
PROSPECTING_RULEBOOK = env.str("PROSPECTING_RULEBOOK", default="").strip() or Rulebook.LAW.value
if PROSPECTING_RULEBOOK not in list(Rulebook):
    raise SettingsRefused(
        f"Loyal does not start: PROSPECTING_RULEBOOK is “{PROSPECTING_RULEBOOK}” and must be {' or '.join(Rulebook)}"
    )

# Proxies whose X-Forwarded-For is believed, as networks: "10.0.0.0/8,192.0.2.7".
TRUSTED_PROXIES: list[str] = env.list("TRUSTED_PROXIES", default=[])

# Proofs of consent are erased once no permission has been in force for so long (C. civ. art. 2224).
PROOF_RETENTION_YEARS = env.int("PROOF_RETENTION_YEARS", default=5)
# A pending signup waits this long for the button in its confirmation mail.
PENDING_SIGNUP_DAYS = 7
# A mailed link by which somebody shows that a request about their data is theirs is good for this long, once.
RIGHTS_LINK_HOURS = 24
# The link to the file of somebody's data is good for this long. The file is made as it is taken, and kept nowhere.
RIGHTS_FILE_HOURS = 72
# A request about somebody's data stays in its register, naming nobody, for so long once answered (C. civ. art. 2224).
REQUEST_RETENTION_YEARS = env.int("REQUEST_RETENTION_YEARS", default=5)
# A link that shows personal data or turns something on is good for this long.
FRESH_LINK_SECONDS = 60 * 60

# A campaign that could not start within this long of its time waits for a person to decide.
CAMPAIGN_LATENESS_HOURS: int = env.int("CAMPAIGN_LATENESS_HOURS", default=6)

# Of an audience narrowed by filters, counts are rounded down to this many, and fewer are not told apart: nobody can be
# singled out (docs/decisions/0023-narrow-audiences.md).
AUDIENCE_SMALLEST_COUNT: int = max(2, env.int("AUDIENCE_SMALLEST_COUNT", default=10))

# Servers that campaigns leave by, beside one another: "smtp+tls://user:password@host:587?weight=2&connections=8&
# per_second=50&renew_after=1000". Without any, the one of EMAIL_URL.
OUTGOING_SERVERS: list[str] = env.list("OUTGOING_SERVERS", default=[])
# Private keys that sign campaigns (DKIM), by the selector under which the sender's domain publishes them:
# "november=/etc/loyal/rsa.pem,december=/etc/loyal/ed25519.pem". Or say that the outgoing server signs.
DKIM_KEYS: dict[str, str] = env.dict("DKIM_KEYS", default={})
DKIM_SIGNED_BY_SERVER: bool = env.bool("DKIM_SIGNED_BY_SERVER", default=False)
# Where reports of failure go: the local part is followed by + and the message's own name. Without it, to the sender.
RETURN_PATH: str = env.str("RETURN_PATH", default="")
# The mailbox in which they, complaints and replies arrive, if Loyal is to poll it: imaps://user:password@host/INBOX.
RETURNS_IMAP_URL: str = env.str("RETURNS_IMAP_URL", default="")
# The address to which List-Unsubscribe also offers to write, if mail to it reaches `manage.py receive_mail`.
STOP_ADDRESS: str = env.str("STOP_ADDRESS", default="")
# Providers that tell by webhook what came back, with the key or the user:password by which they prove who they are:
# "mailgun=…,postal=…,sendgrid=…,brevo=user:password". They call /returns/mailgun/ and so on.
PROVIDER_WEBHOOKS: dict[str, str] = env.dict("PROVIDER_WEBHOOKS", default={})
# Mails a second to one recipients' domain, over all workers: "gmail.com=20,orange.fr=5,*=50"; "*" is for any other.
SENDING_PER_DOMAIN: dict[str, str] = env.dict("SENDING_PER_DOMAIN", default={})
# Mails a second that are expected where no limit says less, to foretell when a campaign ends.
SENDING_EXPECTED_PER_SECOND: float = env.float("SENDING_EXPECTED_PER_SECOND", default=50)
# How many workers may send at once, over all machines; the others stay free for the rest.
SENDING_WORKERS: int = env.int("SENDING_WORKERS", default=2)
# A worker gives its place to other tasks after this long, and queues up again.
SENDING_TURN_SECONDS = 5
# What a worker claimed and did not settle for this long has an unknown end. Longer than any answer is waited for.
SENDING_LEASE_SECONDS: int = env.int("SENDING_LEASE_SECONDS", default=30 * 60)
# A worker that is killed leaves at most this many messages unknown for each of its connections.
SENDING_UNKNOWN_PER_CONNECTION: int = env.int("SENDING_UNKNOWN_PER_CONNECTION", default=100)
# A campaign stops by itself where more than this share of its mails fails, or of its readers complains.
SENDING_FAILURES_STOP: float = env.float("SENDING_FAILURES_STOP", default=0.05)
SENDING_COMPLAINTS_STOP: float = env.float("SENDING_COMPLAINTS_STOP", default=0.003)
# How long a server may take to be reached, to answer a command, and to answer a whole mail.
SENDING_CONNECT_SECONDS: int = env.int("SENDING_CONNECT_SECONDS", default=15)
SENDING_REPLY_SECONDS: int = env.int("SENDING_REPLY_SECONDS", default=60)
SENDING_BODY_SECONDS: int = env.int("SENDING_BODY_SECONDS", default=2 * 60)

# The SMS gateway: Kannel's sendsms, "http://user:password@127.0.0.1:13013/cgi-bin/sendsms". Without it, no SMS.
SMS_GATEWAY: str = env.str("SMS_GATEWAY", default="")
# Or any provider with an HTTP interface, described in a file (docs/running.md): for SMS in Kannel's place, and for MMS.
SMS_PROVIDER: str = env.str("SMS_PROVIDER", default="")
MMS_PROVIDER: str = env.str("MMS_PROVIDER", default="")
# Under which name or short number texts arrive, and the short number to which STOP is answered.
SMS_SENDER: str = env.str("SMS_SENDER", default="")
SMS_STOP_NUMBER: str = env.str("SMS_STOP_NUMBER", default="")
# Euros for one part of an SMS, shown before scheduling.
SMS_COST: Decimal = Decimal(env.str("SMS_COST", default="0") or "0")
SMS_PER_SECOND: float = env.float("SMS_PER_SECOND", default=10)
# How many requests may be under way at once, and how long each may take.
SMS_CONNECTIONS: int = env.int("SMS_CONNECTIONS", default=4)
SMS_REPLY_SECONDS: int = env.int("SMS_REPLY_SECONDS", default=30)
# Where the gateway reaches us, where that is not SITE_URL; and the secret in the address at which it hands over texts.
SMS_CALLBACK_URL: str = env.str("SMS_CALLBACK_URL", default="").rstrip("/")
SMS_INCOMING_SECRET: str = env.str("SMS_INCOMING_SECRET", default="")

# The captcha: how many numbers a browser tries at most, half of them at least (a phone needs about a second for 1000),
# and for how long what it found is good.
CAPTCHA_WORK: int = env.int("CAPTCHA_WORK", default=1000)
CAPTCHA_SECONDS: int = env.int("CAPTCHA_SECONDS", default=20 * 60)

# For how long a mail of a campaign can be read in the browser, by the link in it.
VIEW_IN_BROWSER_DAYS: int = env.int("VIEW_IN_BROWSER_DAYS", default=90)

# The DNS server that the check page asks, "192.0.2.53" or "192.0.2.53:5353"; the machine's own without it.
DNS_RESOLVER: str = env.str("DNS_RESOLVER", default="")

# Webhooks go to public addresses alone, unless the programs that are told live in our own network.
WEBHOOKS_TO_PRIVATE_ADDRESSES = env.bool("WEBHOOKS_TO_PRIVATE_ADDRESSES", default=False)
# A file of certificates of our own authority; empty for the public ones.
WEBHOOK_AUTHORITIES = env.str("WEBHOOK_AUTHORITIES", default="")

# How often one client, an IPv4 address or an IPv6 /64, may ask in an hour. What stops messages is never limited.
HOURLY_LIMITS = {
    "signup": env.int("SIGNUPS_PER_HOUR", default=30),
    # Of those, how many without the work of the captcha: browsers that run no script.
    "unproven_signup": env.int("UNPROVEN_SIGNUPS_PER_HOUR", default=10),
    "carried_form": env.int("CARRIED_FORMS_PER_HOUR", default=60),
    "challenge": env.int("CHALLENGES_PER_HOUR", default=300),
    # Passwords that are wrong; those that are right are not counted.
    "failed_sign_in": env.int("FAILED_SIGN_INS_PER_HOUR", default=30),
    # What is sent from a writing page whose session had ended.
    "kept_writing": 30,
    "password_link": env.int("PASSWORD_LINKS_PER_HOUR", default=10),
    "address_change": env.int("ADDRESS_CHANGES_PER_HOUR", default=3),
    "fresh_link": env.int("FRESH_LINKS_PER_HOUR", default=5),
    # Requests about one's data that send a mail; and files of it, for each request.
    "rights_request": env.int("RIGHTS_REQUESTS_PER_HOUR", default=5),
    "rights_file": env.int("RIGHTS_FILES_PER_HOUR", default=10),
    "personal_page": env.int("PERSONAL_PAGES_PER_HOUR", default=120),
}
