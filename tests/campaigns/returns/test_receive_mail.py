"""What comes back: addresses that fail, complaints, stops by mail, automatic answers, replies."""

import io
import json
import mailbox as maildirs
from collections import Counter
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from campaigns.models import Bounce, Reply
from campaigns.returns.take_in import settle_reply, take_in
from campaigns.returns.understand import Kind, understand
from consent.models import Act, Objection
from consent.stop_links import stop_token
from prospects.models import Interaction, Prospect
from prospects.reach import decode, verdicts_sql
from prospects.retention import erase_person
from tests.campaigns.returns.flufl_corpus import corpus
from tests.campaigns.returns.mails import complaint, reply, report

pytestmark = pytest.mark.django_db


def receive(data):
    return take_in(understand(data), at=timezone.now())


def test_a_report_that_the_address_does_not_exist_makes_it_undeliverable_and_is_no_objection(message):
    assert receive(report(message))

    message.detail.refresh_from_db()
    assert message.detail.state == "undeliverable"
    assert message.bounces.get().status == "5.1.1"
    assert not Objection.objects.exists()


@pytest.mark.parametrize(
    ("action", "status"), [("failed", "5.2.2"), ("failed", "4.4.7"), ("delayed", "4.4.1"), ("failed", "5.7.1")]
)
def test_a_report_of_a_passing_failure_leaves_the_address(message, action, status):
    receive(report(message, action=action, status=status, diagnosis="452 later"))

    message.detail.refresh_from_db()
    assert message.detail.state == "usable"
    assert message.bounces.get().kind == "soft"


def test_the_same_report_twice_counts_once(message):
    assert receive(report(message))
    assert not receive(report(message))

    assert Bounce.objects.count() == 1


def test_a_forged_or_foreign_report_changes_nothing(message):
    data = report(message).replace(message.message_id.hex.encode(), uuid4().hex.encode())

    assert not receive(data)
    assert not receive(complaint(message).replace(message.message_id.hex.encode(), b"made-up"))

    message.detail.refresh_from_db()
    assert message.detail.state == "usable"
    assert not Bounce.objects.exists()
    assert not Objection.objects.exists()


def test_a_report_to_the_return_path_needs_no_message_id(message):
    data = report(message).replace(b"Message-ID: <", b"X-Lost: <")
    data = data.replace(b"To: lettre@example.test", f"To: retours+{message.message_id.hex}@example.test".encode())

    assert receive(data)


def test_a_complaint_is_an_objection_to_all_e_mail(message):
    assert receive(complaint(message))

    objection = Objection.objects.get()
    assert (objection.address_key, objection.channel, objection.purpose) == (message.detail.address_key, "email", None)
    assert set(Act.objects.filter(kind="objected").values_list("origin", flat=True)) == {"complaint"}


def test_a_report_that_a_mail_is_no_spam_is_no_complaint(message):
    assert understand(complaint(message, "not-spam")).kind is Kind.UNKNOWN


def test_a_mail_to_the_stop_address_stops_what_its_token_says(message):
    token = stop_token(message.detail.address_key, "email", message.campaign.purpose_id)

    assert receive(f"From: {message.detail.address}\nTo: stop@example.test\nSubject: {token}\n\n".encode())

    objection = Objection.objects.get()
    assert objection.purpose == message.campaign.purpose


@pytest.mark.parametrize("purpose_id", [0, 2**31 - 1])
def test_a_stop_for_a_purpose_that_is_none_or_no_more_stops_the_channel(message, purpose_id):
    token = stop_token(message.detail.address_key, "email", purpose_id)

    assert receive(f"From: {message.detail.address}\nTo: stop@example.test\nSubject: {token}\n\n".encode())

    connection.check_constraints()
    objection = Objection.objects.get()
    assert (objection.channel, objection.purpose) == ("email", None)


@pytest.mark.parametrize("charset", ["utf-8", "no-such-charset", "utf-16", "utf-7"])
@pytest.mark.parametrize("odd", [b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"+2AA-"])
def test_no_byte_of_a_reply_or_a_report_keeps_it_from_being_taken_in(message, charset, odd):
    written = reply(message, "Merci HERE").replace(b"HERE", odd).replace(b"utf-8", charset.encode())
    reported = report(message).replace(b"Diagnostic-Code: smtp;", b"Diagnostic-Code: smtp; " + odd)

    assert receive(written)
    assert receive(reported)


@pytest.mark.parametrize(
    ("subject", "headers"),
    [
        ("Réponse automatique : Nos nouveautés", {}),
        ("Out of office: Nos nouveautés", {}),
        ("Re: Nos nouveautés", {"Auto_Submitted": "auto-replied"}),
        ("Re: Nos nouveautés", {"X_Autoreply": "yes"}),
    ],
)
def test_an_automatic_answer_is_ignored(message, subject, headers):
    data = reply(message, "Je suis absente, ne m'écrivez plus cette semaine.", subject=subject, **headers)

    assert understand(data).kind is Kind.AUTOREPLY
    assert not receive(data)
    assert not Interaction.objects.exists()


def test_a_reply_is_an_interaction_that_staff_can_read(message):
    assert receive(reply(message, "Merci, vos ateliers sont-ils ouverts le samedi ?"))

    assert Interaction.objects.get().kind == "replied"
    kept = Reply.objects.get()
    assert kept.verdict == "read_on"
    assert "ateliers" in kept.text
    assert not Objection.objects.exists()


@pytest.mark.parametrize(
    "text",
    [
        "STOP",
        "Bonjour, merci de me désinscrire.",
        "Je ne souhaite plus recevoir vos e-mails.",
        "Cessez de m'envoyer des courriels !",
        "Retirez-moi de votre liste svp",
        "Please unsubscribe me",
        "Take me off this list.",
        "Don't contact me again",
    ],
)
def test_a_reply_that_asks_to_stop_is_an_objection(message, text):
    receive(reply(message, text))

    assert Objection.objects.get().address_key == message.detail.address_key
    assert Reply.objects.get().verdict == "stop"


def test_a_doubtful_reply_holds_its_writer_until_staff_have_read_it(message):
    receive(reply(message, "D'où tenez-vous mon adresse ? Je vais en parler à la CNIL."))

    kept = Reply.objects.get()
    assert kept.verdict == "doubtful"
    assert verdict_on(message) == "held"

    settle_reply(kept, stop=False, at=timezone.now())
    assert verdict_on(message) == "consent"


def test_whoever_wrote_a_doubtful_reply_may_still_be_erased_at_their_wish(message):
    receive(reply(message, "Ça suffit, ces spams."))
    prospect = message.detail.prospect
    assert prospect.holds.exists()

    erase_person(prospect, timezone.now())

    assert not Prospect.objects.filter(pk=prospect.pk).exists()


def test_a_doubtful_reply_that_staff_find_to_be_a_stop_is_an_objection(message):
    receive(reply(message, "Ça suffit, ces spams."))

    settle_reply(Reply.objects.get(), stop=True, at=timezone.now())
    assert verdict_on(message) == "objected"


def verdict_on(message):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(verdicts_sql(message.campaign.as_law_message(), timezone.now()))
        [row] = cursor.fetchall()
    return str(decode(row[3])[1])


def test_what_was_written_goes_with_the_person(message):
    receive(reply(message, "Merci !"))

    message.detail.prospect.delete()

    assert not Reply.objects.exists()


def test_a_dry_run_changes_nothing_and_says_what_it_understood(message, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(report(message))))

    call_command("receive_mail", "--dry-run", "--json")

    assert json.loads(capsys.readouterr().out) == {
        "kind": "hard",
        "recipient": message.detail.address,
        "status": "5.1.1",
        "reason": "550 5.1.1 No such user",
    }
    assert not Bounce.objects.exists()


def test_one_mail_is_taken_in_from_standard_input(message, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(report(message))))

    call_command("receive_mail")

    message.detail.refresh_from_db()
    assert message.detail.state == "undeliverable"
    assert capsys.readouterr().out == f"hard {message.detail.address} (taken in)\n"


def test_a_maildir_is_taken_in_once(message, tmp_path, capsys):
    folder = maildirs.Maildir(tmp_path / "returns")
    folder.add(report(message))

    call_command("receive_mail", "--maildir", str(tmp_path / "returns"))
    call_command("receive_mail", "--maildir", str(tmp_path / "returns"))

    assert capsys.readouterr().out.count("taken in") == 1
    assert Bounce.objects.count() == 1


def test_the_public_test_messages_of_flufl_bounce_are_understood(capsys):
    try:
        samples = corpus(django_settings.VAR_DIR / "flufl")
    except OSError as error:
        pytest.skip(f"the source archive of flufl.bounce cannot be fetched: {error}")

    figures = Counter()
    for sample in samples:
        understood = understand(sample.data)
        figures["bounces"] += understood.kind in (Kind.HARD, Kind.SOFT)
        figures["addresses"] += understood.recipient in sample.addresses
        figures["kinds"] += understood.kind is (Kind.SOFT if sample.temporary else Kind.HARD)
    with capsys.disabled():
        print(f"\n{len(samples)} messages of flufl.bounce: {dict(figures)}")  # noqa: T201
    assert figures["bounces"] == figures["addresses"] == len(samples) == 111
    # Three failures for good carry a status of 4.x.x; we take the status at its word.
    assert figures["kinds"] >= 108


def test_staff_settle_a_doubtful_reply_in_the_admin(message, admin_client):
    receive(reply(message, "Ça suffit, ces spams."))
    page = reverse("admin:campaigns_reply_changelist")

    answer = admin_client.post(
        page, {"action": "asks_to_stop", "_selected_action": [Reply.objects.get().pk]}, follow=True
    )

    assert answer.status_code == 200
    assert Objection.objects.get().address_key == message.detail.address_key
    assert Reply.objects.get().read_at is not None
