"""Writing a campaign, and seeing it as a reader would."""

import uuid

import pytest
from django.utils import timezone

from campaigns import launch
from campaigns.models import Campaign
from prospects.models import Activity, Family
from tests.campaigns.pages import Status, text, written
from tests.factories import (
    make_campaign,
    make_marketer,
    make_purpose,
)


def test_a_campaign_is_written_and_saved_as_a_draft(workspace, marketer):
    purpose = make_purpose()
    Family.objects.create(path="garden", name_fr="Jardin")
    Activity.objects.create(slug="baker", name_fr="Boulangerie")

    workspace.post("/campaigns/new/", written(purpose, families=["garden"], activities=["baker"]))

    campaign = Campaign.objects.get()
    assert (campaign.status, campaign.created_by, campaign.channel) == (Status.DRAFT, marketer, "email")
    assert (campaign.families, campaign.activities) == (["garden"], ["baker"])


def test_saving_twice_by_a_double_press_makes_one_campaign(workspace):
    data = written(make_purpose(), creation_key=str(uuid.uuid4()))

    for _ in range(2):
        workspace.post("/campaigns/new/", data)

    assert Campaign.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("body", "Bonjour {{ prenom }}", "There is no field “prenom”"),
        ("subject", "Pour {{ first_name", "braces are not closed"),
        ("body", "", "This field is required"),
        ("name", "", "This field is required"),
    ],
)
def test_what_is_wrong_in_a_text_is_said_and_what_was_written_stays(workspace, name, value, words):
    response = workspace.post("/campaigns/new/", written(make_purpose(), **{name: value}))

    assert words in text(response)
    assert "Nos nouveautés" in text(response) or name == "subject"
    assert not Campaign.objects.exists()


def test_an_edit_over_somebody_elses_is_held_back_once(workspace):
    campaign = make_campaign()
    launch.edit(Campaign.objects.get(pk=campaign.pk), subject="De ma collègue")
    mine = written(campaign.purpose, subject="De moi", version=campaign.version)

    response = workspace.post(f"/campaigns/{campaign.pk}/edit/", mine)

    campaign.refresh_from_db()
    assert campaign.subject == "De ma collègue"
    assert "was changed while you were writing" in text(response)
    assert "De moi" in text(response)

    workspace.post(f"/campaigns/{campaign.pk}/edit/", mine | {"version": campaign.version})

    campaign.refresh_from_db()
    assert campaign.subject == "De moi"


def test_saving_an_edit_twice_by_a_double_press_is_no_conflict(workspace):
    campaign = make_campaign()
    mine = written(campaign.purpose, version=campaign.version)

    for _ in range(2):
        response = workspace.post(f"/campaigns/{campaign.pk}/edit/", mine)

    assert response.status_code == 302


def test_only_a_draft_can_be_edited(workspace):
    campaign = make_campaign(status="scheduled", send_at=timezone.now())

    response = workspace.get(f"/campaigns/{campaign.pk}/edit/", follow=True)

    assert "Only a draft can be changed" in text(response)


def test_a_duplicate_is_a_draft_of_its_own_and_is_made_once(workspace):
    now = timezone.now()
    campaign = make_campaign(status="done", send_at=now, finished_at=now, audience={"at": now.isoformat()})
    key = str(uuid.uuid4())

    for _ in range(2):
        workspace.post(f"/campaigns/{campaign.pk}/duplicate/", {"creation_key": key})

    copy = Campaign.objects.exclude(pk=campaign.pk).get()
    assert (copy.name, copy.status, copy.send_at, copy.audience) == ("Copy of Rentrée", Status.DRAFT, None, {})
    assert (copy.subject, copy.body, copy.purpose) == (campaign.subject, campaign.body, campaign.purpose)


def test_the_preview_follows_what_is_typed_and_fills_its_fields(workspace):
    response = workspace.post("/campaigns/preview/", written(make_purpose(), subject="Pour {{ first_name }}"))

    assert "Pour Camille" in text(response)
    frame = workspace.get(response.content.decode().split('src="')[1].split('"')[0])
    assert "Bonjour Camille" in text(frame)
    assert "sandbox" in frame["Content-Security-Policy"]
    assert "default-src 'none'" in frame["Content-Security-Policy"]
    assert frame["X-Frame-Options"] == "SAMEORIGIN"


def test_the_preview_says_what_is_wrong_instead(workspace):
    response = workspace.post("/campaigns/preview/", written(make_purpose(), body="{{ nobody }} {{"))

    assert "There is no field “nobody”" in text(response)
    assert "braces are not closed" in text(response)


def test_the_preview_of_a_page_just_opened_shows_no_error(workspace):
    assert "alert" not in text(workspace.post("/campaigns/preview/", {}))


def test_a_preview_is_shown_to_its_writer_alone(workspace, client):
    response = workspace.post("/campaigns/preview/", written(make_purpose()))
    frame = response.content.decode().split('src="')[1].split('"')[0]

    client.force_login(make_marketer())

    assert client.get(frame).status_code == 404


def test_what_marketers_write_never_runs_in_the_page(workspace):
    campaign = make_campaign(
        name="<script>alert(1)</script>", subject="<script>alert(1)</script>", body="<script>alert(1)</script>"
    )

    for address in ("/campaigns/", campaign.get_absolute_url(), f"/campaigns/{campaign.pk}/message/"):
        assert "<script>alert" not in workspace.get(address).content.decode()


def test_without_redis_the_preview_is_away_and_writing_goes_on(workspace, settings):
    settings.CACHES = {"default": {"BACKEND": "config.redis_cache.RedisCache", "LOCATION": "redis://127.0.0.1:1"}}
    purpose = make_purpose()

    assert "away for a moment" in text(workspace.post("/campaigns/preview/", written(purpose)))
    assert workspace.post("/campaigns/new/", written(purpose)).status_code == 302
    assert Campaign.objects.exists()
