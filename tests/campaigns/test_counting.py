"""Counts that run beside the pages: asked once, answered once, superseded, and told with discretion."""

from datetime import timedelta

import pytest
from django.conf import settings as project
from django.utils import timezone

from campaigns import counting
from campaigns.counting import Question
from campaigns.models import AudienceCount
from campaigns.sample import masked
from campaigns.tasks import count_audience
from consent.acts import record_stop
from prospects.filters import Filter
from prospects.models import ContactDetail, Prospect
from tests.campaigns.pages import text
from tests.factories import (
    make_campaign,
    make_consent,
    make_detail,
    make_form,
    make_notice,
    make_prospect,
    make_purpose,
)

Status = AudienceCount.Status


@pytest.fixture
def beside(db, monkeypatch):
    """As with a million people: counts are left to a worker, which this test is."""
    monkeypatch.setattr(counting, "AT_ONCE", 0)
    begun = []
    monkeypatch.setattr(count_audience, "delay", begun.append)
    make_detail()
    return begun


def ask(campaign, marketer, *, page="/page/", among=None, afresh=False):
    question = Question.of(campaign, among=among)
    return counting.ask(question, page=page, user=marketer, now=timezone.now(), afresh=afresh)


def test_where_few_are_known_the_page_does_not_wait_for_a_worker(workspace, marketer):
    campaign = make_campaign()
    make_consent(make_detail(), campaign.purpose)

    count = ask(campaign, marketer)

    assert count.status == Status.DONE
    assert counting.audience_of(count).allowed == {"consent": 1}


def test_a_question_asked_again_is_answered_once(beside, marketer, django_capture_on_commit_callbacks):
    campaign = make_campaign()
    with django_capture_on_commit_callbacks(execute=True):
        first = ask(campaign, marketer)
        assert ask(campaign, marketer) == first
    assert beside == [first.pk]

    count_audience(first.pk)
    count_audience(first.pk)

    assert ask(campaign, marketer) == first
    assert ask(campaign, marketer, afresh=True) != first


def test_the_next_question_of_a_page_supersedes_the_last_one(beside, marketer):
    campaign = make_campaign()
    first = ask(campaign, marketer)
    second = ask(campaign, marketer, among=Filter(languages=("fr",)))
    other = ask(campaign, marketer, page="/other/", among=Filter(languages=("en",)))

    for count in (first, second, other):
        count_audience(count.pk)
        count.refresh_from_db()

    assert [count.status for count in (first, second, other)] == [Status.SUPERSEDED, Status.DONE, Status.DONE]
    assert first.figures == {}


def test_what_is_lost_with_its_worker_is_asked_for_again(beside, marketer, time_machine):
    campaign = make_campaign()
    first = ask(campaign, marketer)

    time_machine.move_to(timezone.now() + counting.FRESH + timedelta(seconds=1))

    assert ask(campaign, marketer) != first


def test_a_count_that_fails_says_so(beside, marketer, workspace, monkeypatch):
    count = ask(make_campaign(), marketer)
    monkeypatch.setattr(counting, "count_codes", lambda *_args, **_options: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        count_audience(count.pk)

    assert "This count failed" in text(workspace.get(f"/campaigns/counts/{count.pk}/"))


def test_the_page_shows_the_count_beside_it_and_its_age(beside, workspace, time_machine):
    campaign = make_campaign()
    make_consent(make_detail(), campaign.purpose)
    page = text(workspace.get(f"/campaigns/{campaign.pk}/audience/"))
    count = AudienceCount.objects.get()
    assert "Counting, beside this page" in page
    assert f"/campaigns/counts/{count.pk}/" in page

    count_audience(count.pk)
    time_machine.move_to(timezone.now() + timedelta(minutes=4, seconds=10))

    page = text(workspace.get(f"/campaigns/counts/{count.pk}/", HTTP_HX_REQUEST="true"))
    assert "<strong>1</strong> may receive it" in page
    assert "Counted 4 minutes ago" in page


def test_nobody_sees_the_counts_of_others(beside, workspace, django_user_model):
    other = django_user_model.objects.create_user("ada")
    count = ask(make_campaign(), other)

    assert workspace.get(f"/campaigns/counts/{count.pk}/").status_code == 404
    assert workspace.get(f"/campaigns/counts/{count.pk}/contacts/").status_code == 404


# ---- Nobody is singled out ----


def people(number, purpose, **fields):
    for _ in range(number):
        make_consent(make_detail(prospect=make_prospect(**fields)), purpose)


def test_few_people_are_not_told_apart_from_nobody(workspace):
    campaign = make_campaign()
    people(1, campaign.purpose, language="en")
    people(12, campaign.purpose)

    one = text(workspace.get(f"/campaigns/{campaign.pk}/audience/?filtering=1&languages=en"))
    none = text(workspace.get(f"/campaigns/{campaign.pk}/audience/?filtering=1&languages=en&kinds=professional"))

    for page in (one, none):
        assert "<strong>fewer than 10</strong> may receive it" in page
        assert "See a few, masked" not in page


def test_two_audiences_that_differ_by_one_person_look_alike(workspace):
    campaign = make_campaign()
    people(13, campaign.purpose)
    people(1, campaign.purpose, kind="professional")

    both = text(workspace.get(f"/campaigns/{campaign.pk}/audience/?filtering=1&languages=fr"))
    fewer = text(workspace.get(f"/campaigns/{campaign.pk}/audience/?filtering=1&languages=fr&kinds=individual"))

    assert "<strong>10</strong> may receive it" in both
    assert "<strong>10</strong> may receive it" in fewer


def test_a_sample_is_masked_and_never_of_few(workspace, marketer):
    campaign = make_campaign()
    people(12, campaign.purpose)
    people(3, campaign.purpose, language="en")
    many = ask(campaign, marketer, among=Filter(languages=("fr",)))
    few = ask(campaign, marketer, page="/other/", among=Filter(languages=("en",)))

    shown = text(workspace.get(f"/campaigns/counts/{many.pk}/contacts/", HTTP_HX_REQUEST="true"))
    hidden = text(workspace.get(f"/campaigns/counts/{few.pk}/contacts/", HTTP_HX_REQUEST="true"))

    assert shown.count("p•••@e•••.test") == 5
    assert not any(detail.address in shown for detail in ContactDetail.objects.all())
    assert "Exemple" not in shown
    assert "•••@" not in hidden
    assert "shown to nobody" in hidden
    assert shown == text(workspace.get(f"/campaigns/counts/{many.pk}/contacts/", HTTP_HX_REQUEST="true"))


@pytest.mark.parametrize(
    ("medium", "address", "expected"),
    [
        ("email", "marie.curie@example.test", "m•••@e•••.test"),
        ("email", "m@ex.test", "•••@•••.test"),
        ("email", "odd@sub.domain.example.test", "o•••@s•••.test"),
        ("phone", "+33199001234", "+331 •• •• •• ••"),
        ("post", "1 RUE DES ESSAIS\n75001 PARIS", "•••"),
        ("bluetooth", "00:00:5E:00:53:01", "•••"),
    ],
)
def test_a_mask_shows_how_an_address_begins_and_never_how_long_it_is(medium, address, expected):
    assert masked(medium, address) == expected


def test_the_smallest_number_told_is_a_setting(workspace, settings):
    settings.AUDIENCE_SMALLEST_COUNT = 3
    campaign = make_campaign()
    people(4, campaign.purpose)

    assert "<strong>3</strong> may receive" in text(
        workspace.get(f"/campaigns/{campaign.pk}/audience/?filtering=1&languages=fr")
    )
    assert project.AUDIENCE_SMALLEST_COUNT == 3


# ---- What would change it ----


def test_who_did_not_consent_may_be_asked_with_the_form_that_asks_for_it(workspace):
    campaign = make_campaign()
    make_detail()
    page = f"/campaigns/{campaign.pk}/audience/"
    assert "No open form asks for consent to this purpose on this channel" in text(workspace.get(page))

    other = make_form()
    form = make_form(title_en="Our offers", notice=make_notice({"purpose": campaign.purpose}))

    found = text(workspace.get(page))
    assert f'<a href="{form.get_absolute_url()}">Our offers</a>' in found
    assert other.get_absolute_url() not in found


def test_neither_a_reason_nor_an_expected_end_tells_of_one_person(workspace):
    purpose = make_purpose()
    one, other = make_detail(), make_detail()
    make_consent(one, purpose)
    record_stop(
        other.address_key,
        key_id=other.key_id,
        channel="email",
        purpose_id=purpose.pk,
        at=timezone.now(),
        origin="staff",
    )
    campaign = make_campaign(purpose=purpose, filter={"kinds": ["individual"]})
    day = (timezone.now() + timedelta(days=1)).date().isoformat()
    asked = {"day": day, "time": "09:00", "version": 1, "per_hour": 1}

    def part(name, asked):
        return text(workspace.get(f"/campaigns/{campaign.pk}/{name}/", asked, HTTP_HX_REQUEST="true"))

    def told():
        judged, forecast = part("audience", {}), part("forecast", asked)
        return judged.partition("Counted")[0], forecast.partition("an hour, the last one")[2]

    two_are_known = told()
    Prospect.objects.all().delete()

    assert all(two_are_known)
    assert told() == two_are_known
