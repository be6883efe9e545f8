"""One confirmation mail per address and day, three per signup, whatever fails or runs twice."""

import smtplib
import threading
from datetime import timedelta

import pytest
from django.core.mail.backends.smtp import EmailBackend
from django.db import connection
from django.test import Client
from django.utils import timezone

from consent.models import Act
from prospects.models import PendingSignup, Prospect
from prospects.tasks import send_confirmation_mails
from tests.factories import make_form, make_organisation
from tests.mailbox import text_of
from tests.processes import wait_until
from tests.prospects.signing_up import confirmation_link, mail_again_tomorrow, send

pytestmark = pytest.mark.django_db
ADDRESS = "camille@example.test"


@pytest.fixture
def form(settings):
    settings.HOURLY_LIMITS = dict.fromkeys(settings.HOURLY_LIMITS, 1000)
    make_organisation()
    return make_form(slug="lettre")


@pytest.fixture
def sign_up(client, form):
    return lambda address=ADDRESS, other=None: send(
        client, other or form, tick=(other or form).notice.boxes.all(), email=address
    )


def test_running_the_task_twice_sends_one_mail(sign_up, mailbox):
    sign_up()
    send_confirmation_mails()
    send_confirmation_mails()

    assert len(mailbox) == 1
    assert PendingSignup.objects.get().status == "waiting"


def test_an_address_gets_one_mail_a_day_however_often_and_wherever_it_is_typed(sign_up, mailbox):
    other = make_form(slug="autre")
    for _time in range(3):
        sign_up()
        sign_up(other=other)
        sign_up("CAMILLE@example.TEST")
        send_confirmation_mails()

    assert len(mailbox) == 1
    mail_again_tomorrow()
    send_confirmation_mails()
    assert len(mailbox) == 2  # the other form's turn


def test_a_signup_gets_three_mails_in_all(sign_up, mailbox):
    for _day in range(6):
        sign_up()
        send_confirmation_mails()
        mail_again_tomorrow()

    assert len(mailbox) == 3
    assert PendingSignup.objects.get().mails_sent == 3


def test_no_mail_goes_out_again_by_itself(sign_up, mailbox):
    sign_up()
    for _day in range(3):
        send_confirmation_mails()
        mail_again_tomorrow()

    assert len(mailbox) == 1


def test_an_expired_signup_gets_no_mail_and_a_new_one_starts_afresh(sign_up, mailbox):
    sign_up()
    PendingSignup.objects.update(
        signed_up_at=timezone.now() - timedelta(days=8), expires_at=timezone.now() - timedelta(days=1), mails_sent=3
    )
    send_confirmation_mails()
    assert mailbox == []

    sign_up()
    send_confirmation_mails()
    assert len(mailbox) == 1


def test_the_link_in_the_mail_leads_to_the_configured_site_and_not_to_what_the_visitor_says(client, form, mailbox):
    client.defaults["HTTP_HOST"] = "localhost"
    send(client, form, tick=form.notice.boxes.all(), email=ADDRESS)
    send_confirmation_mails()

    for kind in ("plain", "html"):
        assert "https://loyal.example.test/c/" in text_of(mailbox[0], kind)
        assert "localhost" not in text_of(mailbox[0], kind)


def test_without_a_mail_server_the_mail_stays_due_and_is_not_counted(sign_up, mailbox, settings):
    sign_up()
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    send_confirmation_mails()

    pending = PendingSignup.objects.get()
    assert (pending.status, pending.mails_sent, pending.last_mail_at) == ("mail_due", 0, None)

    settings.EMAIL_PORT = port
    send_confirmation_mails()
    assert len(mailbox) == 1


@pytest.mark.parametrize(
    ("error", "status", "mails_sent"),
    [
        # Refused for now: due again at the next tick.
        (smtplib.SMTPRecipientsRefused({ADDRESS: (450, b"try later")}), "mail_due", 0),
        (smtplib.SMTPDataError(451, b"try later"), "mail_due", 0),
        # Refused for good: nobody is there.
        (smtplib.SMTPRecipientsRefused({ADDRESS: (550, b"no such user")}), "waiting", 1),
        # Nobody knows whether it left: counted, and due again tomorrow.
        (smtplib.SMTPServerDisconnected("gone"), "mail_due", 1),
        (TimeoutError(), "mail_due", 1),
    ],
)
def test_whatever_the_mail_server_does_nobody_gets_two_in_a_day(
    sign_up, mailbox, monkeypatch, error, status, mails_sent
):
    sign_up()

    def fail(*_message):
        raise error

    with monkeypatch.context() as broken:
        broken.setattr(EmailBackend, "_send", fail)
        send_confirmation_mails()

    pending = PendingSignup.objects.get()
    assert (pending.status, pending.mails_sent) == (status, mails_sent)
    send_confirmation_mails()
    assert len(mailbox) == (1 if (status, mails_sent) == ("mail_due", 0) else 0)


def test_one_mail_that_fails_does_not_keep_the_others(sign_up, mailbox, monkeypatch):
    for number in range(5):
        sign_up(f"person-{number}@example.test")
    send_one = EmailBackend._send

    def fail_for_one(backend, message):
        if message.to == ["person-2@example.test"]:
            raise smtplib.SMTPServerDisconnected("gone")
        return send_one(backend, message)

    monkeypatch.setattr(EmailBackend, "_send", fail_for_one)
    send_confirmation_mails()

    assert len(mailbox) == 4


def test_a_hundred_and_twenty_signups_go_out_in_batches(sign_up, mailbox):
    for number in range(120):
        sign_up(f"person-{number}@example.test")
    send_confirmation_mails()

    assert len({mail["To"] for mail in mailbox}) == len(mailbox) == 120


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_each_mail_once(sign_up, mailbox):
    other = make_form(slug="autre")
    for number in range(20):
        sign_up(f"person-{number}@example.test")
        sign_up(f"person-{number}@example.test", other=other)

    def work():
        try:
            send_confirmation_mails()
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _worker in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len(mailbox) == 20
    assert len({mail["To"] for mail in mailbox}) == 20


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_sends_the_mail_of_a_signup(sign_up, celery_processes, mailbox):
    sign_up()

    wait_until(lambda: mailbox.to(ADDRESS), 30, why="the confirmation mail did not come")


@pytest.mark.django_db(transaction=True)
def test_a_signup_whose_nudge_is_lost_is_kept_and_found_by_the_next_tick(sign_up, mailbox, monkeypatch):
    def lost(*_arguments):
        raise ConnectionError("no broker")

    monkeypatch.setattr("prospects.tasks.send_confirmation_mails.delay", lost)

    assert sign_up().status_code == 200
    send_confirmation_mails()
    assert len(mailbox) == 1


@pytest.mark.django_db(transaction=True)
def test_pressing_the_button_twice_at_once_lets_one_person_in_once(client, sign_up, mailbox):
    sign_up()
    link = confirmation_link(mailbox, ADDRESS)
    seen = PendingSignup.objects.get().digest
    answers = []

    def press():
        try:
            answers.append(Client().post(link, {"seen": seen}).status_code)
        finally:
            connection.close()

    presses = [threading.Thread(target=press) for _time in range(4)]
    for one in presses:
        one.start()
    for one in presses:
        one.join()

    assert answers == [200] * 4
    assert Prospect.objects.count() == 1
    assert Act.objects.filter(kind="confirmed").count() == 1
