import uuid
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from campaigns import launch
from campaigns.models import Campaign
from prospects.models import Activity, Family
from tests.factories import (
    make_campaign,
    make_consent,
    make_detail,
    make_marketer,
    make_message,
    make_organisation,
    make_purpose,
)

Status = Campaign.Status


def text(response):
    """What a page says, on one line."""
    return " ".join(response.content.decode().split())


def written(purpose, **fields):
    return {
        "name": "Rentrée",
        "purpose": purpose.pk,
        "language": "fr",
        "subject": "Nos nouveautés",
        "body": "Bonjour {{ first_name | cher lecteur }}",
        "sector": "",
        **fields,
    }


# ---- The list ----


def test_an_empty_workspace_says_what_to_do_first(workspace):
    assert "an administrator defines a purpose" in text(workspace.get("/campaigns/"))

    make_purpose()

    assert "Write the first campaign" in text(workspace.get("/campaigns/"))


def test_what_awaits_a_decision_comes_first(workspace):
    now = timezone.now()
    for status in ("done", "draft", "scheduled", "running", "late"):
        make_campaign(name=f"is {status}", status=status, send_at=now, finished_at=now)

    page = text(workspace.get("/campaigns/"))

    order = [page.index(f"is {status}") for status in ("late", "running", "scheduled", "draft", "done")]
    assert order == sorted(order)


# ---- Writing ----


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


# ---- Preview ----


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


# ---- Audience ----


def test_the_audience_is_told_by_ground_and_by_reason_with_the_law_behind_it(workspace):
    campaign = make_campaign()
    for _ in range(2):
        make_consent(make_detail(), campaign.purpose)
    make_detail()

    page = text(workspace.get(f"/campaigns/{campaign.pk}/audience/?at={(timezone.now() + timedelta(1)).isoformat()}"))

    assert "<strong>2</strong> may receive it" in page
    assert "<strong>1</strong> may not" in page
    assert "the person&#x27;s consent" in page
    assert "no consent" in page
    assert "L34-5" in page


def test_after_the_launch_the_audience_is_the_one_of_that_moment(workspace):
    now = timezone.now()
    campaign = make_campaign(
        status="running",
        send_at=now,
        launched_at=now,
        audience={"at": now.isoformat(), "allowed": {"consent": 12000}, "refused": {"objected": 3}},
    )

    page = text(workspace.get(f"/campaigns/{campaign.pk}/audience/"))

    assert "<strong>12,000</strong> could receive it" in page
    assert "<strong>3</strong> could not" in page


# ---- A test to oneself ----


def test_a_double_press_sends_one_test(workspace, mailbox, marketer):
    campaign = make_campaign()

    for _ in range(2):
        workspace.post(f"/campaigns/{campaign.pk}/test/")

    assert [mail["X-Recipients"] for mail in mailbox] == [marketer.email]


def test_whoever_has_no_address_is_told(workspace, marketer, mailbox):
    User.objects.filter(pk=marketer.pk).update(email="")

    response = workspace.post(f"/campaigns/{make_campaign().pk}/test/", follow=True)

    assert "Your account has no e-mail address" in text(response)
    assert not list(mailbox)


def test_a_mail_server_that_is_away_is_said_and_the_test_may_be_tried_again(workspace, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    campaign = make_campaign()

    response = workspace.post(f"/campaigns/{campaign.pk}/test/", follow=True)

    assert "The mail server did not take the test" in text(response)
    campaign.refresh_from_db()
    assert campaign.tested_at is None


# ---- Scheduling ----


def schedule(workspace, campaign, day, clock, **fields):
    data = {"day": day, "time": clock, "version": campaign.version, **fields}
    return workspace.post(f"/campaigns/{campaign.pk}/schedule/", data, follow=True)


@pytest.mark.time_machine("2026-11-25 09:00+01:00")
def test_a_summary_is_read_before_anything_is_scheduled(workspace):
    campaign = make_campaign()

    summary = schedule(workspace, campaign, "2026-12-01", "09:00")

    campaign.refresh_from_db()
    assert campaign.is_draft
    assert "Tuesday 1 December 2026 at 09:00" in text(summary)

    schedule(workspace, campaign, "2026-12-01", "09:00", confirm="1")

    campaign.refresh_from_db()
    assert campaign.status == Status.SCHEDULED
    assert campaign.send_at.isoformat() == "2026-12-01T08:00:00+00:00"


@pytest.mark.time_machine("2026-11-25 09:00+01:00")
@pytest.mark.parametrize(
    ("day", "clock", "words"),
    [
        ("2026-11-24", "18:00", "This day is past"),
        ("2026-11-25", "08:59", "This time is past"),
        ("2027-03-28", "02:30", "this time does not exist. Choose for example 01:30 or 03:30"),
        ("2029-01-01", "09:00", "more than a year away"),
        ("0001-01-01", "09:00", "This day is past"),
        ("9999-12-31", "09:00", "more than a year away"),
        ("2026-02-30", "09:00", "Enter a valid date"),
        ("2026-12-01", "25:00", "Enter a valid time"),
        ("", "", "This field is required"),
    ],
)
def test_a_time_at_which_nothing_can_leave_is_refused_with_words(workspace, day, clock, words):
    campaign = make_campaign()

    response = schedule(workspace, campaign, day, clock, confirm="1")

    assert words in text(response)
    campaign.refresh_from_db()
    assert campaign.is_draft


@pytest.mark.time_machine("2026-11-25 09:00+01:00")
def test_of_a_time_that_comes_twice_the_first_is_taken_and_said(workspace):
    campaign = make_campaign()

    summary = schedule(workspace, campaign, "2027-10-31", "02:30")
    schedule(workspace, campaign, "2027-10-31", "02:30", confirm="1")

    assert "comes twice: the first one is taken" in text(summary)
    campaign.refresh_from_db()
    assert campaign.send_at.isoformat() == "2027-10-31T00:30:00+00:00"


def test_scheduling_twice_by_a_double_press_is_one_schedule_without_a_complaint(workspace):
    campaign, tomorrow = make_campaign(), timezone.localdate() + timedelta(days=1)

    for _ in range(2):
        response = schedule(workspace, campaign, tomorrow, "09:00", confirm="1")

    campaign.refresh_from_db()
    assert campaign.status == Status.SCHEDULED
    assert "alert-warning" not in text(response)


def test_what_changed_after_the_summary_is_not_scheduled_unread(workspace):
    campaign, tomorrow = make_campaign(), timezone.localdate() + timedelta(days=1)
    launch.edit(Campaign.objects.get(pk=campaign.pk), subject="Autre chose")

    response = schedule(workspace, campaign, tomorrow, "09:00", confirm="1")

    assert "was changed while you were reading" in text(response)
    campaign.refresh_from_db()
    assert campaign.is_draft


def test_what_is_missing_is_said_before_scheduling(workspace):
    make_organisation(sender_email="")
    campaign = make_campaign()

    assert "Before it can be scheduled" in text(workspace.get(f"/campaigns/{campaign.pk}/schedule/"))
    assert "sender" in text(workspace.get(campaign.get_absolute_url()))


# ---- Following ----


def test_the_page_of_a_running_campaign_asks_again_and_reloads_once_it_ends(workspace):
    campaign = make_campaign(status="running", send_at=timezone.now(), launched_at=timezone.now())
    make_message(campaign=campaign)
    make_message(campaign=campaign, status="sent", ground="consent")
    address = f"/campaigns/{campaign.pk}/progress/?status=running"

    part = text(workspace.get(address, headers={"HX-Request": "true"}))
    assert "<strong>1</strong> of 2 done (50 %)" in part
    assert "every 2s" in part

    Campaign.objects.update(status="done", finished_at=timezone.now())
    assert workspace.get(address, headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_a_trouble_of_the_servers_is_said_without_their_words(workspace):
    campaign = make_campaign(
        status="running", send_at=timezone.now(), launched_at=timezone.now(), trouble="450 <x@example.test>"
    )

    page = text(workspace.get(campaign.get_absolute_url()))

    assert "The mail servers do not take messages at this moment" in page
    assert "450" not in page


def test_the_results_say_how_many_received_it_and_why_the_others_did_not(workspace):
    now = timezone.now()
    campaign = make_campaign(
        status="done",
        send_at=now,
        launched_at=now,
        finished_at=now,
        audience={"at": now.isoformat(), "allowed": {"consent": 4}, "refused": {"no_consent": 7, "objected": 1}},
    )
    make_message(campaign=campaign, status="sent", ground="consent")
    make_message(campaign=campaign, status="withheld", reason="objected")
    make_message(campaign=campaign, status="failed", reason="554 no")
    make_message(campaign=campaign, status="unknown", reason="lease_expired")

    page = text(workspace.get(campaign.get_absolute_url()))

    assert "<strong>1</strong> person received it" in page
    assert "<strong>10</strong> did not" in page
    for count, words in ((7, "no consent"), (2, "the person objected"), (1, "refused by the mail server")):
        assert f'<span class="line-count">{count}</span> <span class="line-words">{words}' in page
    assert "1 message was interrupted while leaving" in page


@pytest.mark.parametrize(
    ("step", "before", "after"),
    [
        ("pause", "running", "paused"),
        ("resume", "paused", "running"),
        ("cancel", "running", "cancelled"),
        ("cancel", "scheduled", "cancelled"),
        ("unschedule", "scheduled", "draft"),
        ("send-late", "late", "scheduled"),
    ],
)
def test_a_step_is_asked_about_by_a_get_and_taken_by_a_post_once(workspace, step, before, after):
    campaign = make_campaign(status=before, send_at=timezone.now() + timedelta(days=1))
    address = f"/campaigns/{campaign.pk}/{step}/"

    assert workspace.get(address).status_code == 200
    campaign.refresh_from_db()
    assert campaign.status == before

    for _ in range(2):  # a double press
        response = workspace.post(address, follow=True)
        assert "alert-warning" not in text(response)
    campaign.refresh_from_db()
    assert campaign.status == after


def test_a_step_that_comes_too_late_says_so(workspace):
    now = timezone.now()
    campaign = make_campaign(status="done", send_at=now, finished_at=now)

    response = workspace.post(f"/campaigns/{campaign.pk}/pause/", follow=True)

    assert "Nothing was done" in text(response)


def test_a_draft_is_deleted_and_nothing_else_is(workspace):
    draft, scheduled = make_campaign(), make_campaign(status="scheduled", send_at=timezone.now())

    for campaign in (draft, scheduled):
        for _ in range(2):
            workspace.post(f"/campaigns/{campaign.pk}/delete/", follow=True)

    assert list(Campaign.objects.all()) == [scheduled]


# ---- The founding article's rulebook ----


WARNING = "unlawful for calls to consumers since 11 August 2026"


def test_the_articles_rulebook_is_warned_about_until_an_administrator_acknowledges_it(workspace, settings):
    assert WARNING not in text(workspace.get("/campaigns/"))

    settings.PROSPECTING_RULEBOOK = "article"
    page = text(workspace.get("/campaigns/"))
    assert WARNING in page
    assert "I answer for it" not in page
    assert workspace.post("/campaigns/rulebook/").status_code == 403

    administrator = User.objects.create_superuser("ada")
    workspace.force_login(administrator)
    workspace.post("/campaigns/rulebook/")

    assert WARNING not in text(workspace.get("/campaigns/"))


# ---- Cost ----


@pytest.mark.parametrize("address", ["/campaigns/", "/campaigns/{pk}/", "/campaigns/{pk}/progress/?status=running"])
def test_a_page_costs_as_many_queries_with_much_behind_it_as_with_little(
    workspace, address, django_assert_max_num_queries, django_assert_num_queries
):
    purpose = make_purpose()
    campaign = make_campaign(purpose=purpose, status="running", send_at=timezone.now(), launched_at=timezone.now())
    make_message(campaign=campaign)
    with django_assert_max_num_queries(20) as few:
        workspace.get(address.format(pk=campaign.pk))
    for number in range(10):
        make_campaign(name=f"Campaign {number}", status="running", send_at=date(2026, 1, 1).isoformat() + "T00:00Z")
        make_message(campaign=campaign)

    with django_assert_num_queries(len(few)):
        workspace.get(address.format(pk=campaign.pk))
