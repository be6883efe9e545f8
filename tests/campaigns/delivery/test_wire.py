"""What a server offers and answers, and what that makes of a mail."""

from collections import Counter

import pytest

from campaigns.delivery import pool
from campaigns.delivery.send import Turn
from campaigns.models import Message
from consent.addresses import normalise
from prospects.models import ContactDetail
from tests.campaigns.delivery.faulty_server import FaultyServer
from tests.campaigns.delivery.people import queue_campaign
from tests.factories import make_organisation

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def organisation(transactional_db):
    return make_organisation()


def send_by(server, settings, options=""):
    settings.OUTGOING_SERVERS = [f"smtp://127.0.0.1:{server.port}{options}"]
    Turn(60).run()


def readdress(address):
    ContactDetail.objects.update(address=normalise("email", address))


@pytest.mark.parametrize(
    ("answer", "status", "kind", "state"),
    [
        ("550 5.1.1 No such user", "failed", "hard", "undeliverable"),
        ("550 5.1.10 Null MX", "failed", "hard", "undeliverable"),
        ("550 5.2.1 Disabled", "failed", "hard", "undeliverable"),
        ("550 No such user", "failed", "hard", "undeliverable"),
        ("550 5.7.1 Refused by policy", "failed", "soft", "usable"),  # the enhanced code says more than the 550
        ("552 5.2.2 Mailbox full", "failed", "soft", "usable"),
        ("452 4.2.2 Mailbox full", "queued", None, "usable"),
    ],
)
def test_an_enhanced_status_code_says_whether_the_address_is_wrong(settings, answer, status, kind, state):
    with FaultyServer(lambda _recipient: f"{answer} at RCPT") as server:
        queue_campaign(1)
        send_by(server, settings)

    message = Message.objects.get()
    assert (message.status, message.reason) == (status, answer)
    assert list(message.bounces.values_list("kind", flat=True)) == ([kind] if kind else [])
    assert message.detail.state == state


@pytest.mark.parametrize("pipelining", [True, False])
def test_an_address_beyond_ascii_is_sent_where_the_server_offers_smtputf8(settings, pipelining):
    with FaultyServer(pipelining=pipelining) as server:
        queue_campaign(1)
        readdress("zoé@example.test")
        send_by(server, settings)

    assert [mail.recipient for mail in server.accepted] == ["zoé@example.test"]
    [opening] = [command for command in server.commands if command.startswith("MAIL")]
    assert opening.endswith(" SMTPUTF8")


def test_an_address_beyond_ascii_fails_with_its_reason_where_it_does_not(settings):
    with FaultyServer(extensions=["8BITMIME"]) as server:
        queue_campaign(1)
        readdress("zoé@example.test")
        send_by(server, settings)

    message = Message.objects.get()
    assert (message.status, message.reason) == ("failed", "no_smtputf8")
    assert message.detail.state == "usable"
    assert server.accepted == []


def test_an_internationalised_domain_is_sent_to_in_ascii_by_any_server(settings):
    with FaultyServer(extensions=[]) as server:
        queue_campaign(1)
        readdress("zoe@été.example.test")
        send_by(server, settings)

    assert [mail.recipient for mail in server.accepted] == ["zoe@xn--t-9fab.example.test"]


def test_a_mail_larger_than_the_server_takes_is_not_begun(settings):
    with FaultyServer(extensions=["SIZE 1000"]) as server:
        queue_campaign(1)
        send_by(server, settings)

    message = Message.objects.get()
    assert (message.status, message.reason) == ("failed", "too_large")
    assert message.detail.state == "usable"
    assert not any(command.startswith("MAIL") for command in server.commands)


def test_a_server_that_announces_sizes_is_told_the_size(settings):
    with FaultyServer(extensions=["SIZE 0"]) as server:  # no limit that it knows of
        queue_campaign(1)
        send_by(server, settings)

    assert len(server.accepted) == 1
    assert any(" SIZE=" in command for command in server.commands if command.startswith("MAIL"))


@pytest.mark.parametrize("pipelining", [True, False])
def test_a_connection_is_used_again_and_renewed_after_as_many_mails_as_asked(settings, pipelining):
    with FaultyServer(pipelining=pipelining) as server:
        queue_campaign(20)
        send_by(server, settings, "?connections=1&renew_after=5")

    assert len(server.accepted) == 20
    verbs = Counter(command[:4].upper() for command in server.commands)
    assert (verbs["EHLO"], verbs["QUIT"]) == (4, 4)


def test_a_connection_is_kept_alive_while_limits_hold_mails_back(settings, monkeypatch):
    monkeypatch.setattr(pool, "_KEEP_ALIVE_SECONDS", 0)
    with FaultyServer() as server:
        queue_campaign(6)
        send_by(server, settings, "?connections=1&per_second=3")

    assert len(server.accepted) == 6
    verbs = Counter(command[:4].upper() for command in server.commands)
    assert verbs["EHLO"] == 1
    assert verbs["NOOP"] >= 1


def test_without_pipelining_nothing_more_is_asked_about_a_refused_mail(settings):
    with FaultyServer(lambda _recipient: "550 at RCPT", pipelining=False) as server:
        queue_campaign(3)
        send_by(server, settings)

    assert Counter(Message.objects.values_list("status", flat=True)) == {"failed": 3}
    assert "DATA" not in server.commands
