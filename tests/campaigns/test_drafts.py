"""Drafts saved as one types, the history of their words, and templates."""

import uuid
from datetime import time, timedelta

import pytest
from django.utils import timezone

from campaigns import launch, starts, versions
from campaigns.mail_faults import of_body
from campaigns.models import Campaign, Template
from campaigns.sections import blank, check
from tests.campaigns.pages import text, written
from tests.campaigns.test_sections import HEADING, TEXT, posted
from tests.factories import make_campaign, make_marketer, make_organisation, make_purpose

AUTOSAVE = "/campaigns/autosave/"


def saved_as(campaign):
    """What a page sends of a campaign as it was opened."""
    return written(campaign.purpose, campaign=campaign.pk, version=campaign.version)


# ---- Saved as one types ----


def test_a_message_that_no_mailbox_would_show_is_not_taken(workspace):
    campaign = make_campaign()
    endless = saved_as(campaign) | {"body": "a" * 300_001}

    assert "is longer than" in text(workspace.post(AUTOSAVE, endless))
    assert "is longer than" in text(workspace.post(f"/campaigns/{campaign.pk}/edit/", endless))

    campaign.refresh_from_db()
    assert len(campaign.body) < 1000


def test_the_first_words_of_a_page_begin_a_draft_and_the_next_ones_change_it(workspace, marketer):
    data = written(make_purpose(), creation_key=str(uuid.uuid4()), subject="Nos", name="")

    response = workspace.post(AUTOSAVE, data)
    workspace.post(AUTOSAVE, data)
    campaign = Campaign.objects.get()
    assert response["HX-Replace-Url"] == f"/campaigns/{campaign.pk}/edit/"
    assert f'name="campaign" id="id_campaign" value="{campaign.pk}"' in text(response)
    assert (campaign.name, campaign.created_by) == ("Nos", marketer)

    workspace.post(AUTOSAVE, data | {"campaign": campaign.pk, "version": campaign.version, "subject": "Nos mots"})

    campaign.refresh_from_db()
    assert campaign.subject == "Nos mots"


def test_unfinished_words_are_saved_as_they_are_and_keep_it_from_leaving(workspace):
    campaign = make_campaign()

    response = workspace.post(AUTOSAVE, saved_as(campaign) | {"subject": "", "body": "Bonjour {{ fir"})

    assert "Saved at" in text(response)
    campaign.refresh_from_db()
    assert (campaign.subject, campaign.body) == ("", "Bonjour {{ fir")
    assert of_body(campaign)


def test_the_same_words_sent_again_change_nothing(workspace):
    campaign = make_campaign()
    workspace.post(AUTOSAVE, saved_as(campaign))
    campaign.refresh_from_db()

    workspace.post(AUTOSAVE, saved_as(campaign))

    assert Campaign.objects.get().version == campaign.version


def test_without_a_purpose_it_says_that_nothing_is_saved_yet(workspace):
    response = workspace.post(AUTOSAVE, {"subject": "Nos mots", "format": "markdown", "language": "fr"})

    assert "Not saved yet" in text(response)
    assert "Purpose" in text(response)
    assert not Campaign.objects.exists()


def test_what_a_colleague_saved_meanwhile_is_not_replaced_in_silence(workspace):
    campaign = make_campaign()
    blaise = make_marketer(username="blaise")
    launch.edit(Campaign.objects.get(pk=campaign.pk), by=blaise, subject="De Blaise")

    response = workspace.post(AUTOSAVE, saved_as(campaign) | {"subject": "De Claude"})

    assert "blaise changed this campaign" in text(response)
    assert Campaign.objects.get().subject == "De Blaise"


def test_a_campaign_scheduled_meanwhile_is_not_changed(workspace):
    campaign = make_campaign()
    Campaign.objects.update(status="scheduled", send_at=timezone.now())

    response = workspace.post(AUTOSAVE, saved_as(campaign) | {"subject": "Trop tard"})

    assert "It was scheduled meanwhile" in text(response)
    assert Campaign.objects.get().subject == campaign.subject


def test_pressing_save_before_the_page_knows_its_draft_loses_nothing(workspace):
    data = written(make_purpose(), creation_key=str(uuid.uuid4()), subject="Nos")
    workspace.post(AUTOSAVE, data)

    workspace.post("/campaigns/new/", data | {"subject": "Nos derniers mots"})

    assert Campaign.objects.get().subject == "Nos derniers mots"


def test_the_end_of_a_session_is_said_in_the_page_which_stays(client):
    response = client.post(AUTOSAVE, {}, headers={"HX-Request": "true", "Keep-Page": "yes"})

    assert response.status_code == 401
    assert response["HX-Retarget"] == "#saved"
    assert "HX-Redirect" not in response


def test_without_a_script_what_was_sent_after_the_session_ended_waits_until_one_has_signed_in(db, client):
    campaign = make_campaign()
    page = f"/campaigns/{campaign.pk}/edit/"
    sent = saved_as(campaign) | {"subject": "Écrit trop tard"}

    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"

    answer = client.post(page, sent, headers={"Referer": f"http://testserver{page}"})
    assert answer.url == f"/login/?next={page}"
    client.force_login(make_marketer())
    again = client.get(page)

    assert "Écrit trop tard" in text(again) and "not saved yet" in text(again)
    campaign.refresh_from_db()
    assert campaign.subject != "Écrit trop tard"
    client.post(page, sent)
    campaign.refresh_from_db()
    assert campaign.subject == "Écrit trop tard"
    assert "not saved yet" not in text(client.get(page))


def test_a_button_pressed_after_the_session_ended_leads_back_to_its_page(db, client):
    campaign = make_campaign()

    here = client.post(
        f"/campaigns/{campaign.pk}/duplicate/", headers={"Referer": f"http://testserver/campaigns/{campaign.pk}/"}
    )
    elsewhere = client.post(f"/campaigns/{campaign.pk}/duplicate/", headers={"Referer": "https://evil.example.test/x"})

    assert here.url == f"/login/?next=/campaigns/{campaign.pk}/"
    assert elsewhere.url == "/login/?next=/campaigns/"


def test_a_page_goes_on_with_the_token_of_the_new_session(workspace):
    response = workspace.get("/campaigns/signed-in/")

    assert 'name="csrfmiddlewaretoken" id="page-token"' in text(response)
    assert response["HX-Trigger-After-Settle"] == "rearranged"


# ---- The history ----


@pytest.fixture
def draft(marketer):
    return make_campaign()


def edit(campaign, by, *, autosaved=False, **fields):
    launch.edit(Campaign.objects.get(pk=campaign.pk), by=by, autosaved=autosaved, **fields)


def test_each_save_is_kept_with_who_and_when(draft, marketer):
    edit(draft, marketer, subject="Une")
    edit(draft, marketer, subject="Deux")

    kept = draft.versions.all()
    assert [version.content["subject"] for version in kept] == ["Deux", "Une"]
    assert {version.saved_by for version in kept} == {marketer}


def test_what_says_the_same_is_kept_once(draft, marketer):
    edit(draft, marketer, subject="Une")
    edit(draft, marketer, subject="  Une ")
    edit(draft, marketer, count_clicks=True)

    assert draft.versions.count() == 1


def test_one_sitting_of_one_person_is_one_version(draft, marketer):
    for subject in ("U", "Un", "Une"):
        edit(draft, marketer, autosaved=True, subject=subject)
    assert [version.content["subject"] for version in draft.versions.all()] == ["Une"]

    edit(draft, make_marketer(username="blaise"), autosaved=True, subject="De Blaise")
    edit(draft, marketer, subject="Deux")
    edit(draft, marketer, autosaved=True, subject="Deux et plus")
    assert draft.versions.count() == 4

    draft.versions.update(begun_at=timezone.now() - timedelta(minutes=6))
    edit(draft, marketer, autosaved=True, subject="Plus tard")
    assert draft.versions.count() == 5


def test_only_the_latest_versions_are_kept(draft, marketer, monkeypatch):
    monkeypatch.setattr(versions, "KEPT", 3)

    for number in range(5):
        edit(draft, marketer, subject=f"N° {number}")

    assert [version.content["subject"] for version in draft.versions.all()] == ["N° 4", "N° 3", "N° 2"]


def test_two_versions_are_compared_word_by_word():
    before = {"name": "x", "subject": "Une fois", "preheader": "", "format": "markdown", "body": "Un chat dort."}
    after = before | {"subject": "Une fois", "body": "Un chien dort  ici."}

    (change,) = versions.compare(before, after)

    said = [(piece.kind, piece.text) for piece in change.pieces if piece.kind != "kept"]
    assert ("removed", "chat") in said
    assert ("added", "chien") in said
    assert "ici" in "".join(text for kind, text in said if kind == "added")
    assert "".join(piece.text for piece in change.pieces if piece.kind != "removed") == "Un chien dort  ici."


def test_sections_are_compared_as_what_they_say():
    before = {"name": "", "subject": "", "preheader": "", "format": "sections", "body": "", "sections": [HEADING]}
    after = before | {"sections": [HEADING, TEXT]}

    (change,) = versions.compare(before, after)

    assert "neuf" in "".join(piece.text for piece in change.pieces if piece.kind == "added")


def test_earlier_words_come_back_and_those_they_replace_stay(workspace, draft, marketer):
    edit(draft, marketer, subject="Une", body="Un")
    edit(draft, marketer, subject="Deux", body="Deux")
    first = draft.versions.last()
    page = text(workspace.get(f"/campaigns/{draft.pk}/versions/{first.number}/"))
    assert "<del>Une</del><ins>Deux</ins>" in page
    draft.refresh_from_db()

    workspace.post(f"/campaigns/{draft.pk}/versions/{first.number}/restore/", {"version": draft.version})

    draft.refresh_from_db()
    assert (draft.subject, draft.body) == ("Une", "Un")
    assert [version.content["subject"] for version in draft.versions.all()] == ["Une", "Deux", "Une"]


def test_earlier_words_do_not_come_back_over_what_somebody_wrote_meanwhile(workspace, draft, marketer):
    edit(draft, marketer, subject="Une")
    first = draft.versions.last()
    edit(draft, marketer, subject="Deux")

    workspace.post(f"/campaigns/{draft.pk}/versions/{first.number}/restore/", {"version": first.number})

    draft.refresh_from_db()
    assert draft.subject == "Deux"


def test_the_history_names_nobody_but_staff_and_lists_every_version(workspace, draft, marketer):
    edit(draft, marketer, subject="Une")
    edit(draft, marketer, autosaved=True, subject="Deux")

    page = text(workspace.get(f"/campaigns/{draft.pk}/versions/"))

    assert page.count("See what changed since</a>") == 2
    assert "saved while writing" in page


# ---- Templates ----


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("slug", starts.BUILT_IN)
def test_every_template_that_comes_with_loyal_is_whole_in_both_languages(slug, language):
    words = starts.find(slug, language)

    assert words["language"] == language
    assert 0 < len(words["subject"]) <= 70
    assert words["preheader"]
    check(words.get("sections", []))
    assert words.get("body") or len(words["sections"]) > 3


def test_a_page_begins_with_the_words_of_a_template(workspace):
    assert "News from the house" in text(workspace.get("/campaigns/new/?start=newsletter"))
    assert "Des nouvelles de la maison" in text(workspace.get("/campaigns/new/?start=newsletter&language=fr"))
    assert workspace.get("/campaigns/new/?start=unknown").status_code == 200
    assert workspace.get("/campaigns/new/?start=saved-99999999999999999999").status_code == 200


def test_a_campaign_is_saved_as_a_template_started_from_and_removed(workspace):
    campaign = make_campaign(name="Lettre de mai", format="sections", sections=[HEADING], body="", preheader="Mai")

    for _ in range(2):
        workspace.post(f"/campaigns/{campaign.pk}/template/")

    template = Template.objects.get()
    assert "Lettre de mai" in text(workspace.get("/campaigns/templates/"))
    page = text(workspace.get(f"/campaigns/new/?start=saved-{template.pk}"))
    assert 'value="Bonjour"' in page
    assert 'value="Mai"' in page

    workspace.post(f"/campaigns/templates/{template.pk}/remove/")

    assert not Template.objects.exists()


def test_a_duplicate_has_the_words_the_pictures_the_audience_the_hours_and_the_speed_of_the_first(workspace):
    make_organisation()
    image = blank("image") | {"picture": "0" * 64, "alternative": "Un pré"}
    campaign = make_campaign(
        format="sections",
        sections=[image],
        body="",
        preheader="Mai",
        families=["garden"],
        activities=["baker"],
        window_days=[1, 3],
        window_from=time(9),
        window_until=time(17),
        window_holidays=False,
        per_hour=400,
    )

    workspace.post(f"/campaigns/{campaign.pk}/duplicate/")

    copy = Campaign.objects.exclude(pk=campaign.pk).get()
    words = ("sections", "preheader", "families", "activities", "filter", "segment", "purpose", "format")
    hours = ("window_days", "window_from", "window_until", "window_holidays", "per_hour")
    for name in words + hours:
        assert getattr(copy, name) == getattr(campaign, name), name
    assert copy.versions.count() == 1


def test_a_page_keeps_the_sections_it_does_not_show(workspace):
    campaign = make_campaign(sections=[HEADING])

    workspace.post(f"/campaigns/{campaign.pk}/edit/", saved_as(campaign) | posted(HEADING))

    campaign.refresh_from_db()
    assert (campaign.format, campaign.sections) == ("markdown", [HEADING])
