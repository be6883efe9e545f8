"""Several machines share PostgreSQL and Redis alone: whatever these and the clocks do, a campaign ends right."""

from collections import Counter
from contextlib import ExitStack

import pytest
from django.conf import settings as django_settings

from campaigns.models import Campaign, Message
from config.celery import app
from tests import processes
from tests.campaigns.delivery.faulty_server import FaultyServer
from tests.campaigns.delivery.people import queue_campaign
from tests.conftest import forget_keys
from tests.factories import make_organisation
from tests.processes import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
MAILS = 300


def flush_redis():
    """Make the server forget all that this run keeps there: cache, queues, and what Celery knows of them."""
    forget_keys()
    prefix = f"{django_settings.TEST_RUN}:"
    with app.connection_for_write() as broker:
        client = broker.default_channel.client
        keys = [key.decode().removeprefix(prefix) for key in client.scan_iter(match=f"{prefix}*", count=1000)]
        if keys:
            client.delete(*keys)


def test_two_machines_and_two_clocks_end_a_campaign_right_though_redis_forgets_everything(transactional_db, settings):
    make_organisation()
    # The server takes no more than a third before Redis was flushed, and a second time before two thirds.
    may_take = [MAILS // 3]
    with FaultyServer() as server, ExitStack() as machines:
        server.may_answer = lambda: len(server.accepted) < may_take[0]
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        campaign = queue_campaign(MAILS)
        for name in ("one", "another"):
            node = f"{name}-{settings.TEST_RUN}@%h"
            machines.enter_context(processes.celery_worker("--hostname", node))
            machines.enter_context(processes.celery_beat())
        for share in (MAILS * 2 // 3, MAILS):
            wait_until(lambda: len(server.accepted) >= may_take[0], 120)
            flush_redis()
            may_take[0] = share
        wait_until(lambda: Campaign.objects.get(pk=campaign.pk).status == "done", 120)

    assert Counter(Message.objects.values_list("status", flat=True)) == {"sent": MAILS}
    assert sorted(Counter(server.recipients).values()) == [1] * MAILS
