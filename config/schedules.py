"""What runs by the clock: the table that fills django-celery-beat's rows, which staff see and retime in the admin."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings


@dataclass(frozen=True)
class Daily:
    """A time of day in the organisation's time zone."""

    hour: int
    minute: int = 0


@dataclass(frozen=True)
class Schedule:
    """A task and the timing with which it is first put into the database."""

    name: str
    task: str
    when: timedelta | Daily


SCHEDULES = [
    Schedule("Send confirmation mails that are due", "prospects.tasks.send_confirmation_mails", timedelta(minutes=1)),
    Schedule("Erase expired pending signups", "prospects.tasks.erase_expired_signups", timedelta(hours=1)),
    Schedule("Erase who was silent for three years", "prospects.tasks.erase_silent_prospects", Daily(3, 15)),
    Schedule("Ask who wants to stay", "prospects.tasks.ask_who_wants_to_stay", Daily(9, 30)),
    Schedule("Tell people what we hold of them", "prospects.tasks.tell_the_untold", timedelta(hours=1)),
    Schedule("Warn staff of people still to be told", "prospects.tasks.warn_of_the_untold", Daily(8)),
    Schedule("Remind of people's requests that are due", "prospects.tasks.remind_of_requests", Daily(8)),
    Schedule("Forget people's old requests", "prospects.tasks.forget_old_requests", timedelta(hours=1)),
    Schedule("Take up imports that a killed worker left", "prospects.tasks.carry_on_imports", timedelta(minutes=1)),
    Schedule("Erase imported files after 30 days", "prospects.tasks.erase_old_uploads", timedelta(hours=1)),
    Schedule("Count whom campaigns may reach today", "campaigns.tasks.take_stock", timedelta(hours=1)),
    Schedule("Tell programs what happened", "api.tasks.tell_programs", timedelta(seconds=5)),
    Schedule("Forget the answers given to programs", "api.tasks.forget_old_requests", timedelta(hours=1)),
    Schedule("Start and close campaigns", "campaigns.tasks.tend_campaigns", timedelta(seconds=3)),
    Schedule("Send what is queued", "campaigns.tasks.send_queued_messages", timedelta(seconds=15)),
    Schedule("Send what is queued beside e-mail", "campaigns.tasks.send_on_other_channels", timedelta(seconds=5)),
    Schedule("Take in what came back", "campaigns.tasks.poll_returns", timedelta(minutes=2)),
    Schedule("Make what comes again", "campaigns.tasks.tend_series", timedelta(minutes=1)),
    Schedule("Count how campaigns go", "campaigns.tasks.count_campaigns", timedelta(seconds=5)),
    Schedule("Settle what was claimed and forgotten", "campaigns.tasks.settle_expired_leases", timedelta(minutes=1)),
    Schedule("Count the clicks of those who agreed", "campaigns.tasks.settle_clicks", timedelta(minutes=1)),
]


def keep_schedules(**_signal: Any) -> None:
    """Put into the database what is missing there. Timings and pauses that staff chose stay as they are."""
    from django_celery_beat.models import PeriodicTask

    for schedule in SCHEDULES:
        kept, made = PeriodicTask.objects.get_or_create(
            name=schedule.name, defaults={"task": schedule.task, **_timing(schedule.when)}
        )
        if not made and kept.task != schedule.task:
            kept.task = schedule.task
            kept.save(update_fields=["task"])


def _timing(when: timedelta | Daily) -> dict[str, Any]:
    from django_celery_beat.models import CrontabSchedule, IntervalSchedule

    if isinstance(when, timedelta):
        interval, _ = IntervalSchedule.objects.get_or_create(
            every=round(when.total_seconds()), period=IntervalSchedule.SECONDS
        )
        return {"interval": interval}
    crontab, _ = CrontabSchedule.objects.get_or_create(hour=when.hour, minute=when.minute, timezone=settings.TIME_ZONE)
    return {"crontab": crontab}
