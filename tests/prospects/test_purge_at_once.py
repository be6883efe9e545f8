"""A purge that is killed, run twice at once, or run by hand."""

import os
import signal
import subprocess
import sys
import time
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.utils import timezone

from consent.models import Act
from prospects import retention
from prospects.intake import record_interaction
from prospects.models import Interaction, Prospect, PurgeRun
from prospects.retention import erase_silent_prospects
from tests.factories import (
    make_consent,
    make_purpose,
)
from tests.prospects.silence import AT, LONG_AGO, silent
from tests.prospects.together import together

pytestmark = pytest.mark.django_db


@pytest.mark.django_db(transaction=True)
def test_two_purges_at_once_erase_once(monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 3)
    for _ in range(20):
        make_consent(silent(), make_purpose(), at=LONG_AGO)

    runs = together(*[lambda: erase_silent_prospects(AT)] * 3)

    assert [run for run in runs if not isinstance(run, PurgeRun)] == []
    assert sum(run.erased_prospects for run in runs if isinstance(run, PurgeRun)) == 20
    assert not Prospect.objects.exists()
    assert Act.objects.filter(kind="lapsed").count() == 20


@pytest.mark.django_db(transaction=True)
def test_a_sign_of_life_during_the_purge_either_saves_the_person_or_finds_nobody():
    people = [silent().prospect for _ in range(30)]

    def sign(person: Prospect) -> Any:
        return lambda: record_interaction(person, Interaction.Kind.CLICKED, AT)

    _run, *saved = together(lambda: erase_silent_prospects(AT), *map(sign, people[:8]))

    assert set(saved) <= {True, False}
    assert Prospect.objects.count() == saved.count(True)


@pytest.mark.django_db(transaction=True)
def test_a_killed_purge_goes_on_where_it_was():
    for _ in range(400):
        silent()
    program = (
        "import django; django.setup(); from datetime import datetime, UTC;"
        "from prospects import retention; retention.BATCH = 2;"
        f"retention.erase_silent_prospects(datetime.fromisoformat('{AT.isoformat()}'))"
    )
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "LOYAL_TEST_DATABASE": django_settings.DATABASES["default"]["NAME"],
    }
    purge = subprocess.Popen([sys.executable, "-c", program], env=environment)
    while Prospect.objects.count() == 400 and purge.poll() is None:
        time.sleep(0.01)
    purge.send_signal(signal.SIGKILL)
    purge.wait()
    left = Prospect.objects.count()
    assert 0 < left < 400
    assert PurgeRun.objects.get().erased_prospects == 400 - left

    run = erase_silent_prospects(AT)

    assert run.erased_prospects == left and not Prospect.objects.exists()


def test_the_command_does_the_same_by_hand(capsys):
    silent()

    call_command("purge", "--at", "2026-11-24T03:00", "--dry-run", "--json")
    assert '"details": 1' in capsys.readouterr().out
    assert Prospect.objects.exists()

    call_command("purge", "--at", "2026-11-24T03:00", "--json")

    assert '"prospects": 1' in capsys.readouterr().out
    assert not Prospect.objects.exists()
    assert timezone.now() > AT
