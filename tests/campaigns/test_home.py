"""The first page of a marketer's day: what it says, and what it costs."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override
from psycopg.sql import SQL, Literal

from campaigns.alerts import alerts
from campaigns.models import Bounce, DailyFigures, DailyReach
from campaigns.stock import losses, returns, take_stock
from campaigns.tasks import take_stock as take_stock_task
from consent.law.days import start_of_day
from prospects.models import Contract, Source
from prospects.reach import count_reach
from tests.campaigns.pages import text
from tests.factories import (
    make_campaign,
    make_consent,
    make_detail,
    make_message,
    make_organisation,
    make_purpose,
)

NOON = datetime(2026, 11, 25, 11, tzinfo=UTC)  # a Wednesday
TODAY = date(2026, 11, 25)


@pytest.fixture
def asked(monkeypatch):
    """The counts that pages asked for."""
    calls = []
    monkeypatch.setattr(take_stock_task, "delay", lambda **options: calls.append(options))
    return calls


@pytest.mark.time_machine(NOON)
def test_what_is_not_counted_today_is_counted_beside_the_page_once(workspace, asked):
    make_purpose()

    page = text(workspace.get("/campaigns/"))
    workspace.get("/campaigns/")

    assert "figures are being counted" in page
    assert 'hx-trigger="every 3s"' in page
    assert asked == [{}]


@pytest.mark.time_machine(NOON)
def test_who_may_be_reached_today_is_told_by_purpose_and_channel(workspace, asked):
    letter, offers = make_purpose(slug="letter", name_en="Letter"), make_purpose(slug="offers", name_en="Offers")
    for _ in range(3):
        make_consent(make_detail(), letter)
    make_consent(make_detail("+33199001234", medium="phone"), letter, channel="sms")
    take_stock(at=timezone.now())

    page = text(workspace.get("/campaigns/?purpose=letter"))
    other = text(workspace.get("/campaigns/?purpose=offers"))

    assert DailyReach.objects.filter(purpose=offers, channel="email").get().allowed == {}
    assert '<h3 class="channel-name">E-mail</h3> <p class="channel-count mb-1"><strong>3</strong> <span>of 3' in page
    assert '<h3 class="channel-name">SMS</h3> <p class="channel-count mb-1"><strong>1</strong> <span>of 1' in page
    assert "<strong>0</strong> <span>of 3" in other
    assert asked == []


@pytest.mark.time_machine(NOON)
def test_each_day_is_kept_and_counted_once(workspace, asked):
    purpose = make_purpose()
    long_ago = timezone.now() - timedelta(days=2)
    make_consent(make_detail(source={"collected_at": long_ago}), purpose, at=long_ago)
    take_stock(at=timezone.now() - timedelta(days=1))
    make_consent(make_detail(), purpose)
    take_stock(at=timezone.now())
    make_consent(make_detail(), purpose)
    take_stock(at=timezone.now())

    kept = DailyReach.objects.filter(channel="email").order_by("day")
    assert [reach.allowed for reach in kept] == [{"consent": 1}, {"consent": 2}]
    page = text(workspace.get("/campaigns/"))
    assert '<th scope="row">24 Nov.</th><td data-value="1">1</td>' in page
    assert '<th scope="row">25 Nov.</th><td data-value="2">2</td>' in page

    take_stock(at=timezone.now(), afresh=True)
    assert kept.last().allowed == {"consent": 3}


@pytest.mark.time_machine(datetime(2026, 11, 29, 11, tzinfo=UTC))
def test_on_a_sunday_texts_wait_and_the_trend_does_not_dip(workspace, asked):
    purpose = make_purpose()
    make_consent(make_detail("+33199001234", medium="phone"), purpose, channel="sms")
    take_stock(at=timezone.now())

    page = text(workspace.get("/campaigns/"))

    assert "1 more on another day or at another hour" in page
    assert '<th scope="row">29 Nov.</th><td data-value="1">1</td>' in page


# ---- What will be lost ----


def silent_since(day, **fields):
    return make_detail(source={"collected_at": start_of_day(day) + timedelta(hours=1)}, **fields)


def test_what_will_be_lost_is_told_by_the_month_in_which_the_law_ends_it(db):
    purpose = make_purpose()
    days = [date(2023, 11, 25), date(2023, 11, 26), date(2024, 1, 1), date(2024, 1, 31), date(2024, 10, 31)]
    for day in [*days, date(2024, 11, 1), date(2026, 1, 1)]:
        make_consent(silent_since(day), purpose, at=start_of_day(day) + timedelta(hours=2))
    bound = silent_since(date(2024, 2, 10))
    Contract.objects.create(prospect=bound.prospect, families=[], starts_on=date(2023, 1, 1))
    ended = silent_since(date(2023, 12, 10))
    Contract.objects.create(prospect=ended.prospect, families=[], starts_on=date(2023, 1, 1), ends_on=date(2024, 3, 5))

    found = losses(NOON)

    # The law itself: refused at the end of the month, though not at its beginning.
    message = make_campaign(purpose=purpose).as_law_message()
    assert {month: count for month, count in found.items() if count} == {
        "2026-11": 1,
        "2027-01": 2,
        "2027-03": 1,
        "2027-10": 1,
    }
    assert list(found) == [f"2026-{m:02}" for m in (11, 12)] + [f"2027-{m:02}" for m in range(1, 11)]
    everybody = SQL("detail.id <> {}").format(Literal(bound.pk))
    for month, before, after in (("2026-11", date(2026, 11, 25), date(2026, 12, 1)),):
        expired = [
            count_reach(message, start_of_day(day) + timedelta(hours=1), among=everybody).refused.get(
                "retention_expired", 0
            )
            for day in (before, after)
        ]
        assert expired[1] - expired[0] == found[month]


# ---- Alerts ----


def words_of(**fields):
    figures = DailyFigures(day=TODAY, counted_at=NOON, **fields)
    with override("en"):
        return " ".join(alert.words for alert in alerts(make_organisation(), figures))


@pytest.fixture
def signed(settings):
    settings.DKIM_SIGNED_BY_SERVER = True


@pytest.mark.parametrize(
    ("complaints", "expected"),
    [
        (7, ""),
        (8, "close to the 0.1 %"),
        (10, "less than 0.1 %"),
        (24, "close to the 0.3 %"),
        (30, "turn your mails away"),
    ],
)
def test_complaints_are_warned_about_as_they_near_what_providers_bear(db, signed, complaints, expected):
    said = words_of(returns={"this_week": {"sent": 10_000, "bounces": 0, "complaints": complaints}})

    assert (expected in said) if expected else said == ""


def test_one_complaint_among_few_mails_is_no_alert(db, signed):
    assert words_of(returns={"this_week": {"sent": 500, "bounces": 0, "complaints": 1}}) == ""


@pytest.mark.parametrize(("now", "before", "is_said"), [(300, 100, True), (300, 280, False), (100, 10, False)])
def test_bounces_are_warned_about_as_they_rise(db, signed, now, before, is_said):
    weeks = {"this_week": now, "week_before": before}
    said = words_of(returns={week: {"sent": 10_000, "bounces": n, "complaints": 0} for week, n in weeks.items()})

    assert ("came back" in said) == is_said


def test_what_is_not_set_up_and_who_is_not_told_is_said(db, settings):
    settings.DKIM_SIGNED_BY_SERVER = False
    make_organisation(sender_email="")
    figures = DailyFigures(day=TODAY, counted_at=NOON, untold=3)

    with override("en"):
        said = [alert.words for alert in alerts(make_organisation(sender_email=""), figures)]

    assert "The sender is not set up" in said[0]
    assert "DKIM" in said[1]
    assert "3 contact details are of people not told yet" in said[2]


def test_what_came_back_is_counted_by_week(db):
    now = timezone.now()
    campaign = make_campaign(status="running", send_at=now, launched_at=now - timedelta(days=10))
    sent = [
        make_message(campaign=campaign, status="sent", ground="consent", ended_at=now - timedelta(days=days))
        for days in (1, 2, 9, 20)
    ]
    Bounce.objects.create(message=sent[0], kind="complaint", at=now - timedelta(days=1))
    Bounce.objects.create(message=sent[2], kind="hard", at=now - timedelta(days=8))

    assert returns(now) == {
        "this_week": {"sent": 2, "bounces": 0, "complaints": 1},
        "week_before": {"sent": 1, "bounces": 1, "complaints": 0},
    }
    assert Source.objects.count() == 4


# ---- The list of all, and what the page costs ----


def test_campaigns_are_found_by_status_and_words(workspace):
    now = timezone.now()
    make_campaign(name="Spring letter", subject="Buds")
    make_campaign(name="Autumn letter", status="done", send_at=now, finished_at=now)
    make_campaign(name="Winter", subject="A LETTER of snow")

    def names(**asked):
        page = text(workspace.get("/campaigns/all/", asked))
        return {name for name in ("Spring letter", "Autumn letter", "Winter") if f">{name}<" in page}

    assert names() == {"Spring letter", "Autumn letter", "Winter"}
    assert names(words="letter") == {"Spring letter", "Autumn letter", "Winter"}
    assert names(words="letter", status="draft") == {"Spring letter", "Winter"}
    assert names(status="done") == {"Autumn letter"}
    assert names(words="nothing") == set()
    assert names(status="no such status", words="\x00Winter") == {"Winter"}


def test_the_list_is_cut_into_pages(workspace):
    for number in range(30):
        make_campaign(name=f"Campaign {number:02}")

    first = text(workspace.get("/campaigns/all/?status=draft"))
    second = text(workspace.get("/campaigns/all/?status=draft&page=2"))

    assert "30 campaigns" in first
    assert "?page=2&amp;status=draft" in first
    assert first.count('class="campaign-row"') == 25
    assert second.count('class="campaign-row"') == 5


@pytest.mark.time_machine(NOON)
def test_the_home_page_costs_as_many_queries_with_much_behind_it_as_with_little(
    workspace, asked, django_assert_max_num_queries, django_assert_num_queries
):
    now = timezone.now()
    purpose = make_purpose()
    make_consent(make_detail(), purpose)
    take_stock(at=now)
    workspace.get("/campaigns/")
    with django_assert_max_num_queries(20) as few:
        workspace.get("/campaigns/")
    for number in range(8):
        make_purpose()
        make_campaign(
            purpose=purpose, status=("done", "late", "scheduled", "draft")[number % 4], send_at=now, finished_at=now
        )
        take_stock(at=now - timedelta(days=number))

    with django_assert_num_queries(len(few)):
        workspace.get("/campaigns/")
