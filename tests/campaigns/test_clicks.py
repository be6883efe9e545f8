"""Links: untouched by default, counted without a name where asked, named only where the reader agreed."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from campaigns.clicks import settle_clicks
from campaigns.delivery.compose import render_preview
from campaigns.models import Click, Link, Message
from campaigns.tasks import send_queued_messages
from campaigns.visits import message_of_visit, visit_word
from consent.acts import record_stop
from prospects.models import Interaction
from tests.campaigns.pages import text, written
from tests.factories import make_campaign, make_consent, make_detail, make_message, make_organisation, make_purpose
from tests.mailbox import text_of

SHOP = "https://boutique.example.test/?a=1&b=2"
NEWS = "https://boutique.example.test/nouvelles"
BODY = f"[La boutique]({SHOP}), [les nouvelles]({NEWS}), [encore]({SHOP}), [écrire](mailto:a@boutique.example.test)"
READER = {"HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}


@pytest.fixture
def tracking(transactional_db):
    make_organisation()
    return make_purpose(slug="tracking", name_fr="Suivi des clics")


@pytest.fixture
def campaign(tracking):
    now = timezone.now()
    return make_campaign(status="running", send_at=now, launched_at=now, body=BODY, count_clicks=True)


def sent_to(campaign, address, *, agreed=None):
    """A message that left, to somebody who agreed to tracking or did not."""
    detail = make_detail(address)
    make_consent(detail, campaign.purpose)
    if agreed:
        make_consent(detail, agreed)
    message = make_message(campaign=campaign, detail=detail)
    send_queued_messages()
    return message


def links_in(mail):
    return re.findall(r'href="(https://loyal\.example\.test/l/[^"]+)"', text_of(mail, "html"))


def path_of(link):
    return link.removeprefix("https://loyal.example.test")


def long_ago():
    """Nobody clicks within seconds: the mails were delivered an hour ago."""
    Message.objects.update(ended_at=timezone.now() - timedelta(hours=1))


def settle():
    return settle_clicks(at=timezone.now() + timedelta(minutes=5))


@pytest.mark.django_db(transaction=True)
def test_links_are_untouched_unless_the_campaign_asks(mailbox, tracking):
    now = timezone.now()
    sent_to(make_campaign(status="running", send_at=now, body=BODY), "zoe@example.test", agreed=tracking)

    html = text_of(mailbox[0], "html")
    assert 'href="https://boutique.example.test/nouvelles"' in html
    assert "/l/" not in html
    assert not Link.objects.exists()


def test_a_campaign_that_counts_has_one_link_for_each_address_the_same_for_everybody(mailbox, campaign):
    sent_to(campaign, "zoe@example.test")
    sent_to(campaign, "max@example.test")

    first, second = map(links_in, mailbox)
    assert first == second
    assert len(first) == 3 and first[0] == first[2]
    assert set(campaign.links.values_list("url", flat=True)) == {SHOP, NEWS}
    assert all(re.fullmatch(r"/l/[\w-]{22}/", path_of(link)) for link in first)
    assert "mailto:a@boutique.example.test" in text_of(mailbox[0], "html")
    assert NEWS in text_of(mailbox[0])


def test_nothing_in_a_mail_tells_that_it_was_opened(mailbox, campaign, tracking):
    sent_to(campaign, "zoe@example.test", agreed=tracking)

    assert "<img" not in text_of(mailbox[0], "html")


def test_a_click_leads_to_the_address_and_is_counted_without_a_name(client, mailbox, campaign):
    sent_to(campaign, "zoe@example.test")
    long_ago()

    for _ in range(2):
        response = client.get(path_of(links_in(mailbox[0])[0]), **READER)

    assert (response.status_code, response["Location"]) == (302, SHOP)
    assert "no-store" in response["Cache-Control"]
    assert campaign.links.get(url=SHOP).clicks == 2
    assert not Click.objects.exists() and not Interaction.objects.exists()
    assert not response.cookies


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("head", READER),
        ("get", {}),
        ("get", {"HTTP_USER_AGENT": "Mozilla/5.0 (compatible; Googlebot/2.1)"}),
        ("get", {"HTTP_USER_AGENT": "Barracuda Sentinel (EE)"}),
        ("get", {"HTTP_USER_AGENT": "python-requests/2.32"}),
        ("get", READER | {"HTTP_SEC_PURPOSE": "prefetch"}),
    ],
)
def test_a_robot_is_led_on_and_counts_for_nothing(client, mailbox, campaign, tracking, method, headers):
    sent_to(campaign, "zoe@example.test", agreed=tracking)
    long_ago()

    response = getattr(client, method)(path_of(links_in(mailbox[0])[0]), **headers)

    assert (response.status_code, response["Location"]) == (302, SHOP)
    assert settle() == 0
    assert not Link.objects.filter(clicks__gt=0).exists() and not Click.objects.exists()


def test_the_click_of_somebody_who_agreed_is_a_sign_of_life_and_is_then_forgotten(client, mailbox, campaign, tracking):
    message = sent_to(campaign, "zoe@example.test", agreed=tracking)
    long_ago()

    client.get(path_of(links_in(mailbox[0])[1]), **READER)
    assert settle_clicks(at=timezone.now()) == 0  # a robot may still give itself away

    assert settle() == 1
    assert settle() == 0
    interaction = Interaction.objects.get()
    assert (interaction.prospect_id, interaction.kind) == (message.detail.prospect_id, "clicked")
    assert campaign.links.get(url=NEWS).clicks == 1
    assert not Click.objects.exists()


def test_all_links_at_once_are_a_robots(client, mailbox, campaign, tracking):
    sent_to(campaign, "zoe@example.test", agreed=tracking)
    long_ago()

    for link in links_in(mailbox[0]):
        client.get(path_of(link), **READER)

    assert settle() == 0
    assert not Interaction.objects.exists() and not Link.objects.filter(clicks__gt=0).exists()


def test_a_click_within_seconds_of_the_delivery_is_a_robots(client, mailbox, campaign, tracking):
    sent_to(campaign, "zoe@example.test", agreed=tracking)

    client.get(path_of(links_in(mailbox[0])[0]), **READER)

    assert settle() == 0
    assert not Link.objects.filter(clicks__gt=0).exists()


def test_whoever_takes_the_agreement_back_is_no_longer_known_by_old_links_nor_by_new_ones(
    client, mailbox, campaign, tracking
):
    message = sent_to(campaign, "zoe@example.test", agreed=tracking)
    long_ago()
    record_stop(
        message.detail.address_key, channel="email", purpose_id=tracking.pk, at=timezone.now(), origin="preferences"
    )

    client.get(path_of(links_in(mailbox[0])[0]), **READER)

    assert settle() == 0
    assert campaign.links.get(url=SHOP).clicks == 1
    assert not Interaction.objects.exists()


def test_an_agreement_that_is_not_confirmed_is_none(mailbox, campaign, tracking):
    detail = make_detail("zoe@example.test")
    make_consent(detail, campaign.purpose)
    make_consent(detail, tracking, confirm=False)
    make_message(campaign=campaign, detail=detail)
    send_queued_messages()

    assert all(re.fullmatch(r"/l/[\w-]{22}/", path_of(link)) for link in links_in(mailbox[0]))


def test_somebody_erased_before_the_minute_is_over_leaves_no_trace(client, mailbox, campaign, tracking):
    message = sent_to(campaign, "zoe@example.test", agreed=tracking)
    long_ago()
    client.get(path_of(links_in(mailbox[0])[0]), **READER)
    message.detail.prospect.delete()

    assert settle() == 0
    assert not Click.objects.exists() and not Interaction.objects.exists()


def test_a_click_on_another_campaigns_link_names_nobody(client, mailbox, campaign, tracking):
    message = sent_to(campaign, "zoe@example.test", agreed=tracking)
    long_ago()
    other = Link.objects.create(campaign=make_campaign(), url=NEWS)

    client.get(f"/l/{other.token}{visit_word(message.pk)}/", **READER)

    assert not Click.objects.exists()


@pytest.mark.parametrize(
    "path", ["/l/nobody/", "/l/https://evil.example.test/", "/l/x/?next=https://evil.example.test"]
)
@pytest.mark.django_db
def test_a_link_that_was_not_made_here_leads_nowhere(client, path):
    assert client.get(path, **READER).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["?url=https://evil.example.test", "?next=//evil.example.test"])
def test_what_a_visitor_adds_changes_nothing_of_where_a_link_leads(client, query):
    link = Link.objects.create(campaign=make_campaign(), url=NEWS)

    assert client.get(f"/l/{link.token}.rubbish/{query}", **READER)["Location"] == NEWS
    assert client.post(f"/l/{link.token}/", **READER).status_code == 405


@pytest.mark.django_db
def test_the_database_keeps_no_link_that_is_not_a_sites():
    with pytest.raises(IntegrityError):
        Link.objects.create(campaign=make_campaign(), url="javascript:alert(1)")


@pytest.mark.django_db
def test_links_and_clicks_go_with_their_campaign():
    message = make_message()
    link = Link.objects.create(campaign=message.campaign, url=NEWS)
    Click.objects.create(link=link, message=message)

    message.campaign.delete()

    assert not Link.objects.exists() and not Click.objects.exists()


@pytest.mark.parametrize("number", [1, 2**40])
def test_a_visit_names_its_message_and_cannot_be_made_up(number):
    word = visit_word(number).removeprefix(".")

    assert message_of_visit(word) == number
    assert message_of_visit(word[:-1] + ("A" if word[-1] != "A" else "B")) is None
    assert message_of_visit("é") is None and message_of_visit("") is None


@pytest.mark.django_db
def test_a_campaign_that_cannot_be_composed_makes_no_links():
    make_organisation()
    campaign = make_campaign(count_clicks=True, body="[x](https://a.example.test/{{ first_name }})")

    with pytest.raises(ValidationError):
        render_preview(campaign)


def test_the_marketer_asks_for_it_and_reads_the_counts(workspace):
    workspace.post("/campaigns/new/", written(make_purpose(), count_clicks="on"))
    now = timezone.now()
    campaign = make_campaign(count_clicks=True, status="done", send_at=now, launched_at=now, finished_at=now)
    Link.objects.create(campaign=campaign, url=NEWS, clicks=7)

    assert type(campaign).objects.exclude(pk=campaign.pk).get().count_clicks
    assert f"7 clicks: {NEWS}" in text(workspace.get(campaign.get_absolute_url()))
