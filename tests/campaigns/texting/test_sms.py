"""SMS through the real Kannel: from the schedule to what reaches a phone, to the stop that comes back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns import launch
from campaigns.delivery.claim import claim, settle_expired
from campaigns.models import Bounce, Campaign, Message, Reply
from campaigns.tasks import send_queued_messages
from campaigns.texting.reports import report_address
from consent.models import Objection
from consent.vocabulary import Channel, Medium
from prospects.models import ContactDetail
from tests.campaigns.texting.conftest import text_campaign, text_to
from tests.factories import make_consent, make_detail, make_purpose
from tests.processes import wait_until

IN_HOURS = pytest.mark.time_machine("2026-11-25 10:00+01:00")
pytestmark = [pytest.mark.django_db(transaction=True), IN_HOURS]


def send():
    send_queued_messages(Channel.SMS.value)


def test_from_schedule_to_outcome_to_stop(gateway, live_server):
    purpose = make_purpose()
    detail = make_detail("+33612345678", medium=Medium.PHONE)
    for channel in (Channel.SMS, Channel.PHONE):
        make_consent(detail, purpose, channel=channel)
    campaign = text_campaign(status="draft", purpose=purpose, send_at=None)

    launch.schedule(campaign, send_at=timezone.now() + timedelta(minutes=1), now=timezone.now())
    launch.launch(campaign, at=timezone.now() + timedelta(minutes=1))
    send()

    message = campaign.messages.get()
    assert (message.status, message.ground) == ("sent", "consent")
    wait_until(gateway.texts)
    assert gateway.texts() == [
        ("Maison", "+33612345678", "Maison Exemple: Nos soldes commencent, Camille. STOP au 36111")
    ]

    gateway.phones_say("33612345678 36111 text Arrêt !")
    wait_until(Objection.objects.exists)

    assert set(Objection.objects.values_list("channel", flat=True)) == {"sms", "mms"}  # calls to this number may go on
    wait_until(lambda: len(gateway.texts()) == 2)
    assert "plus de SMS" in gateway.texts()[1][2]

    again = text_campaign(purpose=purpose)
    Message.objects.create(campaign=again, detail=detail, ground="consent")
    send()
    assert again.messages.values_list("status", "reason").get() == ("withheld", "objected")


@pytest.mark.parametrize("said", ["STOP", " s.t.o.p ", "stop pub svp", "ARRET", "Arrêtez de m'écrire", "Unsubscribe"])
def test_stop_in_any_form_and_from_a_number_never_written_to_is_an_objection_confirmed_once(client, sms, said):
    text_campaign()
    address = f"/returns/sms/incoming/{sms.SMS_INCOMING_SECRET}/"

    answers = [client.get(address, {"from": "33699999999", "text": said}).content.decode() for _ in range(2)]

    assert "plus de SMS" in answers[0]
    assert answers[1] == ""
    assert Objection.objects.filter(channel="sms").count() == 1


def test_contact_answers_who_we_are_and_anything_else_is_kept_for_staff(client, sms):
    message = text_to("+33612345678", text_campaign())
    Message.objects.filter(pk=message.pk).update(status="sent", ground="consent")
    address = f"/returns/sms/incoming/{sms.SMS_INCOMING_SECRET}/"

    assert "Maison Exemple" in client.get(address, {"from": "33612345678", "text": " contact"}).content.decode()
    assert client.get(address, {"from": "33612345678", "text": "À quelle heure ouvrez-vous ?"}).content == b""

    assert not Objection.objects.exists()
    assert Reply.objects.get().verdict == "read_on"


def test_whoever_does_not_know_the_secret_or_the_seal_is_told_nothing(client, sms):
    message = text_to("+33612345678", text_campaign())
    foreign = report_address(Channel.SMS, message.detail.address_key.hex)[:-2] + "x/"

    assert client.get("/returns/sms/incoming/guessed/", {"from": "33612345678", "text": "STOP"}).status_code == 404
    assert client.get(foreign[foreign.index("/returns") :], {"type": "2"}).status_code == 404
    assert not Objection.objects.exists()


def report_of(message, client, kind, answer=""):
    address = report_address(Channel.SMS, message.message_id.hex)
    client.get(address[address.index("/returns") :], {"type": kind, "answer": answer})
    message.refresh_from_db()


def test_what_did_not_arrive_failed_and_a_number_that_is_nobodys_is_written_to_no_more(gateway, client):
    message = text_to("+33612345678", text_campaign())
    send()
    message.refresh_from_db()
    assert message.status == "sent"

    report_of(message, client, "2", "id:1 stat:UNDELIV err:001 text:")

    assert (message.status, message.reason, message.ground) == ("failed", "not_delivered", "consent")
    assert Bounce.objects.get().kind == "hard"
    assert ContactDetail.objects.get(pk=message.detail_id).state == "undeliverable"


def test_a_worker_killed_in_mid_air_leaves_unknown_what_a_report_may_still_settle(sms, client):
    message = text_to("+33612345678", text_campaign())
    claim(10, at=timezone.now(), channel=Channel.SMS)  # and the worker is gone
    settle_expired(at=timezone.now() + timedelta(hours=2))
    send()
    message.refresh_from_db()
    assert (message.status, message.ground) == ("unknown", "consent")

    report_of(message, client, "1")

    assert (message.status, message.ground) == ("sent", "consent")


def test_a_gateway_that_does_not_answer_keeps_texts_queued_and_says_why(sms):
    message = text_to("+33612345678", text_campaign())

    send()

    message.refresh_from_db()
    assert (message.status, message.ground, message.attempts) == ("queued", "consent", 0)
    assert Campaign.objects.get().trouble


@pytest.mark.time_machine("2026-11-28 21:00+01:00")  # Saturday night in Paris; in Martinique it is 16:00
def test_outside_the_hours_of_each_recipient_a_text_waits_for_the_next(gateway):
    campaign = text_campaign()
    late = text_to("+33612345678", campaign)
    early = text_to("+33687654321", campaign, time_zone="America/Martinique")

    send()

    late.refresh_from_db()
    early.refresh_from_db()
    assert (early.status, late.status, late.attempts, late.ground) == ("sent", "queued", 0, "consent")
    assert late.not_before.isoformat() == "2026-11-30T07:00:00+00:00"  # Monday at eight


def test_no_text_leaves_for_somebody_who_objected_between_the_launch_and_the_sending(gateway, client, sms):
    message = text_to("+33612345678", text_campaign())
    client.get(f"/returns/sms/incoming/{sms.SMS_INCOMING_SECRET}/", {"from": "0612345678", "text": "stop"})

    send()

    message.refresh_from_db()
    assert (message.status, message.reason) == ("withheld", "objected")
    assert gateway.texts() == []
