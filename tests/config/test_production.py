"""Production settings: every missing or weak value is refused by name, and what goes out goes out safely."""

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from config import embedded


def good() -> dict[str, str]:
    return {
        "DATABASE_URL": "postgresql://loyal:word@db.example.test/loyal",
        "REDIS_URL": "redis://redis.example.test:6379/0",
        "EMAIL_URL": "smtp+tls://loyal:word@mail.example.test",
        "SITE_URL": "https://loyal.example.test",
        "ALLOWED_HOSTS": "loyal.example.test",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "ADDRESS_KEY_SECRET": secrets.token_urlsafe(48),
    }


def python(code: str, environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    inherited = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    command = [sys.executable, "-c", f"import django; django.setup()\nfrom django.conf import settings\n{code}"]
    environment = inherited | environment | {"DJANGO_SETTINGS_MODULE": "config.settings.production"}
    return subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True)


def manage(*command: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    inherited = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    command = (sys.executable, "manage.py", *command)
    return subprocess.run(command, cwd=settings.BASE_DIR, env=inherited | environment, capture_output=True, text=True)


@pytest.mark.parametrize("name", sorted(good()))
def test_it_does_not_start_without(name: str) -> None:
    environment = good()
    del environment[name]
    refused = manage("check", **environment)
    assert refused.returncode != 0
    wrongs = [line for line in refused.stderr.splitlines() if line.startswith("- ")]
    assert len(wrongs) == 1
    assert wrongs[0].startswith(f"- {name} is missing")
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize("name", ["SECRET_KEY", "ADDRESS_KEY_SECRET", "STOP_LINK_SECRET"])
@pytest.mark.parametrize(
    ("weak", "why"),
    [
        ("short", "too short"),
        ("django-insecure-" + "x1y2z3" * 10, "demo secret"),
        ("abcabcabc" * 8, "easily guessed"),
        ("local-only-" + "x1y2z3w4v5u6" * 5, "local installation"),
    ],
)
def test_it_does_not_start_with_a_weak_secret(name: str, weak: str, why: str) -> None:
    refused = manage("check", **good() | {name: weak})
    assert f"- {name} " in refused.stderr
    assert why in refused.stderr


def test_the_secrets_of_a_local_installation_are_refused(tmp_path: Path) -> None:
    local = embedded.local_secrets(tmp_path / "var")
    refused = manage("check", **good() | local)
    assert refused.stderr.count("comes from a local installation") == 3


def test_one_secret_for_two_uses_is_refused() -> None:
    secret = secrets.token_urlsafe(48)
    refused = manage("check", **good() | {"SECRET_KEY": secret, "ADDRESS_KEY_SECRET": secret})
    assert "ADDRESS_KEY_SECRET is the same as SECRET_KEY" in refused.stderr


def test_everything_wrong_is_said_at_once() -> None:
    refused = manage("check", REDIS_URL="http://redis.example.test", ALLOWED_HOSTS="*")
    said = [line[2:].split()[0] for line in refused.stderr.splitlines() if line.startswith("- ")]
    assert said == sorted(good(), key=said.index)


@pytest.mark.parametrize("given", ["DATABASE_URL", "REDIS_URL", "SECRET_KEY", "ADDRESS_KEY_SECRET"])
def test_one_forgotten_address_never_falls_back_to_the_demonstration(given: str) -> None:
    refused = manage("check", **{given: good()[given]})
    assert "Loyal does not start in production" in refused.stderr


@pytest.mark.parametrize("command", ["check", "rulebook"])
def test_a_rulebook_that_does_not_exist_stops_the_start_in_words(command: str) -> None:
    refused = manage(command, **good() | {"PROSPECTING_RULEBOOK": "bible"})
    assert refused.returncode == 1
    assert refused.stderr.strip() == (
        "Loyal does not start: PROSPECTING_RULEBOOK is “bible” and must be law or article"
    )


def test_the_rulebook_is_that_of_the_environment_and_the_law_where_it_says_nothing() -> None:
    show = "print(settings.PROSPECTING_RULEBOOK)"
    assert python(show, good() | {"PROSPECTING_RULEBOOK": "article"}).stdout.strip() == "article"
    assert python(show, good() | {"PROSPECTING_RULEBOOK": ""}).stdout.strip() == "law"


def test_hosts_must_hold_the_sites_own() -> None:
    refused = manage("check", **good() | {"ALLOWED_HOSTS": "other.example.test"})
    assert "ALLOWED_HOSTS must hold loyal.example.test" in refused.stderr


def test_djangos_own_deployment_checks_pass() -> None:
    checked = manage("check", "--deploy", "--fail-level", "WARNING", **good(), DKIM_SIGNED_BY_SERVER="true")
    assert checked.returncode == 0, checked.stderr


def test_the_stop_link_secret_follows_from_the_first_address_key_secret_and_never_from_secret_key() -> None:
    show = "print(settings.STOP_LINK_SECRET)"
    environment = good()
    derived = python(show, environment).stdout
    assert len(derived.strip()) == 64
    assert python(show, environment | {"SECRET_KEY": secrets.token_urlsafe(48)}).stdout == derived
    assert python(show, environment | {"ADDRESS_KEY_SECRET": secrets.token_urlsafe(48)}).stdout != derived

    rotated = {
        "EARLIER_ADDRESS_KEY_SECRETS": f"1={environment['ADDRESS_KEY_SECRET']}",
        "ADDRESS_KEY_ID": "2",
        "ADDRESS_KEY_SECRET": secrets.token_urlsafe(48),
    }
    assert python(show, environment | rotated).stdout == derived
    given = secrets.token_urlsafe(48)
    assert python(show, environment | {"STOP_LINK_SECRET": given}).stdout.strip() == given


ASK = """
from django.test import Client
def ask(method, path, **more):
    answer = getattr(Client(), method)(path, headers={"host": "loyal.example.test"}, **more)
    print(answer.status_code, answer.headers.get("Location", ""), answer.headers.get("Strict-Transport-Security", ""))
"""


def test_plain_http_is_sent_to_https_but_never_a_one_click_stop() -> None:
    code = (
        ASK
        + """
ask("get", "/admin/login/")
ask("get", "/livez")
from django.middleware.security import SecurityMiddleware
from django.test import RequestFactory
for path in ("/u/token/", "/u/token/all/"):
    print(SecurityMiddleware(lambda request: None).process_request(RequestFactory().post(path)))
"""
    )
    lines = python(code, good()).stdout.splitlines()
    assert lines[0].split() == ["301", "https://loyal.example.test/admin/login/"]
    assert lines[1].split() == ["200"]
    assert lines[2:] == ["None", "None"]


def test_a_proxys_word_on_https_is_believed_only_where_it_is_set() -> None:
    code = ASK + 'ask("get", "/livez", HTTP_X_FORWARDED_PROTO="https")'
    assert python(code, good()).stdout.split() == ["200"]
    believed = python(code, good() | {"PROXY_PROTO_HEADER": "X-Forwarded-Proto"}).stdout.split()
    assert believed == ["200", "max-age=31536000"]


def test_cookies_go_over_https_alone() -> None:
    shown = python("print(settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE)", good()).stdout
    assert shown.split() == ["True", "True"]


def test_broker_and_cache_are_two_databases_or_two_servers() -> None:
    show = "print(settings.CELERY_BROKER_URL, settings.CACHES['default']['LOCATION'])"
    assert python(show, good()).stdout.split() == [
        "redis://redis.example.test:6379/0",
        "redis://redis.example.test:6379/1",
    ]
    apart = good() | {"CACHE_URL": "redis://cache.example.test"}
    assert python(show, apart).stdout.split()[1] == "redis://cache.example.test"
    unix = good() | {"REDIS_URL": "unix:///run/redis.sock?db=3"}
    assert python(show, unix).stdout.split() == [
        "redis+socket:///run/redis.sock?virtual_host=3",
        "unix:///run/redis.sock?db=4",
    ]
