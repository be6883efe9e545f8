"""Lists leave for Data protection and administrators alone, with a reason, and no cell of theirs runs as a formula."""

import csv
import io
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from python_calamine import CalamineWorkbook

from campaigns.models import Segment
from consent.acts import record_stop
from prospects.exports import writing
from prospects.exports.listings import LISTINGS
from prospects.exports.taking_out import take_out
from prospects.models import Export, ExtraField, HandedOver, Prospect, PurgeRun, SourceRefusal
from prospects.retention import erase_person
from tests.accessibility import DESK, PHONE, problems
from tests.factories import (
    make_campaign,
    make_consent,
    make_detail,
    make_message,
    make_organisation,
    make_prospect,
    make_purpose,
)

pytestmark = pytest.mark.django_db
WHY = {"format": "csv", "why": "audit"}


@pytest.fixture
def keeper(client):
    make_organisation()
    user = User.objects.create_user("camille", password="a long password")
    user.groups.add(Group.objects.get(name="Data protection"))
    client.force_login(user)
    return client


def take(client, listing, **said):
    answer = client.post(reverse("export", args=[listing]), {**WHY, **said})
    assert "attachment" in answer.headers.get("Content-Disposition", ""), answer.content.decode()
    return b"".join(answer.streaming_content)


def stop(detail, *, at):
    record_stop(detail.address_key, channel=None, purpose_id=None, at=at, origin="staff")


def rows(content):
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


@pytest.mark.parametrize("listing", ["objections", "purges", "refusals", "imports", "exports", "staff_acts"])
@pytest.mark.parametrize("format", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_list_leaves_in_both_formats_and_languages(keeper, listing, format, language):
    PurgeRun.objects.create(started_at=datetime(2026, 1, 1, tzinfo=UTC), silent_before=datetime(2023, 1, 1, tzinfo=UTC))
    content = b"".join(
        keeper.post(
            reverse("export", args=[listing]), {**WHY, "format": format}, headers={"Accept-Language": language}
        ).streaming_content
    )

    table = rows(content) if format == "csv" else sheet(content)
    with override(language):
        assert table[0] == [str(heading) for heading in LISTINGS[listing].columns]
    assert Export.objects.get().rows == len(table) - 1


def sheet(content):
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def test_the_register_says_who_took_what_what_for_and_how_many(keeper):
    SourceRefusal.objects.create(day="2026-02-01", door="import", count=3)

    take(keeper, "refusals", why="Yearly report")

    export = Export.objects.get()
    assert (export.listing, export.why, export.rows, export.made_by.username) == (
        *("refusals", "Yearly report", 1),
        "camille",
    )
    assert "Yearly report" in keeper.get(reverse("exports")).content.decode()


def test_nothing_leaves_without_a_reason(keeper):
    answer = keeper.post(reverse("export", args=["objections"]), {"format": "csv", "why": " "})

    assert answer.status_code == 200
    assert not Export.objects.exists()


def test_an_export_that_broke_off_is_in_the_register_without_rows(keeper):
    user = User.objects.get()
    export, pieces = take_out(LISTINGS["purges"], {}, format="csv", why="audit", by=user, at=timezone.now())
    next(pieces)
    pieces.close()

    export.refresh_from_db()
    assert export.rows is None


def test_an_objection_shows_its_address_where_it_is_still_known(keeper):
    known, erased = make_detail(address="known@example.test"), make_detail(address="erased@example.test")
    for detail in (known, erased):
        stop(detail, at=datetime(2026, 3, 1, 10, tzinfo=UTC))
    erase_person(erased.prospect, at=datetime(2026, 3, 2, tzinfo=UTC))

    table = rows(take(keeper, "objections"))

    assert [line[1] for line in table[1:]] == ["known@example.test", ""]
    assert table[1][-1] == "2026-03-01 11:00"
    assert all(line[2] for line in table[1:])


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_cells_that_a_spreadsheet_would_run_are_neutralised(keeper, start):
    Export.objects.create(listing="exports", why=f"{start}HYPERLINK('http://example.test')", rows=0)

    table = rows(take(keeper, "exports"))

    assert table[1][3].startswith(f"'{start}")


def test_a_workbook_holds_text_and_never_formulas(keeper):
    Export.objects.create(listing="exports", why="=1+1", rows=0)

    assert sheet(take(keeper, "exports", format="xlsx"))[1][3] == "=1+1"


def test_a_workbook_goes_on_on_a_second_sheet_where_the_first_is_full(keeper, monkeypatch):
    monkeypatch.setattr(writing, "_LONGEST_SHEET", 2)
    for number in range(5):
        Export.objects.create(listing="exports", why=f"n{number}", rows=0)

    book = CalamineWorkbook.from_filelike(io.BytesIO(take(keeper, "exports", format="xlsx")))

    assert [len(book.get_sheet_by_index(place).to_python()) for place in range(3)] == [3, 3, 3]


def make_audience():
    purpose = make_purpose()
    agreed, silent = make_detail(address="agreed@example.test"), make_detail(address="silent@example.test")
    stopped = make_detail(address="stopped@example.test")
    make_consent(agreed, purpose)
    make_consent(stopped, purpose)
    stop(stopped, at=datetime.now(UTC))
    return make_campaign(purpose=purpose), agreed, silent


def test_a_hand_over_list_holds_only_whom_the_law_allows(keeper):
    campaign, agreed, _silent = make_audience()

    table = rows(take(keeper, "hand_over", campaign=campaign.pk, recipient="Printer"))

    assert [line[3] for line in table[1:]] == [agreed.address]
    assert [handed.detail_id for handed in HandedOver.objects.all()] == [agreed.pk]
    assert Export.objects.get().recipient == "Printer"


def test_a_hand_over_list_says_who_receives_it(keeper):
    campaign, _agreed, _silent = make_audience()

    answer = keeper.post(reverse("export", args=["hand_over"]), {**WHY, "campaign": campaign.pk})

    assert answer.status_code == 200
    assert not Export.objects.exists()


def test_what_was_handed_over_is_forgotten_with_the_person(keeper):
    campaign, agreed, _silent = make_audience()
    take(keeper, "hand_over", campaign=campaign.pk, recipient="Printer")

    erase_person(Prospect.objects.get(pk=agreed.prospect_id), at=datetime.now(UTC))

    assert not HandedOver.objects.exists()


def test_a_segment_leaves_with_the_source_of_each_address(keeper):
    inside = make_detail(prospect=make_prospect(language="en", last_name="=Doe"), address="in@example.test")
    make_detail(address="out@example.test")
    segment = Segment.objects.create(name="English", filter={"languages": ["en"]})

    table = rows(take(keeper, "segment", segment=segment.pk))

    assert [(line[0], line[2], line[5]) for line in table[1:]] == [
        (str(inside.prospect_id), "'=Doe", "in@example.test")
    ]
    assert all(table[1][7:9])


def test_a_segment_leaves_with_a_column_for_each_extra_field(keeper):
    ExtraField.objects.create(slug="shoe_size", label_fr="Pointure", kind="number", why="Chaussures")
    ExtraField.objects.create(slug="club", label_fr="Club", kind="yes_no", why="Avantages")
    make_detail("a@example.test", prospect=make_prospect(extra={"shoe_size": 41.5, "club": True, "forgotten": "x"}))
    make_detail("b@example.test", prospect=make_prospect())
    segment = Segment.objects.create(name="All", filter={})

    heading, first, second = rows(take(keeper, "segment", segment=segment.pk))

    assert heading[-2:] == ["Club", "Pointure"]
    assert (first[-2:], second[-2:]) == (["oui", "41.5"], ["", ""])
    assert "x" not in first
    page = keeper.get(reverse("export", args=["segment"])).content.decode()
    assert "Pointure" in page


def test_a_hand_over_list_keeps_to_the_filter_of_its_campaign(keeper):
    campaign, _agreed, _silent = make_audience()
    campaign.filter = {"languages": ["en"]}
    campaign.save()

    assert len(rows(take(keeper, "hand_over", campaign=campaign.pk, recipient="Printer"))) == 1


def test_the_results_of_a_campaign_say_what_became_of_each_message(keeper):
    message = make_message(status="withheld", reason="objected")
    type(message.campaign).objects.update(launched_at=datetime(2026, 1, 1, tzinfo=UTC))

    table = rows(take(keeper, "campaign_results", campaign=message.campaign_id))

    assert table[1][1] == message.detail.address
    assert table[1][4] not in ("", "objected")


def test_a_list_that_does_not_exist_is_not_found(keeper):
    assert keeper.get(reverse("export", args=["everybody"])).status_code == 404


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("name", "arguments"), [("exports", []), ("export", ["hand_over"])])
def test_the_pages_are_accessible(keeper, live_server, page, name, arguments):
    Export.objects.create(listing="exports", why="audit", rows=3)
    page.goto(live_server.url)
    page.context.add_cookies(
        [{"name": "sessionid", "value": keeper.cookies["sessionid"].value, "url": live_server.url}]
    )
    for window in (PHONE, DESK):
        page.set_viewport_size(window)
        page.goto(live_server.url + reverse(name, args=arguments))

        assert problems(page) == []
