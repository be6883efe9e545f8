"""Campaigns are written, judged, scheduled and followed by programs as in the workspace."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns.models import Campaign
from tests.factories import make_campaign, make_consent, make_detail, make_message, make_purpose, make_sender

pytestmark = pytest.mark.django_db


def written(purpose, **fields):
    return {"name": "Spring", "purpose": purpose.slug, "subject": "Spring", "body": "Bonjour {{ first_name }}"} | fields


def test_a_campaign_is_written_as_a_draft(program):
    answer = program.post("/campaigns", written(make_purpose()))

    campaign = Campaign.objects.get()
    assert (answer.status_code, answer.json()["id"], campaign.status) == (201, campaign.pk, "draft")
    assert campaign.versions.get().content["subject"] == "Spring"


@pytest.mark.parametrize("wrong", [{"body": "Bonjour {{ firstname }}"}, {"purpose": "none"}, {"format": "html"}])
def test_a_campaign_that_the_workspace_would_refuse_is_refused(program, wrong):
    assert program.post("/campaigns", written(make_purpose()) | wrong).status_code == 422
    assert not Campaign.objects.exists()


def test_pages_of_campaigns_follow_each_other(program):
    made = [make_campaign(name=f"n{number}").pk for number in range(5)]

    first = program.get("/campaigns?limit=3").json()
    make_campaign(name="meanwhile")
    second = program.get(f"/campaigns?limit=3&cursor={first['next']}").json()

    assert [item["id"] for item in first["items"] + second["items"]] == made[::-1]
    assert second["next"] is None


@pytest.mark.parametrize("cursor", ["x", "-1", "é", "AAAA", "LTE"])
def test_a_cursor_that_no_page_gave_is_refused(program, cursor):
    assert program.get(f"/campaigns?cursor={cursor}").status_code == 400


def test_the_audience_is_counted_by_ground_and_reason(program):
    purpose = make_purpose()
    make_consent(make_detail(), purpose)
    make_detail()

    audience = program.get(f"/campaigns/{make_campaign(purpose=purpose).pk}/audience").json()

    assert (audience["reachable"], audience["unreachable"]) == (1, 1)
    assert audience["by_ground"] == {"consent": 1}


def test_a_campaign_is_scheduled_and_cancelled(program):
    campaign = make_campaign()
    at = (timezone.now() + timedelta(days=1)).isoformat()

    assert program.post(f"/campaigns/{campaign.pk}/schedule", {"send_at": at}).json()["status"] == "scheduled"
    assert program.post(f"/campaigns/{campaign.pk}/schedule", {"send_at": at}).status_code == 409
    assert program.post(f"/campaigns/{campaign.pk}/cancel", {}).json()["status"] == "cancelled"


def test_nothing_is_scheduled_in_the_past(program):
    at = (timezone.now() - timedelta(minutes=1)).isoformat()

    assert program.post(f"/campaigns/{make_campaign().pk}/schedule", {"send_at": at}).status_code == 422


def test_the_results_say_what_became_of_each_message(program):
    message = make_message(status="withheld", reason="objected")

    results = program.get(f"/campaigns/{message.campaign_id}/results").json()

    assert (results["messages"], results["withheld_for"]) == (1, {"objected": 1})


@pytest.mark.parametrize("path", ["", "/audience", "/results"])
def test_a_campaign_that_does_not_exist_is_a_problem(program, path):
    assert program.get(f"/campaigns/999999{path}").status_code == 404


def test_the_results_of_a_narrowed_campaign_single_nobody_out(program):
    message = make_message(status="withheld", reason="objected")
    Campaign.objects.update(filter={"places": ["75011"]}, launched_at=timezone.now())

    results = program.get(f"/campaigns/{message.campaign_id}/results").json()

    assert results["withheld_for"] == {}


def test_a_campaign_names_its_sender_by_the_address(program):
    make_sender(address="ateliers@example.test")
    make_sender(address="ancien@example.test", is_active=False)

    told = program.post("/campaigns", written(make_purpose(), sender="Ateliers@example.test")).json()

    assert (told["sender"], Campaign.objects.get().sender.address) == ("ateliers@example.test", "ateliers@example.test")
    assert program.post("/campaigns", written(make_purpose())).json()["sender"] is None
    assert program.post("/campaigns", written(make_purpose(), sender="ancien@example.test")).status_code == 422


def test_an_sms_is_written_where_a_gateway_is_set_up(program, settings):
    said = {"name": "Soldes", "channel": "sms", "purpose": make_purpose().slug, "body": "Nos soldes commencent"}

    assert program.post("/campaigns", said).status_code == 422
    settings.SMS_GATEWAY, settings.SMS_SENDER = "http://loyal:secret@127.0.0.1:9/cgi-bin/sendsms", "Maison"
    settings.SMS_STOP_NUMBER = "36111"
    answer = program.post("/campaigns", said)

    assert (answer.status_code, answer.json()["channel"]) == (201, "sms")
