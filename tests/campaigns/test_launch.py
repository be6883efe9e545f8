from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from campaigns import launch
from campaigns.models import Campaign, Message
from campaigns.tasks import send_queued_messages
from consent.acts import record_stop
from tests.factories import make_campaign, make_consent, make_detail, make_message, make_organisation, make_purpose

Status = Campaign.Status
LATER = timedelta(hours=2)


@pytest.fixture
def now(db):
    make_organisation()
    return timezone.now()


def make_reader(purpose):
    detail = make_detail()
    make_consent(detail, purpose)
    return detail


def make_due(now, **fields):
    return make_campaign(**{"status": "scheduled", "send_at": now, **fields})


def test_a_draft_is_scheduled_for_its_moment(now):
    campaign = make_campaign()

    launch.schedule(campaign, send_at=now + LATER, now=now)

    campaign.refresh_from_db()
    assert (campaign.status, campaign.send_at) == (Status.SCHEDULED, now + LATER)


def test_nothing_is_scheduled_in_the_past(now):
    with pytest.raises(ValueError, match="past"):
        launch.schedule(make_campaign(), send_at=now, now=now)


@pytest.mark.parametrize("body", ["Bonjour {{ firstname }}", "Bonjour {{ first_name"])
def test_a_text_with_a_wrong_field_is_never_scheduled(now, body):
    campaign = make_campaign(body=body)

    with pytest.raises(launch.NotReady):
        launch.schedule(campaign, send_at=now + LATER, now=now)

    campaign.refresh_from_db()
    assert campaign.is_draft


def test_an_organisation_without_a_sender_schedules_nothing(now):
    make_organisation(sender_email="")

    with pytest.raises(launch.NotReady):
        launch.schedule(make_campaign(), send_at=now + LATER, now=now)


def test_only_what_was_read_is_scheduled(now):
    campaign = make_campaign()
    as_read = Campaign.objects.get(pk=campaign.pk)
    launch.edit(campaign, subject="Autre chose")

    with pytest.raises(launch.OutOfTurn):
        launch.schedule(as_read, send_at=now + LATER, now=now)


def test_of_two_edits_of_one_version_the_second_is_told(now):
    campaign = make_campaign()
    other = Campaign.objects.get(pk=campaign.pk)
    launch.edit(campaign, subject="Première")

    with pytest.raises(launch.OutOfTurn):
        launch.edit(other, subject="Seconde")

    campaign.refresh_from_db()
    assert campaign.subject == "Première"


def test_a_scheduled_campaign_cannot_be_edited(now):
    campaign = make_due(now)

    with pytest.raises(launch.OutOfTurn):
        launch.edit(campaign, subject="Trop tard")


def test_launching_queues_one_message_for_each_who_may_receive_it_and_counts_the_others(now):
    purpose = make_purpose()
    readers = [make_reader(purpose) for _ in range(3)]
    make_detail()  # informed, but never said yes
    record_stop(readers[0].address_key, channel="email", purpose_id=purpose.pk, at=now, origin="link")
    at = now + timedelta(minutes=5)
    campaign = make_due(at, purpose=purpose)

    assert launch.launch(campaign, at=at) == 2

    assert set(campaign.messages.values_list("detail", "status", "ground")) == {
        (reader.pk, "queued", "consent") for reader in readers[1:]
    }
    assert (campaign.status, campaign.launched_at) == (Status.RUNNING, at)
    assert campaign.audience["allowed"] == {"consent": 2}
    assert campaign.audience["refused"] == {"objected": 1, "no_consent": 1}


def test_launching_twice_queues_once(now):
    purpose = make_purpose()
    make_reader(purpose)
    at = now + timedelta(minutes=5)
    campaign = make_due(at, purpose=purpose)

    assert [launch.launch(campaign, at=at) for _ in range(2)] == [1, 0]
    assert campaign.messages.count() == 1


def test_nothing_leaves_before_its_time(now):
    campaign = make_due(now + LATER)

    assert launch.launch(campaign, at=now) == 0

    campaign.refresh_from_db()
    assert campaign.status == Status.SCHEDULED


def test_past_the_lateness_limit_a_person_decides(now, settings):
    settings.CAMPAIGN_LATENESS_HOURS = 6
    late, in_time = make_due(now - timedelta(hours=6, seconds=1)), make_due(now - timedelta(hours=6))

    launch.mark_late(at=now)
    for campaign in (late, in_time):
        launch.launch(campaign, at=now)
        campaign.refresh_from_db()

    assert (late.status, in_time.status) == (Status.LATE, Status.RUNNING)


def test_even_a_task_that_comes_before_the_late_mark_launches_nothing_late(now):
    campaign = make_due(now - timedelta(days=1))

    assert launch.launch(campaign, at=now) == 0


def test_a_late_campaign_leaves_once_somebody_says_so(now):
    campaign = make_due(now - timedelta(days=1), status="late")

    launch.send_late(campaign, at=now)
    launch.launch(campaign, at=now)

    assert campaign.status == Status.RUNNING


def test_paused_and_resumed(now):
    campaign = make_due(now, status="running")

    launch.pause(campaign)
    assert campaign.status == Status.PAUSED
    launch.resume(campaign)
    assert campaign.status == Status.RUNNING


def test_cancelling_withholds_what_waits_and_leaves_what_is_leaving(now):
    campaign = make_due(now, status="running")
    waiting = make_message(campaign=campaign)
    leaving = make_message(
        campaign=campaign, status="sending", lease_until=now, message_id="7f3c0e5e-0000-4000-8000-000000000001"
    )
    sent = make_message(campaign=campaign, status="sent", ground="consent")

    assert launch.cancel(campaign, at=now) == 1

    for message in (waiting, leaving, sent):
        message.refresh_from_db()
    assert (waiting.status, waiting.reason, waiting.ended_at) == ("withheld", "cancelled", now)
    assert (leaving.status, sent.status) == ("sending", "sent")
    assert (campaign.status, campaign.finished_at) == (Status.CANCELLED, now)


@pytest.mark.parametrize(
    ("step", "allowed"),
    [
        (launch.unschedule, {"scheduled", "late", "awaiting_approval"}),
        (launch.pause, {"running"}),
        (launch.resume, {"paused"}),
        (
            lambda campaign: launch.cancel(campaign, at=timezone.now()),
            {"awaiting_approval", "scheduled", "late", "running", "paused"},
        ),
        (lambda campaign: launch.send_late(campaign, at=timezone.now()), {"late"}),
        (launch.discard, {"draft"}),
    ],
)
@pytest.mark.parametrize("status", list(Status))
def test_every_step_starts_only_from_where_it_may(now, step, allowed, status):
    campaign = make_campaign(status=status, send_at=now, finished_at=now)

    if status in allowed:
        step(campaign)
        return
    with pytest.raises(launch.OutOfTurn):
        step(campaign)
    campaign.refresh_from_db()
    assert campaign.status == status


def test_a_campaign_is_done_once_every_message_has_ended(now):
    campaign = make_due(now, status="running")
    message = make_message(campaign=campaign)

    assert launch.finish(at=now) == 0
    Message.objects.filter(pk=message.pk).update(status="sent", ground="consent")
    assert launch.finish(at=now) == 1

    campaign.refresh_from_db()
    assert (campaign.status, campaign.finished_at) == (Status.DONE, now)


def test_a_campaign_that_nobody_may_receive_is_done_at_once(now):
    campaign = make_due(now)
    launch.launch(campaign, at=now)

    launch.finish(at=now)

    campaign.refresh_from_db()
    assert campaign.status == Status.DONE


def at_once(*calls):
    """Run calls at the same time, each on its own connection, and give how each ended."""

    def run(call):
        try:
            return call()
        except launch.OutOfTurn:
            return "out of turn"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.mark.django_db(transaction=True)
def test_two_beats_launch_a_campaign_once(monkeypatch):
    monkeypatch.setattr(launch, "_wake_senders", lambda _channel: None)
    make_organisation()
    purpose = make_purpose()
    for _ in range(20):
        make_reader(purpose)
    at = timezone.now() + timedelta(minutes=5)
    campaign = make_due(at, purpose=purpose)

    queued = at_once(*[lambda: launch.launch(Campaign.objects.get(pk=campaign.pk), at=at)] * 4)

    assert sorted(queued) == [0, 0, 0, 20]
    assert campaign.messages.count() == 20


@pytest.mark.django_db(transaction=True)
def test_of_a_pause_and_a_cancel_at_once_nothing_is_left_half_done(monkeypatch):
    monkeypatch.setattr(launch, "_wake_senders", lambda _channel: None)
    for _ in range(5):
        campaign = make_due(timezone.now(), status="running")
        make_message(campaign=campaign)

        at_once(
            lambda campaign=campaign: launch.pause(Campaign.objects.get(pk=campaign.pk)),
            lambda campaign=campaign: launch.cancel(Campaign.objects.get(pk=campaign.pk), at=timezone.now()),
        )

        campaign.refresh_from_db()
        assert campaign.status == Status.CANCELLED
        assert set(campaign.messages.values_list("status", flat=True)) == {"withheld"}


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_away_keeps_nobody_from_resuming(monkeypatch):
    def refuse(_channel):
        raise ConnectionError("no broker")

    monkeypatch.setattr(send_queued_messages, "delay", refuse)
    campaign = make_campaign(status="paused", send_at=timezone.now())

    launch.resume(campaign)

    campaign.refresh_from_db()
    assert campaign.status == Status.RUNNING
