"""An SMS campaign in a real browser, from the choice of the channel to the last summary."""

import re

import pytest

from campaigns.models import Campaign
from tests.accessibility import problems
from tests.factories import make_purpose


@pytest.fixture
def signed_in(site, page, marketer, client):
    client.force_login(marketer)
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])
    return page


def test_the_parts_and_their_cost_are_seen_as_one_writes_and_before_it_is_scheduled(sms, site, signed_in):
    page = signed_in
    purpose = make_purpose()
    page.goto(f"{site}/campaigns/new/")
    page.get_by_role("link", name="SMS", exact=True).click()
    page.wait_for_url(re.compile("channel=sms"))
    page.fill("#id_name", "Soldes")
    page.select_option("#id_purpose", str(purpose.pk))
    page.fill("#id_body", "Nos soldes commencent")
    page.get_by_text("1 SMS par destinataire, 0,045 €").wait_for()
    page.fill("#id_body", "Nos soldes commencent " + "vraiment " * 15)
    page.get_by_text("2 SMS par destinataire, 0,090 €").wait_for()
    assert page.locator("[name=subject]").count() == 0
    assert problems(page) == []

    page.get_by_role("button", name="Enregistrer le brouillon").click()
    page.wait_for_url(re.compile(r"/campaigns/\d+/$"))
    assert problems(page) == []
    page.get_by_role("link", name="Programmer").click()
    page.get_by_role("button", name="Lire le résumé").click()
    page.get_by_text("En envoyant STOP, sans frais").wait_for()
    assert page.get_by_text("2 SMS par destinataire, 0,090 €").count() >= 1
    assert problems(page) == []
    page.get_by_role("button", name=re.compile("Programmer")).click()
    page.wait_for_url(re.compile(r"/campaigns/\d+/$"))

    assert Campaign.objects.values_list("channel", "status").get() == ("sms", "scheduled")
