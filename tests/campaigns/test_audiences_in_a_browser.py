"""Home, audience and segments in a real browser: the count follows as one chooses, and every page is for everybody."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from campaigns import counting, stock
from campaigns.models import DailyReach, Segment
from prospects.models import Family, Purchase
from tests.accessibility import DESK, PHONE, Complaints, problems
from tests.factories import (
    make_campaign,
    make_consent,
    make_detail,
    make_form,
    make_marketer,
    make_notice,
    make_organisation,
    make_prospect,
    make_purpose,
)

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = {
    "fr": {
        "filter": "Anglais",
        "may": "50 peuvent la recevoir",
        "sample": "En voir quelques-uns, masqués",
        "save": "Enregistrer l’audience",
        "saved": "L’audience est enregistrée",
        "segment": "Enregistrer ces filtres comme segment",
        "name": "Nom du segment",
        "use": "Enregistrer le segment et l’utiliser",
        "why": "Pourquoi, et ce qui le changerait",
        "form": "Demandez leur consentement avec ce formulaire",
        "figures": "Les chiffres",
        "chart": "Personnes joignables, ces 90 derniers jours",
    },
    "en": {
        "filter": "English",
        "may": "50 may receive it",
        "sample": "See a few, masked",
        "save": "Save the audience",
        "saved": "The audience is saved",
        "segment": "Save these filters as a segment",
        "name": "Name of the segment",
        "use": "Save as a segment and use it",
        "why": "Why, and what would change it",
        "form": "Ask for their consent with this form",
        "figures": "The figures",
        "chart": "Reachable people over the last 90 days",
    },
}


@pytest.fixture
def world(transactional_db):
    """A campaign, people who may and may not receive it, three days of figures, and a marketer."""
    make_organisation()
    now = timezone.now()
    purpose = make_purpose(name_fr="Lettre", name_en="Letter")
    Family.objects.create(path="garden", name_fr="Jardin", name_en="Garden")
    make_form(title_fr="Notre lettre", notice=make_notice({"purpose": purpose}))
    for number in range(75):
        language = "en" if number < 60 else "fr"
        collected_at = now - timedelta(days=30 * (number % 35) + 3)
        source = {"collected_at": collected_at}
        detail = make_detail(prospect=make_prospect(language=language), source=source)
        if number % 6:
            make_consent(detail, purpose, at=now - timedelta(days=3))
        if number % 4 == 0:
            Purchase.objects.create(prospect=detail.prospect, family="garden", at=collected_at)
    make_consent(make_detail("+33199001234", medium="phone"), purpose, channel="sms", at=now - timedelta(days=3))
    stock.take_stock(at=now)
    for days in (1, 2):
        for reach in DailyReach.objects.filter(day=stock.paris_day(now)):
            reach.pk, reach.day = None, reach.day - timedelta(days=days)
            reach.allowed = {ground: count - days for ground, count in reach.allowed.items()}
            reach.save(force_insert=True)
    return make_campaign(purpose=purpose)


def open_page(browser, site, client, language, *, window=DESK, scheme="light", **options):
    client.force_login(make_marketer())
    context = browser.new_context(locale=language, viewport=window, color_scheme=scheme, **options)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])
    return context.new_page()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_audience_is_chosen_counted_and_named(browser, site, client, world, language):
    words = WORDS[language]
    for _ in range(10):  # reasons of fewer people are not named
        make_detail(prospect=make_prospect(language="en"))
    page = open_page(browser, site, client, language)
    complaints = Complaints().listen(page)
    page.goto(f"{site}/campaigns/{world.pk}/audience/")

    page.get_by_label(words["filter"], exact=True).check()
    expect(page.locator("#count")).to_contain_text(words["may"])

    page.get_by_text(words["why"]).last.click()
    expect(page.locator("#count")).to_contain_text(words["form"])
    page.get_by_role("link", name=words["sample"]).click()
    expect(page.locator(".sample")).to_contain_text("p•••@e•••.test")
    assert problems(page) == []

    page.get_by_text(words["segment"]).click()
    page.get_by_label(words["name"]).fill("Anglophones")
    page.get_by_role("button", name=words["use"]).click()
    expect(page.get_by_role("status").first).to_contain_text("Anglophones")
    assert Segment.objects.get().filter == {"languages": ["en"]}

    page.get_by_role("button", name=words["save"]).click()
    expect(page.get_by_role("status").first).to_contain_text(words["saved"])
    world.refresh_from_db()
    assert world.segment.name == "Anglophones"
    assert complaints == []
    page.context.close()


def test_the_count_that_runs_beside_the_page_arrives_in_it(browser, site, client, world, monkeypatch, celery_processes):
    monkeypatch.setattr(counting, "AT_ONCE", 0)
    page = open_page(browser, site, client, "en")
    page.goto(f"{site}/campaigns/{world.pk}/audience/")

    expect(page.locator("#count .audience-sentence")).to_contain_text("may receive it", timeout=40_000)
    page.context.close()


def test_without_a_script_a_button_counts(browser, site, client, world):
    page = open_page(browser, site, client, "en", java_script_enabled=False)
    page.goto(f"{site}/campaigns/{world.pk}/audience/")

    page.get_by_label("English", exact=True).check()
    page.get_by_role("button", name="Count", exact=True).click()

    expect(page.locator("#count")).to_contain_text("50 may receive it")
    expect(page.get_by_label("English", exact=True)).to_be_checked()
    page.goto(f"{site}/campaigns/")
    expect(page.get_by_role("table").first).to_be_visible()
    page.context.close()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_chart_has_its_table(browser, site, client, world, language):
    words = WORDS[language]
    page = open_page(browser, site, client, language)
    page.goto(f"{site}/campaigns/")

    expect(page.get_by_role("img", name=words["chart"])).to_be_visible()
    expect(page.get_by_role("table").first).to_be_hidden()
    page.get_by_text(words["figures"]).first.click()
    expect(page.get_by_role("table").first).to_be_visible()
    page.context.close()


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(("window", "scheme"), [(PHONE, "light"), (DESK, "dark")])
def test_no_page_shuts_anybody_out(browser, site, client, world, language, window, scheme):
    segment = Segment.objects.create(name="Anglophones", filter={"languages": ["en"], "places": ["75"]})
    page = open_page(browser, site, client, language, window=window, scheme=scheme)
    complaints = Complaints().listen(page)

    for address in (
        *("/campaigns/", "/campaigns/all/?words=rentr", "/campaigns/segments/", "/campaigns/segments/new/"),
        *(f"/campaigns/segments/{segment.pk}/{step}" for step in ("", "delete/", "count/")),
        f"/campaigns/{world.pk}/audience/",
        f"/campaigns/{world.pk}/audience/?filtering=1&places=Paris",
    ):
        page.goto(f"{site}{address}")
        page.wait_for_load_state("networkidle")
        assert problems(page) == [], address
        for summary in page.locator("main summary").all():
            if summary.is_visible():
                summary.click()
        assert problems(page) == [], f"{address}, all unfolded"
    assert complaints == []
    page.context.close()
