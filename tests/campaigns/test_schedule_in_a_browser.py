"""Scheduling and following in a real browser, in both languages: journeys, and every page for everybody."""

from datetime import time, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from campaigns import launch, recurring
from campaigns.models import Campaign, Message
from campaigns.paris_time import PARIS
from campaigns.recount import recount
from consent.models import Organisation
from tests.accessibility import Complaints, problems
from tests.factories import make_campaign, make_consent, make_detail, make_marketer, make_organisation, make_purpose

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = {
    "fr": {
        "schedule": "Lire le résumé",
        "ends": "vers",
        "ask": "Demander l’accord",
        "awaits": "Elle attend un accord",
        "decide": "La lire et décider",
        "approve": "L’approuver",
        "ready": "Prête à partir",
        "again": "La faire revenir",
        "coming": "À venir",
        "stop": "Arrêter la série",
    },
    "en": {
        "schedule": "Read the summary",
        "ends": "at about",
        "ask": "Ask for approval",
        "awaits": "It awaits approval",
        "decide": "Read it and decide",
        "approve": "Approve it",
        "ready": "Ready to leave",
        "again": "Let it come again",
        "coming": "Still to come",
        "stop": "Stop the series",
    },
}


@pytest.fixture
def purpose(transactional_db):
    make_organisation()
    purpose = make_purpose(name_fr="Lettre de la maison", name_en="The house’s letter")
    make_consent(make_detail(), purpose)
    return purpose


@pytest.fixture
def opened(browser, site):
    """Open a page as somebody, in a language and a size; whatever the browser says against it fails the test."""
    contexts, complaints = [], Complaints()

    def open_page(user, language="fr", width=1280, scheme="light"):
        client = Client()  # each their own: to sign in again would end the session of whoever looks at a page still
        client.force_login(user)
        context = browser.new_context(locale=language, viewport={"width": width, "height": 800}, color_scheme=scheme)
        context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])
        contexts.append(context)
        page = context.new_page()
        complaints.listen(page)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [complaint for complaint in complaints if "failed:" not in complaint] == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_from_a_day_of_the_calendar_to_a_second_person_s_approval(opened, site, purpose, language):
    words = WORDS[language]
    Organisation.objects.update(approval_needed=True)
    author, colleague = make_marketer(), make_marketer()
    make_campaign(name="Noël", purpose=purpose, created_by=author)
    day = timezone.localdate(timezone=PARIS) + timedelta(days=1)

    page = opened(author, language)
    page.goto(f"{site}/campaigns/calendar/?span=week&day={day}")
    link = page.locator(f'a.calendar-date[href$="/{day.year}/{day.month}/{day.day}/"]')
    link.focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Noël").press("Enter")
    expect(page.locator("[name=day]")).to_have_value(f"{day}")
    page.locator("[name=per_hour]").fill("120")
    page.get_by_role("button", name=words["schedule"]).click()
    expect(page.locator(".forecast-end")).to_contain_text(words["ends"])
    page.get_by_role("button", name=words["ask"]).click()
    expect(page.get_by_role("heading", name=words["awaits"])).to_be_visible()

    page = opened(colleague, language)
    page.goto(f"{site}{Campaign.objects.get().get_absolute_url()}")
    page.get_by_role("link", name=words["decide"]).click()
    page.get_by_role("button", name=words["approve"]).click()
    expect(page.get_by_role("heading", name=words["ready"])).to_be_visible()
    assert Campaign.objects.get().approved_by == colleague


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_draft_comes_again_and_is_stopped(opened, site, purpose, language):
    words = WORDS[language]
    draft = make_campaign(purpose=purpose)

    page = opened(make_marketer(), language)
    page.goto(f"{site}/campaigns/{draft.pk}/repeat/")
    page.locator("[name=every][value=week]").check()
    page.locator("[name=weekdays][value='3']").check()
    page.get_by_role("button", name=words["again"]).click()
    expect(page.get_by_role("heading", name=words["coming"])).to_be_visible()
    page.get_by_role("button", name=words["stop"]).click()
    expect(page.get_by_role("button", name=words["stop"])).to_have_count(0)


@pytest.fixture
def every_page(purpose):
    """The address of every page on which something is scheduled or followed, with something on it."""
    now = timezone.now()
    author = make_marketer()
    launched = make_campaign(purpose=purpose, status="scheduled", send_at=now)
    launch.launch(launched, at=now)
    Message.objects.update(status="sent", ended_at=now)
    recount(at=now)
    awaiting = make_campaign(
        purpose=purpose, status="awaiting_approval", send_at=now + timedelta(days=1), requested_by=author
    )
    draft, repeated = make_campaign(purpose=purpose), make_campaign(purpose=purpose, created_by=author)
    first = timezone.localdate(timezone=PARIS) + timedelta(days=1)
    recurring.repeat(repeated, by=author, at=now, every="day", clock=time(9), first_on=first)
    Organisation.objects.update(approval_needed=True)
    return [
        *(f"/campaigns/calendar/?span={span}&day=2027-05-01" for span in ("month", "week")),
        f"/campaigns/calendar/?day={first}",
        "/campaigns/calendar/2027/5/1/",
        *(f"{launched.get_absolute_url()}{page}" for page in ("", "figures/", "comparison/")),
        *(f"{awaiting.get_absolute_url()}{page}" for page in ("", "approval/", "forecast/")),
        *(f"{draft.get_absolute_url()}{page}" for page in ("", "schedule/", "repeat/")),
        *(f"{repeated.get_absolute_url()}{page}" for page in ("", "repeat/", "series/")),
    ]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light"), (1280, "dark")])
def test_no_page_shuts_anybody_out_or_is_wider_than_its_window(opened, site, every_page, language, width, scheme):
    page = opened(make_marketer(), language, width, scheme)

    found = {}
    for address in every_page:
        page.goto(f"{site}{address}")
        page.wait_for_load_state("networkidle")
        found[address] = problems(page)
        assert page.locator("html").get_attribute("lang") == language
    assert not {address: what for address, what in found.items() if what}
