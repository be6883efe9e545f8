"""What tells a watcher that Loyal is well."""

import pytest
from django.core.cache import cache
from django.test import Client

from config.beat import PULSE
from tests import processes
from tests.mailbox import Mailbox
from tests.processes import wait_until


def test_livez_asks_nothing_of_the_database(client: Client) -> None:
    answer = client.get("/livez")  # a test without the database fixture may not touch it
    assert (answer.status_code, answer.content) == (200, b"ok")


@pytest.mark.django_db
def test_readyz_reports_each_service_and_a_beat_never_seen(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"postgresql": "ok", "redis": "ok", "beat": "late", "beat_seconds": None}


@pytest.mark.django_db
def test_readyz_calls_an_old_pulse_late(client: Client) -> None:
    cache.set(PULSE, 1_000_000_000.0)
    assert client.get("/readyz").json()["beat"] == "late"


@pytest.mark.django_db
def test_readyz_fails_where_redis_does_not_answer(client: Client, settings: pytest.FixtureRequest) -> None:
    settings.CACHES = {  # type: ignore[attr-defined]
        "default": {"BACKEND": "config.redis_cache.RedisCache", "LOCATION": "unix:///nowhere.sock"}
    }
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"postgresql": "ok", "redis": "unreachable"}


@pytest.mark.django_db(transaction=True)
def test_a_real_beat_pulses_and_a_real_worker_answers(client: Client, mailbox: Mailbox) -> None:
    with processes.celery_worker(), processes.celery_beat():
        wait_until(lambda: client.get("/readyz").json()["beat"] == "ok")
