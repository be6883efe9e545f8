"""What Loyal runs on: its servers, its clock, its disk, its secrets, its address."""

import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from redis.exceptions import RedisError

from config.beat import seconds_since_pulse
from config.celery import app
from config.embedded import EmbeddedServiceError
from config.embedded.local_secrets import LOCAL_PREFIX
from config.health import SECONDS_UNTIL_LATE, UNREACHABLE
from staff.checkup.line import Line, amber, green, red

_LEAST_FREE = 1024**3
_SHARE_TO_WATCH = 0.1
_SECONDS_APART = 5
_KEYS_ARE_OLD_AFTER = timedelta(days=365)
_WORKERS_ANSWER_WITHIN = 2.0


def database() -> Iterator[Line]:
    """PostgreSQL answers, and its clock and ours agree: campaigns start by one and are judged by the other."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('server_version'), extract(epoch FROM clock_timestamp())")
            version, clock = cursor.fetchone()
    except UNREACHABLE as error:
        yield red("PostgreSQL", type(error).__name__, _("Look at DATABASE_URL, and whether the server runs."))
        return
    yield green("PostgreSQL", version)
    apart = abs(float(clock) - time.time())
    if apart > _SECONDS_APART:
        yield red(
            _("Clock"),
            _("%(seconds)s seconds apart from PostgreSQL's") % {"seconds": round(apart)},
            _("Let both machines follow a time server (NTP)."),
        )
    else:
        yield green(
            _("Clock"), _("the same as PostgreSQL's; days are those of %(zone)s") % {"zone": settings.TIME_ZONE}
        )


def redis() -> Iterator[Line]:
    try:
        cache.set("checkup", "ok", 10)
        answers = cache.get("checkup") == "ok"
    except (RedisError, EmbeddedServiceError) as error:
        yield red("Redis", type(error).__name__, _("Look at REDIS_URL, and whether the server runs."))
        return
    if answers:
        yield green("Redis", _("it answers"))
    else:
        yield red("Redis", _("it forgets at once"), _("Give it memory, or look at its eviction policy."))


def beat() -> Iterator[Line]:
    """The clock ticks, by which everything that is due is done."""
    try:
        age = seconds_since_pulse()
    except (RedisError, EmbeddedServiceError):
        age = None
    mend = _("Start it: celery -A config beat. One is enough, and more than one is too many.")
    if age is None:
        yield red(_("Beat (the clock)"), _("never seen"), mend)
    elif age > SECONDS_UNTIL_LATE:
        yield red(_("Beat (the clock)"), _last_tick(age), mend)
    else:
        yield green(_("Beat (the clock)"), _last_tick(age))


def _last_tick(age: float) -> str:
    seconds = round(age)
    return ngettext("last tick %(seconds)s second ago", "last tick %(seconds)s seconds ago", seconds) % {
        "seconds": seconds
    }


def workers() -> Iterator[Line]:
    """Workers answer, by which mails leave."""
    try:
        answers = app.control.ping(timeout=_WORKERS_ANSWER_WITHIN)
    except Exception as error:  # each broker's client has errors of its own; whichever, no worker can be asked
        yield red(_("Workers"), type(error).__name__, _("Look at REDIS_URL, and whether the server runs."))
        return
    if answers:
        yield green(_("Workers"), _("%(count)s answer") % {"count": len(answers)})
    else:
        yield red(_("Workers"), _("none answers"), _("Start one: celery -A config worker."))


def disk() -> Iterator[Line]:
    """There is room where state is kept."""
    usage = shutil.disk_usage(settings.VAR_DIR if Path(settings.VAR_DIR).exists() else settings.BASE_DIR)
    seen = _("%(free)s free of %(total)s") % {
        "free": filesizeformat(usage.free),
        "total": filesizeformat(usage.total),
    }
    mend = _("Make room, or give var/ (LOYAL_VAR) another disk.")
    if usage.free < _LEAST_FREE:
        yield red(_("Disk"), seen, mend)
    elif usage.free < usage.total * _SHARE_TO_WATCH:
        yield amber(_("Disk"), seen, mend)
    else:
        yield green(_("Disk"), seen)


def secrets() -> Iterator[Line]:
    """Secrets are those of a real installation, and keys are not old. None is shown."""
    if any(str(secret).startswith(LOCAL_PREFIX) for secret in (settings.SECRET_KEY, *settings.ADDRESS_KEYS.values())):
        yield amber(
            _("Secrets"),
            _("made for this machine alone, in var/"),
            _("Before the public comes: production settings, with secrets of their own. See “Running Loyal”."),
        )
    else:
        yield green(_("Secrets"), _("address key number %(number)s") % {"number": max(settings.ADDRESS_KEYS)})
    for selector, path in settings.DKIM_KEYS.items():
        if not Path(path).exists():
            continue  # the line about DKIM says so
        written = datetime.fromtimestamp(Path(path).stat().st_mtime, tz=UTC)
        seen = _("written on %(day)s") % {"day": written.date().isoformat()}
        title = _("DKIM key %(selector)s") % {"selector": selector}
        if datetime.now(UTC) - written > _KEYS_ARE_OLD_AFTER:
            yield amber(title, seen, _("Make a new one under another selector, publish it, then change DKIM_KEYS."))
        else:
            yield green(title, seen)


def address() -> Iterator[Line]:
    """Links in mails lead to this site."""
    site = urlsplit(settings.SITE_URL)
    if site.hostname not in settings.ALLOWED_HOSTS and not any(
        name.startswith(".") and str(site.hostname).endswith(name) for name in settings.ALLOWED_HOSTS
    ):
        yield red(_("Site address"), settings.SITE_URL, _("ALLOWED_HOSTS must hold the host of SITE_URL."))
    elif site.hostname in ("localhost", "127.0.0.1", "::1"):
        yield amber(_("Site address"), settings.SITE_URL, _("Nobody else can follow it: set SITE_URL."))
    elif site.scheme != "https":
        yield amber(
            _("Site address"), settings.SITE_URL, _("Serve it over https, which one-click stops need (RFC 8058).")
        )
    else:
        yield green(_("Site address"), settings.SITE_URL)
