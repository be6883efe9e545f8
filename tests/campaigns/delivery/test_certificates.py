"""Connections to a real mail server: encrypted as the settings say, only to whom the certificate names, signed in."""

import asyncio
import ssl
import threading
from contextlib import contextmanager

import pytest
from aiosmtpd.smtp import SMTP, AuthResult
from django.utils import timezone

from campaigns.delivery.servers import ServerDown, connect, server_at
from campaigns.models import Message
from campaigns.tasks import send_queued_messages
from tests.certificates import make_certificate
from tests.factories import make_campaign, make_message, make_organisation

USER, PASSWORD = "loyal", "s3cret p@ss"
URL_USER = "loyal:s3cret%20p%40ss"


class Box:
    """What the server took, and whether the line was encrypted when it did."""

    def __init__(self):
        self.mails = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 aiosmtpd's name
        encrypted = server.transport.get_extra_info("ssl_object") is not None
        self.mails.append((envelope.rcpt_tos, encrypted, session.authenticated))
        return "250 2.0.0 Ok"


def signed_in(_server, _session, _envelope, _mechanism, data):
    known = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=known, handled=False)


@contextmanager
def listening(certificate=None, *, implicit=False):
    """aiosmtpd on a free port: by STARTTLS, encrypted from the first byte, or without either where nothing vouches."""
    context = None
    if certificate:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(*certificate)
    box, loop = Box(), asyncio.new_event_loop()
    starttls = None if implicit else context

    def session():
        return SMTP(
            box,
            hostname="mail.example.test",
            loop=loop,
            tls_context=starttls,
            require_starttls=starttls is not None,
            authenticator=signed_in,
            auth_require_tls=starttls is not None,  # it knows of no other encryption than STARTTLS
            auth_required=True,
        )

    listen = loop.create_server(session, "127.0.0.1", 0, ssl=context if implicit else None)
    # In a thread of its own: the browser tests leave a loop running in this one.
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(listen, loop).result()
    try:
        yield box, server.sockets[0].getsockname()[1]
    finally:
        asyncio.run_coroutine_threadsafe(_end(server), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _end(server):
    server.close()
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return make_certificate(tmp_path_factory.mktemp("certificates"))


pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH")  # it sees no encryption but STARTTLS
SCHEMES = pytest.mark.parametrize(("scheme", "implicit"), [("smtp+tls", False), ("smtps", True)])


def url(scheme, port, certificate=None, user=URL_USER):
    trusting = f"?certificates={certificate}" if certificate else ""
    return f"{scheme}://{user}@127.0.0.1:{port}{trusting}"


@SCHEMES
@pytest.mark.django_db(transaction=True)
def test_mails_leave_encrypted_and_signed_in_by_a_server_whose_certificate_is_trusted(
    settings, certificate, scheme, implicit
):
    make_organisation()
    campaign = make_campaign(status="running", send_at=timezone.now())
    for _ in range(3):
        make_message(campaign=campaign)

    with listening(certificate, implicit=implicit) as (box, port):
        settings.OUTGOING_SERVERS = [url(scheme, port, certificate[0])]
        send_queued_messages()

    assert Message.objects.filter(status="sent").count() == 3
    assert len(box.mails) == 3
    assert all(encrypted and authenticated for _to, encrypted, authenticated in box.mails)


@SCHEMES
@pytest.mark.django_db(transaction=True)
def test_nothing_is_said_to_a_server_whose_certificate_nobody_vouches_for(settings, certificate, scheme, implicit):
    make_organisation()
    message = make_message()

    with listening(certificate, implicit=implicit) as (box, port):
        settings.OUTGOING_SERVERS = [url(scheme, port)]
        send_queued_messages()

    message.refresh_from_db()
    assert (message.status, box.mails) == ("queued", [])
    message.campaign.refresh_from_db()
    assert "certificate" in message.campaign.trouble.lower()


@SCHEMES
@pytest.mark.parametrize(("name", "days"), [("elsewhere.example.test", 30), ("127.0.0.1", -1)])
def test_a_certificate_of_another_name_or_past_its_term_is_refused(tmp_path, scheme, implicit, name, days):
    other = make_certificate(tmp_path, name, days=days)

    with listening(other, implicit=implicit) as (_box, port), pytest.raises(ServerDown, match=r"(?i)certificate"):
        connect(server_at(url(scheme, port, other[0])))


@SCHEMES
def test_a_wrong_password_is_a_server_that_takes_nothing(certificate, scheme, implicit):
    with (
        listening(certificate, implicit=implicit) as (_box, port),
        pytest.raises(ServerDown, match="535") as refused,
    ):
        connect(server_at(url(scheme, port, certificate[0], user="loyal:wrong-word")))

    assert "wrong-word" not in str(refused.value)


def test_a_password_is_never_said_in_clear_where_encryption_is_asked_for_and_not_offered(certificate):
    with listening() as (_box, port), pytest.raises(ServerDown, match="STARTTLS"):
        connect(server_at(url("smtp+tls", port, certificate[0])))
