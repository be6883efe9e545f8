"""A mail of a campaign read in the browser: by its own link, for a while, as long as its reader is known."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from campaigns.models import Message
from campaigns.tasks import send_queued_messages
from campaigns.view_links import campaign_of_view, view_word
from consent.acts import record_stop
from consent.models import Act
from tests.accessibility import DESK, PHONE, Complaints, problems
from tests.factories import make_campaign, make_consent, make_detail, make_message, make_organisation, make_prospect
from tests.mailbox import text_of

pytestmark = pytest.mark.django_db(transaction=True)
GONE = {"fr": "Ce message n’est plus affiché", "en": "This message is no longer shown"}


@pytest.fixture
def message(mailbox):
    make_organisation()
    campaign = make_campaign(
        status="running",
        send_at=timezone.now(),
        launched_at=timezone.now(),
        body="# Bonjour {{ first_name }}\n\n[Le catalogue](https://example.test/catalogue)",
    )
    detail = make_detail("zoe@example.test", prospect=make_prospect(first_name="Zoé"))
    make_consent(detail, campaign.purpose)
    message = make_message(campaign=campaign, detail=detail)
    send_queued_messages()
    message.refresh_from_db()
    assert message.status == Message.Status.SENT
    return message


@pytest.fixture
def link(message, mailbox):
    return re.search(r"https://loyal\.example\.test(/v/\S+)", text_of(mailbox.to("zoe@example.test")[-1])).group(1)


def test_both_parts_of_a_mail_lead_to_it_in_the_browser(message, link, mailbox):
    html = mailbox.to("zoe@example.test")[-1].get_body(("html",)).get_content()

    assert f'href="https://loyal.example.test{link}"' in html


def test_the_reader_sees_what_the_mail_said_with_links_that_work(client, message, link):
    page = client.get(link)
    content = page.content.decode()

    assert page.status_code == 200
    assert "Bonjour Zoé" in content
    assert 'href="https://example.test/catalogue"' in content
    stop = re.search(r'href="https://loyal\.example\.test(/u/[^"]+/)"', content).group(1)
    assert client.post(stop).status_code == 200
    assert Act.objects.filter(kind="objected", address_key=message.detail.address_key).exists()


def test_the_page_is_kept_by_nobody_and_runs_nothing(client, link):
    page = client.get(link)

    assert "no-store" in page["Cache-Control"]
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert page["Referrer-Policy"] == "no-referrer"
    assert "default-src 'none'" in page["Content-Security-Policy"] and "sandbox" in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "DENY"
    assert not page.cookies


def test_whoever_stopped_may_still_read_what_they_got(client, message, link):
    record_stop(message.detail.address_key, channel=None, purpose_id=None, at=timezone.now(), origin="stop_link")

    assert "Bonjour Zoé" in client.get(link).content.decode()


def test_the_link_ends(client, link, settings, time_machine):
    time_machine.move_to(timezone.now() + timedelta(days=settings.VIEW_IN_BROWSER_DAYS, minutes=1))

    page = client.get(link)

    assert page.status_code == 410
    assert "Zoé" not in page.content.decode()
    assert page["X-Robots-Tag"] == "noindex, nofollow"


def test_of_somebody_who_was_erased_nothing_is_shown(client, message, link):
    message.detail.prospect.delete()

    page = client.get(link)

    assert page.status_code == 410
    assert "Zoé" not in page.content.decode() and "zoe@example.test" not in page.content.decode()


@pytest.mark.parametrize("status", ["queued", "withheld"])
def test_a_message_that_did_not_leave_is_not_shown(client, message, link, status):
    Message.objects.filter(pk=message.pk).update(status=status, reason="cancelled")

    assert client.get(link).status_code == 410


def test_no_link_can_be_made_up_or_led_to_another_campaign(client, message, link):
    other = make_message(campaign=make_campaign(status="running", send_at=timezone.now()), detail=message.detail)
    Message.objects.filter(pk=other.pk).update(status="sent", ground="consent", ended_at=timezone.now())
    _empty, _v, token, word, _end = link.split("/")
    assert campaign_of_view(word) == message.campaign_id

    forged = view_word(other.campaign_id)[:11] + word[11:]
    assert client.get(f"/v/{token}/{forged}/").status_code == 404
    assert client.get(f"/v/{token}/{word[:-2]}/").status_code == 404
    assert client.get(f"/v/{token[:-2]}xx/{word}/").status_code == 404


def without_sandbox(route):
    """Hand a message to the browser without its policy, under which no script runs: not even the one that looks."""
    answer = route.fetch()
    kept = {name: value for name, value in answer.headers.items() if name != "content-security-policy"}
    route.fulfill(response=answer, headers=kept)


@pytest.mark.parametrize(("language", "scheme"), [("fr", "light"), ("en", "dark")])
def test_the_message_and_the_page_after_it_are_usable_on_a_phone_and_at_a_desk(
    page: Page, site, mailbox, settings, language, scheme
):
    make_organisation()
    campaign = make_campaign(
        status="running",
        send_at=timezone.now(),
        launched_at=timezone.now(),
        language=language,
        body="# Bonjour {{ first_name }}\n\nVoici **le catalogue**.\n\n[Le catalogue](https://example.test/catalogue)",
    )
    detail = make_detail("zoe@example.test", prospect=make_prospect(first_name="Zoé"))
    make_consent(detail, campaign.purpose)
    make_message(campaign=campaign, detail=detail)
    send_queued_messages()
    address = re.search(r"https?://\S+/v/\S+", text_of(mailbox.to("zoe@example.test")[-1])).group(0)
    complaints = Complaints().listen(page)
    page.emulate_media(color_scheme=scheme)

    def look():
        for size in (PHONE, DESK):
            page.set_viewport_size(size)
            assert problems(page) == []

    page.route("**/v/**", without_sandbox)
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text("Bonjour Zoé")
    look()
    assert complaints == []
    settings.VIEW_IN_BROWSER_DAYS = 0
    page.goto(f"{address}?lang={language}")
    expect(page.get_by_role("heading", level=1)).to_have_text(GONE[language])
    look()
