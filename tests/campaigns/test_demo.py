"""The demonstration: a shop that does not exist, loaded once, and never where real people are kept."""

from datetime import timedelta

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.utils import timezone

from campaigns.demo import load_demonstration
from campaigns.demo.accounts import open_accounts
from campaigns.models import Campaign, Message, Series
from config.demo_signins import demo_signins
from consent.markdown import to_html
from consent.models import Act, Notice, Objection, Organisation, Purpose, SignupForm
from prospects.models import ContactDetail, Export, Import, ImportRow, Prospect
from prospects.reach import count_reach
from tests.factories import make_organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def demonstration(settings):
    settings.DEMO = True
    call_command("load_demo")


def test_the_demonstration_is_refused_outside_a_demonstration(settings):
    settings.DEMO = False

    with pytest.raises(CommandError):
        call_command("load_demo")

    assert not Organisation.objects.exists()


def test_it_is_loaded_once(demonstration):
    people, acts = Prospect.objects.count(), Act.objects.count()

    call_command("load_demo")

    assert (Prospect.objects.count(), Act.objects.count()) == (people, acts)


def test_nothing_is_added_to_an_installation_that_is_in_use():
    make_organisation()

    assert not load_demonstration(at=timezone.now())
    assert not Prospect.objects.exists()


def test_its_people_live_nowhere_and_have_all_sorts_of_histories(demonstration):
    emails = ContactDetail.objects.filter(medium="email")
    assert 195 <= Prospect.objects.count() <= 215
    assert not emails.exclude(address__endswith="example.test").exists()

    offers, letter = (Campaign(purpose=purpose, channel="email") for purpose in Purpose.objects.order_by("-slug"))
    offers.families, offers.activities = ["jardin"], ["paysagiste"]
    offered, written = (count_reach(about.as_law_message(), timezone.now()) for about in (offers, letter))

    assert {"consent", "customer", "professional", "company"} <= set(offered.allowed)
    assert {"objected", "no_consent", "source_unknown", "held"} <= set(offered.refused)
    assert {"restricted", "undeliverable"} <= set(written.refused)
    assert set(Objection.objects.values_list("channel", flat=True)) == {"email", "post", None}
    nearly_silent = timezone.now() - timedelta(days=1096)
    assert emails.filter(active_at__lt=nearly_silent + timedelta(days=31)).count() >= 6
    assert not emails.filter(active_at__lt=nearly_silent).exists()


def test_its_notices_and_forms_pass_every_check(demonstration):
    assert Notice.objects.published().count() == 2
    for form in SignupForm.objects.all():
        form.full_clean()
    assert set(SignupForm.objects.values_list("notice__boxes__kind", flat=True)) == {"opt_in", "opt_out"}


def test_one_campaign_is_done_with_its_grounds_and_one_is_a_draft(demonstration):
    done = Campaign.objects.filter(status="done").latest("launched_at")

    assert Campaign.objects.filter(status="draft", series_plan=None).count() == 1
    assert set(done.messages.values_list("status", flat=True)) == {"sent", "withheld"}
    assert done.messages.count() == sum(done.audience["allowed"].values()) > 50
    assert not Message.objects.filter(ended_at__gt=timezone.now()).exists()


def test_each_role_signs_in_with_the_password_that_make_run_prints(demonstration, settings):
    passwords = demo_signins(settings.VAR_DIR)

    users = {name: authenticate(username=name, password=password) for name, password in passwords.items()}

    assert users["admin"].is_superuser
    assert users["marketing"].has_perm("campaigns.run_campaign")
    assert not users["marketing"].is_staff
    assert users["dpo"].has_perm("consent.view_act")
    assert users["dpo"].is_staff
    assert not users["dpo"].has_perm("campaigns.run_campaign")


def test_a_lost_password_is_given_again(demonstration):
    open_accounts({"admin": "another one entirely"})

    assert authenticate(username="admin", password="another one entirely")


def test_no_sentence_of_its_public_texts_is_broken_in_the_middle(demonstration):
    texts = [getattr(notice, f"information_{language}") for notice in Notice.objects.all() for language in ("fr", "en")]
    texts += [
        getattr(form, f"introduction_{language}") for form in SignupForm.objects.all() for language in ("fr", "en")
    ]

    assert all(texts)
    assert not [text for text in texts if "<br" in to_html(text)]


def test_it_is_alive_in_every_state(demonstration):
    leaving = Campaign.objects.get(status="running")
    assert set(leaving.messages.values_list("status", flat=True)) == {"sent", "queued"}
    assert Campaign.objects.get(status="scheduled").send_at > timezone.now()
    assert Series.objects.get().next_at > timezone.now()
    run = Import.objects.get()
    assert set(ImportRow.objects.filter(import_id=run.pk).values_list("outcome", flat=True)) == {"created", "refused"}
    assert Export.objects.exclude(rows=None).count() == 2


def test_an_operator_signs_in_to_operations_alone(demonstration):
    operator = User.objects.get(username="operator")

    assert operator.has_perm("campaigns.produce_campaign")
    assert not operator.has_perm("campaigns.run_campaign")
    assert not operator.is_staff
