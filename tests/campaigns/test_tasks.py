from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns import launch, tasks
from campaigns.models import Campaign
from tests.factories import make_campaign, make_consent, make_detail, make_message, make_organisation, make_purpose
from tests.processes import wait_until

Status = Campaign.Status


@pytest.fixture
def now(db):
    make_organisation()
    return timezone.now()


def statuses():
    return list(Campaign.objects.order_by("pk").values_list("status", flat=True))


def test_a_tick_starts_what_is_due_and_sets_aside_what_is_late(now):
    make_campaign(status="scheduled", send_at=now - timedelta(seconds=1))
    make_campaign(status="scheduled", send_at=now + timedelta(hours=1))
    make_campaign(status="scheduled", send_at=now - timedelta(days=1))

    tasks.tend_campaigns()

    assert statuses() == [Status.RUNNING, Status.SCHEDULED, Status.LATE]


def test_a_tick_closes_what_has_ended(now):
    make_message(campaign=make_campaign(status="running", send_at=now), status="sent", ground="consent")

    tasks.tend_campaigns()

    assert statuses() == [Status.DONE]


def test_a_campaign_that_cannot_start_keeps_no_other_from_starting_and_is_not_hushed_up(now, monkeypatch):
    make_campaign(name="broken", status="scheduled", send_at=now - timedelta(seconds=2))
    make_campaign(status="scheduled", send_at=now - timedelta(seconds=1))
    real = launch.launch

    def launch_unless_broken(campaign, *, at):
        if campaign.name == "broken":
            raise ZeroDivisionError
        return real(campaign, at=at)

    monkeypatch.setattr(tasks, "launch", launch_unless_broken)

    with pytest.raises(ExceptionGroup, match="could not start"):
        tasks.tend_campaigns()

    assert statuses() == [Status.SCHEDULED, Status.RUNNING]


def test_ticking_twice_changes_nothing_more(now):
    purpose = make_purpose()
    make_consent(make_detail(), purpose)
    campaign = make_campaign(purpose=purpose, status="scheduled", send_at=now)

    tasks.tend_campaigns()
    launched_at = Campaign.objects.get().launched_at
    tasks.tend_campaigns()

    campaign.refresh_from_db()
    assert campaign.launched_at == launched_at


def test_beat_launches_a_due_campaign_within_ten_seconds_and_a_worker_sends_it(celery_processes, mailbox):
    make_organisation()
    purpose = make_purpose()
    reader = make_detail("reader@example.test", source={"collected_at": timezone.now() - timedelta(days=1)})
    make_consent(reader, purpose, at=timezone.now() - timedelta(hours=1))
    campaign = make_campaign(purpose=purpose)
    send_at = timezone.now() + timedelta(seconds=2)

    launch.schedule(campaign, send_at=send_at, now=timezone.now())

    wait_until(lambda: Campaign.objects.get().status == Status.DONE, 40, why=f"it stayed {statuses()}")
    campaign.refresh_from_db()
    assert send_at <= campaign.launched_at <= send_at + timedelta(seconds=10)
    assert [mail["X-Recipients"] for mail in mailbox] == ["reader@example.test"]
