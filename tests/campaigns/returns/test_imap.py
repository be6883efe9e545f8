"""A mailbox polled over IMAP, on a real server."""

import imaplib
import ssl

import pytest
from django.core.management import call_command

from campaigns.models import Reply
from campaigns.returns.mailboxes import read_imap
from campaigns.tasks import poll_returns
from consent.models import Objection
from tests.campaigns.returns.dovecot import PROGRAM, dovecot
from tests.campaigns.returns.mails import complaint, reply, report

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(PROGRAM is None, reason="Dovecot is not here (Debian's dovecot-imapd)"),
]
SCHEMES = pytest.mark.parametrize("scheme", ["imaps", "imap"])


@pytest.fixture
def mailbox_on_imap():
    with dovecot() as server:
        yield server


@SCHEMES
def test_every_unseen_mail_is_read_once_and_marked(mailbox_on_imap, scheme):
    mails = [f"From: a@example.test\r\nSubject: {number}\r\n\r\nÉté\r\n".encode() for number in range(12)]
    mailbox_on_imap.deliver(*mails)
    read = []

    assert read_imap(mailbox_on_imap.url(scheme), read.append) == 12
    assert read == mails
    assert mailbox_on_imap.unseen() == 0
    assert read_imap(mailbox_on_imap.url(scheme), read.append) == 0
    assert len(read) == 12


def test_what_came_back_is_taken_in_by_the_clock_and_by_the_command(mailbox_on_imap, message, settings, capsys):
    settings.RETURNS_IMAP_URL = mailbox_on_imap.url()
    mailbox_on_imap.deliver(report(message), reply(message, "Bonjour, à quelle heure ouvrez-vous ?"))
    poll_returns()

    message.detail.refresh_from_db()
    assert message.detail.state == "undeliverable"
    assert Reply.objects.count() == 1

    mailbox_on_imap.deliver(complaint(message))
    call_command("receive_mail", imap=mailbox_on_imap.url(), json=True)

    assert '"kind": "complaint"' in capsys.readouterr().out
    assert Objection.objects.count() == 1
    assert mailbox_on_imap.unseen() == 0


def test_one_mail_that_cannot_be_read_stays_unseen_and_holds_up_no_other(mailbox_on_imap):
    mailbox_on_imap.deliver(b"Subject: 1\r\n\r\n", b"Subject: 2\r\n\r\n", b"Subject: 3\r\n\r\n")
    read = []

    def stumble(data):
        read.append(data)
        if b"2" in data:
            raise ValueError

    with pytest.raises(ExceptionGroup):
        read_imap(mailbox_on_imap.url(), stumble)

    assert len(read) == 3
    assert mailbox_on_imap.unseen() == 1


@SCHEMES
def test_nothing_is_said_to_a_server_whose_certificate_nobody_vouches_for(mailbox_on_imap, scheme):
    with pytest.raises(ssl.SSLCertVerificationError):
        read_imap(mailbox_on_imap.url(scheme, trusting=False), pytest.fail)


@SCHEMES
def test_a_wrong_password_is_told(mailbox_on_imap, scheme):
    with pytest.raises(imaplib.IMAP4.error, match="AUTHENTICATIONFAILED"):
        read_imap(mailbox_on_imap.url(scheme, user="nobody:wrong"), pytest.fail)


def test_a_folder_that_is_not_there_is_told(mailbox_on_imap):
    with pytest.raises(imaplib.IMAP4.error, match="NO"):
        read_imap(mailbox_on_imap.url().replace("INBOX", "Not%20there"), pytest.fail)
