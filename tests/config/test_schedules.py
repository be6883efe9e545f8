import os
import subprocess
import sys
from datetime import timedelta

import pytest
from celery import current_app
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from config.schedules import SCHEDULES, keep_schedules

pytestmark = pytest.mark.django_db


def test_migrating_puts_every_schedule_into_the_database_where_the_admin_shows_it():
    assert {(row.name, row.task) for row in PeriodicTask.objects.exclude(task="celery.backend_cleanup")} == {
        (schedule.name, schedule.task) for schedule in SCHEDULES
    }


def test_every_schedule_names_a_task_that_exists():
    current_app.loader.import_default_modules()

    assert {schedule.task for schedule in SCHEDULES} <= set(current_app.tasks)


def test_no_two_schedules_share_a_name():
    assert len({schedule.name for schedule in SCHEDULES}) == len(SCHEDULES)


def test_migrating_again_keeps_the_timing_and_the_pause_that_staff_chose():
    row = PeriodicTask.objects.get(name=SCHEDULES[0].name)
    row.interval = IntervalSchedule.objects.create(every=7, period=IntervalSchedule.MINUTES)
    row.enabled = False
    row.save()

    keep_schedules()

    row.refresh_from_db()
    assert (row.interval.every, row.interval.period, row.enabled) == (7, "minutes", False)


def test_a_task_that_moved_is_followed_and_a_schedule_that_was_deleted_comes_back():
    PeriodicTask.objects.filter(name=SCHEDULES[0].name).update(task="elsewhere.tasks.gone")
    PeriodicTask.objects.filter(name=SCHEDULES[1].name).delete()

    keep_schedules()

    assert PeriodicTask.objects.get(name=SCHEDULES[0].name).task == SCHEDULES[0].task
    assert PeriodicTask.objects.filter(name=SCHEDULES[1].name).exists()


def test_an_interval_is_kept_in_seconds():
    row = PeriodicTask.objects.get(name="Erase expired pending signups")

    assert row.schedule.run_every == timedelta(hours=1)


def test_the_purge_runs_every_night_and_expired_signups_go_every_hour():
    purge = PeriodicTask.objects.get(task="prospects.tasks.erase_silent_prospects")
    expired = PeriodicTask.objects.get(task="prospects.tasks.erase_expired_signups")

    assert purge.crontab.schedule.hour <= {0, 1, 2, 3, 4, 5}
    assert len(purge.crontab.schedule.hour) == 1
    assert str(purge.crontab.timezone) == "Europe/Paris"
    assert expired.schedule.run_every == timedelta(hours=1)
    assert purge.enabled
    assert expired.enabled


def test_a_worker_loads_no_page():
    told = "import sys; from config.celery import app; app.loader.import_default_modules(); print(*sys.modules)"
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings.test"}

    done = subprocess.run([sys.executable, "-c", told], env=environment, capture_output=True, text=True, check=True)

    assert {"campaigns.tasks", "config.urls"} & set(done.stdout.split()) == {"campaigns.tasks"}
