"""What became of a campaign: figures that single nobody out, beside earlier campaigns, and reports in files."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from campaigns.comparison import compare
from campaigns.models import Bounce, Campaign, Link
from campaigns.progress import COUNTED_LIVE
from campaigns.recount import recount
from campaigns.results import DOMAINS_SHOWN, FEWEST, Results, Tally, count_results, step_for, without_small_ones
from consent.acts import record_stop
from tests.campaigns.pages import text
from tests.factories import make_campaign, make_detail, make_message, make_purpose

any_machine = hypothesis_settings(deadline=None, suppress_health_check=list(HealthCheck))
NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


def ended(at=NOW, **fields):
    """A campaign that left and ended."""
    return make_campaign(
        **{"status": "done", "send_at": at, "launched_at": at, "finished_at": at + timedelta(hours=1), **fields}
    )


def sent(campaign, address="", *, at=NOW, **fields):
    detail = make_detail(address)
    return make_message(
        campaign=campaign, detail=detail, **{"status": "sent", "ground": "consent", "ended_at": at, **fields}
    )


@any_machine
@given(st.lists(st.integers(1, 40), max_size=30))
def test_no_domain_with_few_recipients_is_named_and_what_is_counted_together_is_never_few(sizes):
    tallies = [Tally(f"d{number}.example.test", size, 0, 0) for number, size in enumerate(sizes)]

    shown = without_small_ones(tallies)
    named = [tally for tally in shown if tally.name]

    assert sum(tally.sent for tally in shown) == sum(sizes)
    assert len(named) <= DOMAINS_SHOWN
    assert all(tally.total >= FEWEST for tally in named)
    assert all(tally.total >= FEWEST for tally in shown) or not named


@any_machine
@given(st.timedeltas(timedelta(), timedelta(days=900)))
def test_time_is_cut_into_few_enough_pieces_to_be_read(span):
    assert span / step_for(span) < 48


@pytest.mark.django_db
def test_figures_are_counted_by_domain_over_time_and_by_what_came_back():
    campaign = ended()
    for number in range(12):
        sent(campaign, f"p{number}@large.example.test", at=NOW + timedelta(minutes=number % 2))
    returned = sent(campaign, "solo@small.example.test")
    Bounce.objects.create(message=returned, kind="hard", at=NOW)
    Bounce.objects.create(message=returned, kind="complaint", at=NOW)
    other = make_message(campaign=ended(), detail=make_detail(), status="sent", ground="consent", ended_at=NOW)
    Bounce.objects.create(message=other, kind="soft", at=NOW)

    results = count_results(campaign)

    assert (results.hard, results.soft, results.complaints) == (1, 0, 1)
    # The lone one hides among the others, and so few cannot hide alone.
    assert [(tally.name, tally.sent) for tally in results.by_domain] == [("", 13)]
    assert [(at, tally.sent) for at, tally in results.times] == [(NOW, 7), (NOW + timedelta(minutes=1), 6)]
    assert Results.from_json(results.as_json()) == results


@pytest.mark.django_db
def test_a_stop_belongs_to_the_campaign_that_was_read_within_the_seven_days_before():
    purpose = make_purpose()
    campaign = ended(purpose=purpose)
    soon, late, elsewhere, by_phone = (sent(campaign) for _ in range(4))

    def stop(message, *, after, purpose_id=purpose.pk, origin="stop_link"):
        record_stop(
            message.detail.address_key, channel="email", purpose_id=purpose_id, at=NOW + after, origin=origin, key_id=1
        )

    stop(soon, after=timedelta(days=1))
    stop(late, after=timedelta(days=8))
    stop(elsewhere, after=timedelta(days=1), purpose_id=make_purpose().pk)
    stop(by_phone, after=timedelta(days=1), origin="staff")

    assert count_results(campaign).stops == 1


@pytest.mark.django_db
def test_what_runs_is_counted_again_and_what_ended_once_more_then_for_two_weeks():
    running = make_campaign(status="running", send_at=NOW, launched_at=NOW)
    over = ended(at=NOW - timedelta(hours=2))
    make_campaign()

    assert recount(at=NOW) == 2
    assert recount(at=NOW + timedelta(seconds=1)) == 0
    assert recount(at=NOW + timedelta(seconds=20)) == 1
    Campaign.objects.filter(pk=running.pk).update(status="done", finished_at=NOW + timedelta(seconds=30))
    assert recount(at=NOW + timedelta(seconds=40)) == 1
    assert recount(at=NOW + timedelta(minutes=30)) == 0
    assert recount(at=NOW + timedelta(hours=2)) == 2
    assert recount(at=NOW + timedelta(days=15)) == 0
    over.refresh_from_db()
    assert over.results


def test_a_large_campaigns_page_reads_what_was_counted_and_counts_nothing(workspace, django_assert_max_num_queries):
    large = {"at": NOW.isoformat(), "allowed": {"consent": COUNTED_LIVE + 1}, "refused": {"no_consent": 2}}
    campaign = make_campaign(status="running", send_at=NOW, launched_at=NOW, audience=large)
    sent(campaign)
    recount(at=timezone.now())
    sent(campaign)  # since it was counted

    with django_assert_max_num_queries(20) as queries:
        page = text(workspace.get(campaign.get_absolute_url()))

    assert "<strong>1</strong> of 1 done" in page
    assert not [query for query in queries.captured_queries if "campaigns_message" in query["sql"]]


def test_the_page_says_how_fast_it_goes_and_when_it_should_end(workspace):
    campaign = make_campaign(status="running", send_at=timezone.now(), launched_at=timezone.now())
    for _ in range(3):
        sent(campaign, at=timezone.now())
    make_message(campaign=campaign)

    page = text(workspace.get(campaign.get_absolute_url()))

    assert "180 messages an hour, by the last minute." in page
    assert "Should end within a minute." in page


def test_a_campaign_stands_beside_the_earlier_ones_of_its_purpose(workspace):
    purpose = make_purpose()
    earlier = ended(name="Printemps", purpose=purpose, at=NOW - timedelta(days=30))
    make_message(campaign=earlier, detail=make_detail(), status="failed", reason="550", ended_at=NOW)
    ended(name="Autre finalité", at=NOW - timedelta(days=20))
    this = ended(name="Automne", purpose=purpose, count_clicks=True)
    messages = [sent(this) for _ in range(4)]
    Bounce.objects.create(message=messages[0], kind="hard", at=NOW)
    Link.objects.create(campaign=this, url="https://maison.example.test/", clicks=2)
    recount(at=NOW + timedelta(hours=2))

    page = text(workspace.get(f"/campaigns/{this.pk}/comparison/"))

    assert page.index("Printemps") < page.index("<strong>Automne</strong>")
    assert "Autre finalité" not in page
    assert '<td data-value="75.00">75.00</td>' in page  # delivered
    assert '<td data-value="50.00">50.00</td>' in page  # clicked


@pytest.fixture
def reported(workspace):
    """A campaign with something to report."""
    campaign = ended(
        name="=Soldes",
        count_clicks=True,
        audience={"at": NOW.isoformat(), "allowed": {"consent": 2}, "refused": {"objected": 3}},
    )
    for _ in range(2):
        sent(campaign, "")
    make_message(
        campaign=campaign,
        detail=make_detail("alone@solo.example.test"),
        status="failed",
        reason="550 <alone@solo.example.test>",
    )
    recount(at=NOW + timedelta(hours=2))
    return campaign


def test_the_report_for_spreadsheets_counts_in_words_of_the_law_without_formulas_or_names(workspace, reported):
    response = workspace.get(f"/campaigns/{reported.pk}/report.csv")
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))

    assert response["Content-Disposition"] == f'attachment; filename="report-soldes-{reported.pk}.csv"'
    assert ["Name", "'=Soldes"] in rows
    assert ["sent", "2"] in rows
    assert any(row[:2] == ["the person objected", "3"] and row[2] for row in rows)
    assert all(not cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
    assert "solo.example.test" not in response.content.decode()


@pytest.mark.parametrize(("language", "title"), [("en", "Report: =Soldes"), ("fr", "Rapport : =Soldes")])
def test_the_report_on_paper_has_its_title_and_language(workspace, reported, language, title):
    workspace.defaults["HTTP_ACCEPT_LANGUAGE"] = language

    content = workspace.get(f"/campaigns/{reported.pk}/report.pdf").content

    assert content.startswith(b"%PDF-")
    assert f"/Lang ({language})".encode() in content
    assert b"solo.example.test" not in content


@pytest.mark.parametrize("page", ["figures/", "comparison/", "report.pdf", "report.csv"])
def test_a_draft_has_nothing_to_report(workspace, page):
    assert workspace.get(f"/campaigns/{make_campaign().pk}/{page}").status_code == 404


def few(**fields):
    """A campaign to one person whom a filter names, and its only message."""
    counted = {"at": NOW.isoformat(), "allowed": {"consent": 1}, "refused": {"objected": 1, "no_consent": 14}}
    fields = {"filter": {"places": ["75011"]}, "audience": counted, "count_clicks": True} | fields
    campaign = ended(**fields)
    message = sent(campaign, "solo@small.example.test")
    Bounce.objects.create(message=message, kind="complaint", at=NOW)
    Link.objects.create(campaign=campaign, url="https://shop.example.test/offer", clicks=3)
    recount(at=timezone.now())
    return Campaign.objects.get(pk=campaign.pk)


def test_what_one_person_did_is_not_told_by_a_campaign_to_them_alone(workspace):
    campaign = few()

    page = text(workspace.get(campaign.get_absolute_url()))
    figures = text(workspace.get(f"{campaign.get_absolute_url()}figures/"))
    report = workspace.get(f"{campaign.get_absolute_url()}report.csv").content.decode("utf-8-sig")
    (compared,) = compare(campaign)

    for shown in (page, figures):
        assert "they are not shown" in shown
        assert "complaints" not in shown
    assert "shop.example.test" not in page + report
    assert "<strong>10</strong> did not" in page
    assert "objected" not in page + report
    assert "Complaints" not in report
    assert (compared.complained, compared.clicked, compared.delivered) == (None, None, None)


def test_a_campaign_to_everybody_tells_its_figures_exactly(workspace):
    page = text(workspace.get(few(filter={}).get_absolute_url()))

    assert "<strong>15</strong> did not" in page
    assert "3 clicks: https://shop.example.test/offer" in page
