"""A second person's approval, where the organisation asks for it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from campaigns import launch, segments
from campaigns.models import Campaign
from consent.models import Organisation
from prospects.filters import Filter
from tests.campaigns.pages import Status, text
from tests.factories import make_campaign, make_marketer

TOMORROW = timezone.now() + timedelta(days=1)


@pytest.fixture
def author(marketer):
    Organisation.objects.update(approval_needed=True)
    return make_marketer(username="author")


@pytest.fixture
def awaiting(author):
    campaign = make_campaign(created_by=author)
    launch.schedule(campaign, send_at=TOMORROW, now=timezone.now(), by=author)
    return campaign


def decide(client, campaign, **data):
    return client.post(f"/campaigns/{campaign.pk}/approval/", {"version": campaign.version, **data}, follow=True)


def test_a_campaign_awaits_approval_and_does_not_leave_without(awaiting):
    assert awaiting.status == Status.AWAITING_APPROVAL

    Campaign.objects.update(send_at=timezone.now() - timedelta(minutes=1))

    assert not Campaign.objects.due(timezone.now()).exists()


def test_without_the_setting_it_is_scheduled_at_once(marketer):
    campaign = make_campaign(created_by=marketer)

    launch.schedule(campaign, send_at=TOMORROW, now=timezone.now(), by=marketer)

    assert campaign.status == Status.SCHEDULED


def test_somebody_else_reads_the_summary_and_approves(workspace, awaiting, marketer):
    assert "Waiting for a decision" in text(workspace.get("/campaigns/"))
    assert "author asks for approval" in text(workspace.get(f"/campaigns/{awaiting.pk}/approval/"))

    page = text(decide(workspace, awaiting, approve="1"))

    awaiting.refresh_from_db()
    assert awaiting.status == Status.SCHEDULED
    assert awaiting.approved_by == marketer
    assert f"Approved by {marketer.username}" in page


@pytest.mark.parametrize("hand", ["created_by", "edited_by", "requested_by"])
def test_whoever_had_a_hand_in_it_approves_nothing(workspace, awaiting, marketer, hand):
    Campaign.objects.update(**{hand: marketer})

    page = text(decide(workspace, awaiting, approve="1"))

    awaiting.refresh_from_db()
    assert awaiting.status == Status.AWAITING_APPROVAL
    assert "somebody else must approve it" in page
    with pytest.raises(IntegrityError, match="nobody_approves"), transaction.atomic():
        Campaign.objects.update(approved_by=marketer)


def test_an_editor_of_long_ago_approves_nothing_either(workspace, author, marketer):
    campaign = make_campaign(created_by=author)
    launch.edit(campaign, by=marketer, subject="Mes mots")
    stale = Campaign.objects.defer(None).get(pk=campaign.pk)
    launch.edit(campaign, by=make_marketer(username="third"), subject="D'autres mots")
    launch.edit(campaign, by=author, subject="Les miens")
    launch.schedule(campaign, send_at=TOMORROW, now=timezone.now(), by=author)

    assert "somebody else must approve it" in text(decide(workspace, campaign, approve="1"))
    with pytest.raises(IntegrityError, match="nobody_approves"), transaction.atomic():
        Campaign.objects.update(approved_by=marketer)
    stale.save(update_fields=["editors", "created_by"])
    Campaign.objects.update(editors=[])
    campaign.refresh_from_db()
    assert len(campaign.editors) == 3


def test_it_is_sent_back_with_a_word_which_the_author_reads(workspace, awaiting):
    assert "Say what is to be changed" in text(decide(workspace, awaiting))

    decide(workspace, awaiting, because="The price is wrong.")

    awaiting.refresh_from_db()
    assert awaiting.is_draft
    assert "It was not approved: The price is wrong." in text(workspace.get(awaiting.get_absolute_url()))


def test_what_is_changed_after_approval_must_be_approved_again(awaiting, marketer, author):
    launch.approve(awaiting, by=marketer, at=timezone.now())
    with pytest.raises(launch.OutOfTurn):
        launch.edit(awaiting, by=author, subject="Autre chose")

    launch.unschedule(awaiting)
    launch.edit(awaiting, by=author, subject="Autre chose")
    launch.schedule(awaiting, send_at=TOMORROW, now=timezone.now(), by=author)

    awaiting.refresh_from_db()
    assert awaiting.status == Status.AWAITING_APPROVAL
    assert awaiting.approved_by is None


def test_only_what_was_read_is_approved(awaiting, marketer):
    read = Campaign.objects.get(pk=awaiting.pk)
    Campaign.objects.update(version=awaiting.version + 1)

    with pytest.raises(launch.OutOfTurn):
        launch.approve(read, by=marketer, at=timezone.now())


def test_approving_needs_its_own_permission(workspace, awaiting, marketer):
    marketer.groups.get().permissions.filter(codename="approve_campaign").delete()

    assert workspace.get(f"/campaigns/{awaiting.pk}/approval/").status_code == 403


def test_another_moment_is_not_the_one_that_was_read(awaiting, author, marketer):
    read = Campaign.objects.get(pk=awaiting.pk)
    launch.unschedule(awaiting)
    launch.schedule(awaiting, send_at=TOMORROW + timedelta(days=3), now=timezone.now(), by=author)

    with pytest.raises(launch.OutOfTurn):
        launch.approve(read, by=marketer, at=timezone.now())


def test_whoever_chose_its_audience_approves_nothing(author, marketer):
    campaign = make_campaign(created_by=author)
    segments.choose(campaign, by=marketer, among=Filter(kinds=("company",)))
    launch.schedule(campaign, send_at=TOMORROW, now=timezone.now(), by=author)

    with pytest.raises(launch.OwnWork):
        launch.approve(campaign, by=marketer, at=timezone.now())


def test_another_audience_by_way_of_its_segment_must_be_approved_too(author, marketer):
    segment = segments.save(Filter(places=("75",)), name="Paris", by=author)
    campaign = make_campaign(created_by=author, segment=segment)
    launch.schedule(campaign, send_at=TOMORROW, now=timezone.now(), by=author)
    launch.approve(campaign, by=marketer, at=timezone.now())

    segments.change(segment, by=author, name="Lutèce", among=Filter(places=("75",)))
    campaign.refresh_from_db()
    assert campaign.status == Status.SCHEDULED

    segments.change(segment, by=marketer, name="Lutèce", among=Filter())
    campaign.refresh_from_db()
    assert campaign.status == Status.AWAITING_APPROVAL
    assert campaign.approved_by is None
    with pytest.raises(launch.OwnWork):
        launch.approve(campaign, by=marketer, at=timezone.now())
