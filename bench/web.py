"""How fast Loyal's pages are with a million contacts behind them, and the public form under `wrk` on two cores.

The public form, with every protection on, is measured beside a plain Django project, a bare WSGI application and
django-newsletter, in turn and in the same run. BENCH_SECONDS changes how long each is under load.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from functools import partial
from statistics import quantiles
from urllib.parse import urlencode

os.environ["CAPTCHA_WORK"] = "1"  # solved beforehand, as by visitors' browsers, which this measures nothing of
os.environ["CAPTCHA_SECONDS"] = str(24 * 3600)

from django.conf import settings

from bench import mixed
from bench.load import ROOT, Answered, load, secret, served, times

settings.SECRET_KEY = secret("SECRET_KEY")  # what is sent is signed as the server that is measured reads it
mixed.start()

import psycopg
from altcha import Challenge, Payload, solve_challenge
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.utils import timezone, translation

from bench import mixed_world
from bench.measures import Measure, report
from campaigns.models import Campaign
from config.embedded import Services
from consent.boxes import boxes_shown
from consent.models import Box, Notice, Purpose, SignupForm
from prospects import stamps
from prospects.forms import shown_by
from prospects.models import PendingSignup, Prospect
from prospects.proof_of_work import challenge

ROUNDS = 3
SECONDS = int(os.environ.get("BENCH_SECONDS", "8"))
MOST_A_SECOND = 1200
CONNECTIONS = 8
PORT = 8790
TOKEN = "c" * 32  # of Django's protection against forged requests: sent along, as a browser does
ANSWERS_WITHIN = 200


def main() -> None:
    mixed_world.make()
    sockets = str(_services().places.sockets)
    _run(sys.executable, "-m", "django", "collectstatic", "--noinput", settings="bench.web_settings", sockets=sockets)
    with mixed.a_copy(), ExitStack() as servers:
        form, session, pages = _signup_form(), _session(), _pages()
        ours = servers.enter_context(
            served(
                "config.wsgi:application",
                port=PORT,
                DJANGO_SETTINGS_MODULE="bench.web_settings",
                BENCH_DATABASE=mixed.COPY,
            )
        )
        _make_plain(sockets)
        plain = servers.enter_context(served("bench.plain.wsgi:application", port=PORT + 1, BENCH_SOCKETS=sockets))
        bare = servers.enter_context(served("bench.plain.bare:application", port=PORT + 2, BENCH_SOCKETS=sockets))
        newsletter = servers.enter_context(_newsletter(sockets))
        report("web", [*_staff_pages(ours, session, pages), *_public_form(form, ours, plain, bare, newsletter)])


def _staff_pages(ours: str, session: str, pages: dict[str, str]) -> list[Measure]:
    """Time the pages of those who work with Loyal, one person asking."""
    measures = []
    for name, path in pages.items():
        measure = Measure(name, "ms, 95th percentile", goal=ANSWERS_WITHIN, at_most=True)
        ask = partial(times, f"{ours}{path}", cookie=session)
        ask(seconds=0)
        measure.ours += [quantiles(ask(seconds=SECONDS / 2), n=20)[-1] for _round in range(ROUNDS)]
        measures.append(measure)
    return measures


def _public_form(form: SignupForm, ours: str, plain: str, bare: str, newsletter: str | None) -> list[Measure]:
    """Lay the same load on the public form and on what it is measured beside, in turn."""
    each, slowest = "requests/s", "ms, 95th percentile"
    shown = Measure("signup GET", each, "plain view of a crispy form", goal=3)
    shown_in = Measure("signup GET, each", slowest, goal=ANSWERS_WITHIN, at_most=True)
    sent = Measure("signup POST", each, "plain ModelForm, two rows", goal=0.8)
    beside_newsletter = Measure("signup POST", each, "django-newsletter", goal=3)
    beside_bare = Measure("signup POST", each, "bare WSGI, one INSERT")
    sent_in = Measure("signup POST, each", slowest, goal=ANSWERS_WITHIN, at_most=True)
    page, cookie = f"{ours}/s/{form.slug}/", f"csrftoken={TOKEN}"
    for measured in range(-1, ROUNDS):  # the round before the first warms up, and does not count
        seconds = SECONDS if measured >= 0 else 2
        get = partial(load, seconds=seconds, connections=CONNECTIONS)
        post = partial(load, seconds=seconds, connections=CONNECTIONS, cookie=cookie)
        count = seconds * MOST_A_SECOND
        rounds = {
            "show": get(page),
            "plain show": get(f"{plain}/show/"),
            "send": _all_recorded(partial(post, page, bodies=_signups(form, count))),
            "plain send": post(f"{plain}/write/", bodies=_plain_bodies(count)),
            "bare send": post(f"{bare}/", bodies=_plain_bodies(5 * count)),
        }
        if newsletter:
            bodies = _newsletter_bodies(count)
            rounds["newsletter"] = post(f"{newsletter}/newsletter/lettre/subscribe/", bodies=bodies)
        if measured < 0:
            continue
        for measure, mine, other in (
            (shown, "show", "plain show"),
            (sent, "send", "plain send"),
            (beside_newsletter, "send", "newsletter"),
            (beside_bare, "send", "bare send"),
        ):
            measure.ours.append(rounds[mine].per_second)
            measure.reference += [rounds[other].per_second] if other in rounds else []
        shown_in.ours.append(rounds["show"].p95)
        sent_in.ours.append(rounds["send"].p95)
    return [shown, shown_in, sent, beside_newsletter, beside_bare, sent_in]


def _all_recorded(post: Callable[[], Answered]) -> Answered:
    """Refuse a measurement in which an answer came without its row, with its confirmation mail due."""
    before = PendingSignup.objects.count()
    answered = post()
    recorded = PendingSignup.objects.filter(status=PendingSignup.Status.MAIL_DUE).count() - before
    assert answered.requests <= recorded <= answered.requests + CONNECTIONS, (answered, recorded)
    return answered


def _signup_form() -> SignupForm:
    """A form with names, e-mail and phone, one box for each."""
    notice = Notice.objects.create(
        code="bench",
        information_fr="Qui, pourquoi, combien de temps.\n\nVos droits, comment arrêter.",
        information_en="Who, why, how long.\n\nYour rights, how to stop.",
    )
    newsletter = Purpose.objects.get(slug="newsletter")
    for channel in ("email", "sms"):
        label = f"J’accepte de recevoir la lettre ({channel})."
        Box.objects.create(notice=notice, purpose=newsletter, channel=channel, label_fr=label, label_en=label)
    notice.publish(at=timezone.now())
    return SignupForm.objects.create(
        slug="bench", title_fr="Notre lettre", title_en="Our letter", notice=notice, asks_name=True, asks_phone=True
    )


def _signups(form: SignupForm, count: int) -> list[str]:
    """What so many visitors send who opened the page ten seconds ago and whose browsers solved their challenges."""
    with translation.override("fr"):
        boxes = boxes_shown(form.notice, at=timezone.now())
        shown = shown_by(form, boxes)
    opened = timezone.now() - timedelta(seconds=10)
    return [
        urlencode(
            {
                "first_name": "Camille",
                "last_name": "Exemple",
                "email": address,
                f"box_{boxes[0].pk}": "on",
                "stamp": stamps.issue(shown, at=opened),
                "proof": _solved(),
            }
        )
        for address in _addresses(count)
    ]


def _solved() -> str:
    asked = Challenge.from_dict(challenge())
    solution = solve_challenge(asked)
    assert solution is not None
    return Payload(asked, solution).to_base64()


def _plain_bodies(count: int) -> list[str]:
    common = {"first_name": "Camille", "last_name": "Exemple", "newsletter": "on", "csrfmiddlewaretoken": TOKEN}
    return [urlencode(common | {"email": address}) for address in _addresses(count)]


def _newsletter_bodies(count: int) -> list[str]:
    common = {"name_field": "Camille Exemple", "csrfmiddlewaretoken": TOKEN}
    return [urlencode(common | {"email_field": address}) for address in _addresses(count)]


def _addresses(count: int) -> Iterator[str]:
    """Addresses that nobody sent before."""
    drawn = time.time_ns()
    return (f"visitor-{drawn}-{number}@example.test" for number in range(count))


def _session() -> str:
    """The cookie of an administrator who is signed in."""
    user, _new = User.objects.get_or_create(username="bench", is_staff=True, is_superuser=True)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return f"sessionid={session.session_key}"


def _pages() -> dict[str, str]:
    campaign = Campaign.objects.create(
        name="bench", subject="Nouveautés", body="Bonjour", purpose=Purpose.objects.get(slug="newsletter")
    )
    person = Prospect.objects.filter(purchases__isnull=False, interactions__isnull=False).earliest("pk")
    return {
        "home": "/campaigns/",
        "audience preview": f"/campaigns/{campaign.pk}/audience/",
        "admin list": "/admin/prospects/prospect/",
        "admin search": "/admin/prospects/prospect/?q=Exemple-12345",
        "person page": f"/admin/prospects/prospect/{person.pk}/change/",
    }


def _make_plain(sockets: str) -> None:
    """Make the tables of what the public form is measured beside."""
    _database("plain", "CREATE TABLE bare_contact (id bigserial PRIMARY KEY, email text NOT NULL UNIQUE)")
    _run(sys.executable, "-m", "django", "migrate", "--run-syncdb", settings="bench.plain.settings", sockets=sockets)


@contextmanager
def _newsletter(sockets: str) -> Iterator[str | None]:
    """Serve django-newsletter from an environment of its own, made once; without it, say so and go on."""
    python = ROOT / "var" / "bench" / "newsletter-venv" / "bin" / "python"
    packages = ["Django<5.3", "django-newsletter", "sorl-thumbnail", "psycopg[binary]", "granian"]
    try:
        if not python.exists():
            subprocess.run([sys.executable, "-m", "venv", python.parents[1]], check=True)
            subprocess.run([python, "-m", "pip", "install", "-q", *packages], check=True)
    except subprocess.CalledProcessError as error:
        print(f"django-newsletter is left out: {error}")
        shutil.rmtree(python.parents[1], ignore_errors=True)
        yield None
        return
    _database("newsletter")
    _run(str(python), "-m", "bench.plain.newsletter", settings="bench.plain.newsletter", sockets=sockets)
    application = "bench.plain.newsletter_wsgi:application"
    with served(application, port=PORT + 3, python=python, BENCH_SOCKETS=sockets) as address:
        yield address


def _database(name: str, *statements: str) -> None:
    with psycopg.connect(_services().database_url, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name}")
        server.execute(f"CREATE DATABASE {name}")
    with psycopg.connect(_services().database_url.replace("@/loyal?", f"@/{name}?"), autocommit=True) as made:
        for statement in statements:
            made.execute(statement)


def _run(*command: str, settings: str, sockets: str) -> None:
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": settings, "BENCH_SOCKETS": sockets}
    subprocess.run(command, check=True, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)


def _services() -> Services:
    assert settings.EMBEDDED_SERVICES is not None
    return settings.EMBEDDED_SERVICES


if __name__ == "__main__":
    main()
    connection.close()
