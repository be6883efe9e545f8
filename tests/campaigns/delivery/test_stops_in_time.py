"""A stop, a pause or a cancel takes hold within a second, inside claimed batches too."""

import threading
import time

import pytest
from django.db import connection
from django.utils import timezone

from campaigns.delivery.send import Turn
from campaigns.launch import cancel, pause
from campaigns.models import Message
from consent.acts import record_stop
from tests.campaigns.delivery.faulty_server import FaultyServer
from tests.campaigns.delivery.people import queue_campaign
from tests.factories import make_organisation
from tests.processes import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE, UNDER_WAY = 40, 4


@pytest.fixture
def slow_server(transactional_db, settings):
    """A server that takes a fifth of a second for each mail, on two connections: four seconds for forty."""
    make_organisation()
    with FaultyServer(seconds_per_mail=0.2) as server:
        settings.OUTGOING_SERVERS = [f"smtp://127.0.0.1:{server.port}?connections=2"]
        yield server


def once_under_way(server, act):
    """Do something from another thread, as another process would, while mails leave, and note when it was done.

    The server takes a few mails before, and answers no other until then, however slow the machine is.
    """
    done = {}
    server.may_answer = lambda: len(server.accepted) < UNDER_WAY or "at" in done

    def run():
        wait_until(lambda: len(server.accepted) >= UNDER_WAY)
        act()
        done["at"] = time.monotonic()
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, done


def test_no_transaction_begins_more_than_a_second_after_a_stop_was_acknowledged(slow_server):
    campaign = queue_campaign(PEOPLE)
    stopping = list(Message.objects.select_related("detail").order_by("pk")[PEOPLE // 2 :])

    def stop():
        for message in stopping:
            record_stop(
                message.detail.address_key,
                channel="email",
                purpose_id=campaign.purpose_id,
                at=timezone.now(),
                origin="one_click",
            )

    thread, done = once_under_way(slow_server, stop)
    Turn(20).run()
    thread.join()

    stopped = {message.detail.address for message in stopping}
    late = [mail for mail in slow_server.accepted if mail.recipient in stopped and mail.began_at > done["at"] + 1]
    assert late == []
    withheld = Message.objects.filter(status="withheld", reason="objected")
    assert withheld.count() >= PEOPLE // 4
    assert Message.objects.filter(status="sent").count() == len(slow_server.accepted) == PEOPLE - withheld.count()


@pytest.mark.parametrize(
    ("press", "status", "reason"),
    [(pause, "queued", ""), (lambda campaign: cancel(campaign, at=timezone.now()), "withheld", "cancelled")],
)
def test_no_transaction_begins_more_than_a_second_after_a_pause_or_a_cancel(slow_server, press, status, reason):
    campaign = queue_campaign(PEOPLE)

    thread, done = once_under_way(slow_server, lambda: press(campaign))
    Turn(20).run()
    thread.join()

    assert [mail for mail in slow_server.accepted if mail.began_at > done["at"] + 1] == []
    unsent = Message.objects.exclude(status="sent")
    assert unsent.count() >= PEOPLE // 4
    assert set(unsent.values_list("status", "reason")) == {(status, reason)}
    assert Message.objects.filter(status="sent").count() == len(slow_server.accepted)


def test_nothing_leaves_while_the_database_does_not_answer(slow_server, monkeypatch):
    from django.db import OperationalError

    from campaigns.delivery import batch

    queue_campaign(PEOPLE)
    judge, gone = batch.judge, []

    def judge_until_the_database_is_gone(*arguments, **named):
        if len(slow_server.accepted) >= UNDER_WAY:
            gone.append(time.monotonic())
            raise OperationalError("the connection is lost")
        return judge(*arguments, **named)

    monkeypatch.setattr(batch, "judge", judge_until_the_database_is_gone)
    with pytest.raises(OperationalError):
        Turn(20).run()

    assert [mail for mail in slow_server.accepted if mail.began_at > gone[0] + 1] == []
    assert Message.objects.filter(status="sent").count() == len(slow_server.accepted)
    assert Message.objects.exclude(status="sent").filter(status__in=["queued", "sending"]).exists()
