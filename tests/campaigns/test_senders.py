"""Several senders: whose name a campaign leaves in, and what becomes of it when staff change them."""

from datetime import date, time, timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.urls import reverse
from django.utils import timezone

from campaigns import launch, recurring, starts
from campaigns.delivery.compose import compose, render_preview
from campaigns.models import Campaign, Series
from campaigns.tasks import send_queued_messages
from consent.models import Sender
from prospects.mail import compose as compose_letter
from tests.campaigns.pages import text, written
from tests.factories import make_campaign, make_message, make_purpose, make_sender

TOMORROW = timezone.now() + timedelta(days=1)
LIST = reverse("admin:consent_sender_changelist")


@pytest.fixture
def workshops(marketer):
    return make_sender(name="Les ateliers", address="ateliers@atelier.example.test", reply_to="camille@example.test")


@pytest.fixture
def administration(client, marketer):
    user = User.objects.create_user("ada", is_staff=True)
    user.groups.add(Group.objects.get(name="Administrators"))
    client.force_login(user)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def shown(sender, **changes):
    fields = {"name": sender.name, "address": sender.address, "reply_to": sender.reply_to}
    boxes = {"is_default": sender.is_default, "is_active": sender.is_active} | changes
    return fields | {name: value for name, value in boxes.items() if value}


def page_of(sender):
    return reverse("admin:consent_sender_change", args=[sender.pk])


def test_a_campaign_leaves_in_the_name_that_was_chosen_and_a_letter_in_the_default_one(workshops, mailbox):
    make_message(campaign=make_campaign(status="running", send_at=timezone.now(), sender=workshops))
    make_message(campaign=make_campaign(status="running", send_at=timezone.now()))
    send_queued_messages()

    chosen, other = sorted(mailbox, key=lambda mail: str(mail["From"]))
    assert (chosen["From"], chosen["Reply-To"]) == (
        "Les ateliers <ateliers@atelier.example.test>",
        "camille@example.test",
    )
    assert chosen["Message-ID"].endswith("@atelier.example.test>")
    assert chosen["List-Id"].endswith(".atelier.example.test>")
    assert "Les ateliers" in str(chosen)
    assert (other["From"], other["Reply-To"]) == ("Maison Exemple <lettre@example.test>", "bonjour@example.test")
    assert compose_letter("setup_test", "ada@example.test", "fr", {"check": "/"}).from_email == (
        "Maison Exemple <lettre@example.test>"
    )


def test_sections_are_signed_by_the_sender_chosen(workshops):
    campaign = make_campaign(
        format="sections", sender=workshops, sections=starts.BUILT_IN["newsletter"].french["sections"]
    )

    assert "Les ateliers" in render_preview(campaign).html


def test_the_choice_is_offered_where_there_is_one(workspace, workshops):
    assert "The default one, Maison Exemple" in text(workspace.get("/campaigns/new/"))

    workspace.post("/campaigns/new/", written(make_purpose(), sender=workshops.pk))
    campaign = Campaign.objects.get()
    assert campaign.sender == workshops
    assert "ateliers@atelier.example.test" in text(workspace.get(f"/campaigns/{campaign.pk}/"))

    when = {"day": f"{TOMORROW:%Y-%m-%d}", "time": "23:00", "version": campaign.version}
    assert "<dt>Replies</dt><dd>camille@example.test</dd>" in text(
        workspace.post(f"/campaigns/{campaign.pk}/schedule/", when)
    )

    Sender.objects.filter(pk=make_sender().pk).delete()
    Campaign.objects.all().delete()
    workshops.delete()
    assert "The default one" not in text(workspace.get("/campaigns/new/"))


def test_copies_templates_and_occurrences_keep_it(workspace, workshops, marketer):
    campaign = make_campaign(sender=workshops, created_by=marketer)

    workspace.post(f"/campaigns/{campaign.pk}/duplicate/")
    saved = starts.save(campaign, by=marketer)
    recurring.repeat(campaign, by=marketer, at=timezone.now(), every="day", clock=time(9), first_on=date(2026, 1, 1))
    recurring.tend_series(at=timezone.now() + timedelta(days=1))

    assert set(Campaign.objects.values_list("sender", flat=True)) == {workshops.pk}
    assert Campaign.objects.count() >= 3
    assert starts.find(f"saved-{saved.pk}")["sender"] == workshops


def test_from_its_launch_on_a_campaign_keeps_the_default_sender_of_that_moment(marketer):
    before, after = Sender.objects.default(), make_sender(is_default=False)
    campaign = make_campaign(status="scheduled", send_at=timezone.now())

    launch.launch(campaign, at=timezone.now())
    after.is_default = True
    after.keep()

    campaign.refresh_from_db()
    assert compose(campaign).sender.addr_spec == before.address
    assert Sender.objects.default() == after


def test_an_inactive_sender_keeps_a_campaign_from_being_scheduled_and_pauses_a_series(workshops, marketer):
    campaign, repeated = make_campaign(sender=workshops), make_campaign(sender=workshops)
    series = recurring.repeat(
        repeated, by=marketer, at=timezone.now(), every="day", clock=time(9), first_on=date(2026, 1, 1)
    )
    Sender.objects.filter(pk=workshops.pk).update(is_active=False)
    campaign.refresh_from_db()

    with pytest.raises(launch.NotReady, match="ateliers"):
        launch.schedule(campaign, send_at=TOMORROW, now=timezone.now())
    recurring.tend_series(at=timezone.now() + timedelta(days=1))
    series.refresh_from_db()
    assert series.status == Series.Status.PAUSED


def test_the_database_keeps_one_default_sender_which_is_active(marketer):
    with pytest.raises(IntegrityError, match="one_default_sender"), transaction.atomic():
        make_sender(is_default=True)
    with pytest.raises(IntegrityError, match="the_default_sender_is_active"), transaction.atomic():
        Sender.objects.filter(is_default=True).update(is_active=False)
    with pytest.raises(IntegrityError, match="one_sender_each_address"), transaction.atomic():
        make_sender(address="LETTRE@example.test")


def test_the_first_sender_is_the_default_one(db):
    sender = Sender(name="Maison", address="lettre@example.test")
    sender.keep()

    assert Sender.objects.default() == sender


def test_an_administrator_adds_a_sender_and_makes_it_the_default_one(administration):
    fresh = {"name": "Les ateliers", "address": "ateliers@example.test", "is_default": "on", "is_active": "on"}
    administration.post(reverse("admin:consent_sender_add"), fresh)

    assert Sender.objects.default().address == "ateliers@example.test"
    assert Sender.objects.filter(is_default=False).get().address == "lettre@example.test"
    organisation = text(administration.get("/admin/consent/organisation/1/change/"))
    assert "ateliers@example.test" in organisation
    assert LIST in organisation


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"is_default": False}, "Make another sender the default one"),
        ({"is_active": False}, "The default sender stays active"),
    ],
)
def test_the_default_one_is_not_just_let_go(administration, changes, words):
    sender = Sender.objects.default()

    assert words in text(administration.post(page_of(sender), shown(sender, **changes)))
    assert administration.get(reverse("admin:consent_sender_delete", args=[sender.pk])).status_code == 403
    assert Sender.objects.default() == sender


def test_whoever_makes_one_inactive_is_told_what_that_concerns(administration, workshops, marketer):
    make_campaign(name="Demain", sender=workshops, status="scheduled", send_at=TOMORROW)
    make_campaign(name="Brouillon", sender=workshops)
    recurring.repeat(
        make_campaign(name="Mensuel", sender=workshops),
        by=marketer,
        at=timezone.now(),
        every="day",
        clock=time(9),
        first_on=date(2026, 1, 1),
    )

    page = text(administration.post(page_of(workshops), shown(workshops, is_active=False), follow=True))

    assert "1 campaign still leaves in its name, unless it is stopped: Demain." in page
    assert "1 draft needs another sender before it can be scheduled: Brouillon." in page
    assert "1 series pauses at its next time, unless another sender is chosen: Mensuel." in page


def test_a_sender_of_campaigns_is_not_deleted(administration, workshops):
    campaign = make_campaign(name="Nos ateliers", sender=workshops)

    page = text(administration.post(reverse("admin:consent_sender_delete", args=[workshops.pk]), {"post": "yes"}))
    assert "Nos ateliers" in page
    with pytest.raises(ProtectedError):
        workshops.delete()

    campaign.delete()
    administration.post(reverse("admin:consent_sender_delete", args=[workshops.pk]), {"post": "yes"})
    assert not Sender.objects.filter(pk=workshops.pk).exists()
