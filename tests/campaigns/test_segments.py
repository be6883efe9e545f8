"""Audiences are chosen by filters or segments, and what a campaign used stays true."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns import launch, segments
from campaigns.models import Campaign, Message, Segment
from prospects.filters import Filter
from prospects.models import Family, Purchase
from tests.campaigns.pages import text
from tests.factories import make_campaign, make_consent, make_detail, make_prospect, make_purpose

FRENCH, ENGLISH = Filter(languages=("fr",)), Filter(languages=("en",))


def reader(purpose, **fields):
    detail = make_detail(prospect=make_prospect(**fields))
    make_consent(detail, purpose)
    return detail


def test_a_draft_is_given_filters_and_its_launch_goes_by_them(workspace):
    Family.objects.create(path="garden", name_fr="Jardin", name_en="Garden")
    campaign = make_campaign()
    gardener, other = reader(campaign.purpose, language="en"), reader(campaign.purpose, language="en")
    Purchase.objects.create(prospect=gardener.prospect, family="garden/tools", at=timezone.now())
    reader(campaign.purpose)

    workspace.post(
        f"/campaigns/{campaign.pk}/audience/", {"action": "save", "languages": ["en"], "families": ["garden"]}
    )
    campaign.refresh_from_db()
    assert campaign.filter == {"languages": ["en"], "families": ["garden"]}
    page = text(workspace.get(f"/campaigns/{campaign.pk}/audience/"))
    assert 'value="garden" id="id_families_0" checked' in page

    now = timezone.now()
    Campaign.objects.update(status="scheduled", send_at=now)
    launch.launch(campaign, at=now)

    assert list(Message.objects.values_list("detail", flat=True)) == [gardener.pk]
    campaign.refresh_from_db()
    assert campaign.audience["allowed"] == {"consent": 1}
    assert "Bought from: Garden" in text(workspace.get(f"/campaigns/{campaign.pk}/audience/"))
    assert other.pk not in Message.objects.values_list("detail", flat=True)


def test_counting_without_a_script_leads_to_a_page_that_can_be_reloaded(workspace):
    campaign = make_campaign()
    answer = workspace.post(
        f"/campaigns/{campaign.pk}/audience/",
        {"action": "count", "languages": ["en", "fr"], "places": "75 2a", "csrfmiddlewaretoken": "secret"},
    )

    assert answer.status_code == 302
    assert answer.url.endswith("?filtering=1&languages=en&languages=fr&places=75+2a")
    page = text(workspace.get(answer.url))
    assert 'value="75 2a"' in page
    assert "may receive it" in page
    campaign.refresh_from_db()
    assert campaign.filter == {}


@pytest.mark.parametrize(
    ("filled", "said"),
    [
        ({"places": "75, Paris"}, "“PARIS” is neither a department"),
        ({"collected_from": "2026-02-01", "collected_until": "2026-01-01"}, "lies before the first one"),
        ({"languages": "tlh"}, "Select a valid choice"),
        ({"active_from": "yesterday"}, "Enter a valid date"),
    ],
)
def test_what_cannot_be_understood_is_not_saved(workspace, filled, said):
    campaign = make_campaign()

    page = text(workspace.post(f"/campaigns/{campaign.pk}/audience/", {"action": "save", **filled}))

    assert said in page
    campaign.refresh_from_db()
    assert campaign.filter == {}


def test_filters_become_a_segment_that_the_campaign_uses(workspace):
    campaign = make_campaign()
    page = f"/campaigns/{campaign.pk}/audience/"
    workspace.post(page, {"action": "save_segment", "new_segment": "  Lecteurs   anglais ", "languages": ["en"]})

    campaign.refresh_from_db()
    assert campaign.segment.name == "Lecteurs anglais"
    assert campaign.segment.filter == {"languages": ["en"]}
    assert campaign.filter == {}
    again = text(workspace.post(page, {"action": "save_segment", "new_segment": "Lecteurs anglais"}))
    assert "There is a segment of this name already" in again
    assert "Give the segment a name" in text(workspace.post(page, {"action": "save_segment", "new_segment": " "}))


def test_a_launched_campaign_keeps_the_segment_as_it_was(workspace, marketer):
    purpose = make_purpose()
    for language in ("fr", "fr", "en"):
        reader(purpose, language=language)
    segment = Segment.objects.create(name="Readers", filter=FRENCH.as_json())
    now = timezone.now()
    campaign = make_campaign(purpose=purpose, segment=segment, status="scheduled", send_at=now)

    segments.change(segment, by=marketer, name="Readers", among=ENGLISH)
    launch.launch(campaign, at=now)
    segments.change(segment, by=marketer, name="Readers", among=FRENCH)

    campaign = Campaign.objects.get()
    assert campaign.chosen_filter == ENGLISH
    assert Message.objects.count() == 1
    page = text(workspace.get(f"/campaigns/{campaign.pk}/audience/"))
    assert "The segment “Readers”, as it was at launch:" in page
    assert "Language: English" in page


def test_a_segment_that_a_scheduled_campaign_goes_by_stays(workspace):
    segment = Segment.objects.create(name="Readers", filter=FRENCH.as_json())
    make_campaign(segment=segment, status="scheduled", send_at=timezone.now() + timedelta(days=1))

    assert "cannot be deleted" in text(workspace.get(f"/campaigns/segments/{segment.pk}/delete/"))
    workspace.post(f"/campaigns/segments/{segment.pk}/delete/")

    assert Segment.objects.exists()


def test_deleting_a_segment_widens_no_draft(workspace):
    segment = Segment.objects.create(name="Readers", filter=FRENCH.as_json())
    draft = make_campaign(segment=segment)

    workspace.post(f"/campaigns/segments/{segment.pk}/delete/")

    draft.refresh_from_db()
    assert draft.segment is None
    assert draft.chosen_filter == FRENCH
    assert not Segment.objects.exists()


def test_segments_are_made_changed_and_counted(workspace):
    purpose = make_purpose(name_en="Letter")
    for _ in range(12):
        reader(purpose, language="en")
    assert "No segment yet" in text(workspace.get("/campaigns/segments/"))

    workspace.post("/campaigns/segments/new/", {"name": "Readers", "languages": ["en"]})
    segment = Segment.objects.get()
    counted = text(workspace.get(f"/campaigns/segments/{segment.pk}/count/?purpose={purpose.pk}&channel=email"))
    listed = text(workspace.get("/campaigns/segments/"))
    workspace.post(f"/campaigns/segments/{segment.pk}/", {"name": "All readers", "languages": ["en", "fr"]})

    assert "<strong>10</strong> may receive it, fewer than 10 may not" in counted
    assert "Language: English" in listed
    segment.refresh_from_db()
    assert (segment.name, segment.filter) == ("All readers", {"languages": ["en", "fr"]})


def test_only_a_drafts_audience_changes(workspace):
    campaign = make_campaign(status="scheduled", send_at=timezone.now() + timedelta(days=1))

    workspace.post(f"/campaigns/{campaign.pk}/audience/", {"action": "save", "languages": ["en"]})

    campaign.refresh_from_db()
    assert campaign.filter == {}


def test_a_copy_has_the_audience_of_its_original(workspace):
    segment = Segment.objects.create(name="Readers", filter=FRENCH.as_json())
    one, other = make_campaign(segment=segment), make_campaign(filter=ENGLISH.as_json())

    for campaign in (one, other):
        workspace.post(f"/campaigns/{campaign.pk}/duplicate/")

    copies = Campaign.objects.order_by("-pk")[:2]
    assert {copy.chosen_filter for copy in copies} == {FRENCH, ENGLISH}


def test_the_page_of_a_draft_leads_to_its_audience(workspace):
    segment = Segment.objects.create(name="Readers", filter=FRENCH.as_json())
    draft = make_campaign(segment=segment)

    page = text(workspace.get(draft.get_absolute_url()))

    assert "The segment “Readers”." in page
    assert f'href="/campaigns/{draft.pk}/audience/"' in page
