"""The workspace as a whole: its list, its warning about the rulebook, what a page costs."""

from datetime import date

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from campaigns import rulebook
from campaigns.tasks import tend_campaigns
from tests.campaigns.pages import text
from tests.factories import (
    make_campaign,
    make_message,
    make_purpose,
)


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


def test_who_answered_for_the_articles_rulebook_is_asked_again_once_the_law_was_in_use(workspace, settings):
    settings.PROSPECTING_RULEBOOK = "article"
    rulebook.acknowledge(User.objects.create_superuser("ada"), at=timezone.now())
    tend_campaigns()
    assert not rulebook.warning()

    settings.PROSPECTING_RULEBOOK = "law"
    tend_campaigns()
    settings.PROSPECTING_RULEBOOK = "article"

    assert rulebook.warning()


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
