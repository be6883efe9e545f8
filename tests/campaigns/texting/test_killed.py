"""A worker killed while a gateway holds its request: nobody knows whether the text left, so it is never sent again."""

import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.utils import timezone

from campaigns.delivery.claim import settle_expired
from campaigns.tasks import send_queued_messages
from tests.campaigns.texting.conftest import text_campaign, text_to
from tests.processes import environment_of_this_test

pytestmark = pytest.mark.django_db(transaction=True)

ONE_TURN = "from campaigns.tasks import send_queued_messages; send_queued_messages('sms')"


@pytest.fixture
def silent_gateway():
    """A gateway that takes requests and answers none until it is told to."""
    arrived, answering, requests = threading.Event(), threading.Event(), []

    class Silent(BaseHTTPRequestHandler):
        def do_GET(self):
            requests.append(self.path)
            arrived.set()
            answering.wait(60)
            self.send_response(202)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_said):
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Silent) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://loyal:secret@127.0.0.1:{server.server_port}/cgi-bin/sendsms", arrived, answering, requests
        answering.set()
        server.shutdown()


def test_a_text_in_the_air_when_its_worker_is_killed_is_unknown_and_never_doubled(sms, silent_gateway):
    url, arrived, answering, requests = silent_gateway
    sms.SMS_GATEWAY = url
    sms.PROSPECTING_RULEBOOK = "article"  # which knows no hours: this test runs at any
    message = text_to("+33612345678", text_campaign())
    environment = environment_of_this_test(
        SMS_GATEWAY=url, SMS_SENDER="Maison", SMS_STOP_NUMBER="36111", PROSPECTING_RULEBOOK="article"
    )
    worker = subprocess.Popen([sys.executable, "manage.py", "shell", "-c", ONE_TURN], cwd=sms.BASE_DIR, env=environment)
    try:
        assert arrived.wait(60), "the worker sent nothing"
    finally:
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
    answering.set()

    message.refresh_from_db()
    assert message.status == "sending"
    settle_expired(at=timezone.now() + timedelta(hours=1))
    send_queued_messages("sms")

    message.refresh_from_db()
    assert (message.status, message.reason, message.ground) == ("unknown", "lease_expired", "consent")
    assert len(requests) == 1
