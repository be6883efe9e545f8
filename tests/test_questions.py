"""How many questions a page asks the database: few, and no more of them when there is more to show."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from prospects.models import Interaction, Purchase
from tests.factories import make_campaign, make_consent, make_detail, make_form, make_organisation, make_purpose
from tests.prospects.signing_up import fields

pytestmark = pytest.mark.django_db
MOST = 20


@pytest.fixture
def questions(admin_client):
    """Ask for a page as an administrator; return how many questions that took once it is warm."""

    def ask(path):
        admin_client.get(path)
        with CaptureQueriesContext(connection) as asked:
            assert admin_client.get(path).status_code == 200
        return len(asked)

    return ask


def somebody(purpose, *, dealings):
    detail = make_detail()
    make_consent(detail, purpose)
    for _ in range(dealings):
        Interaction.objects.create(prospect=detail.prospect, kind="clicked", at=timezone.now())
        Purchase.objects.create(prospect=detail.prospect, family="garden", at=timezone.now())
    return detail


@pytest.mark.parametrize(
    "page",
    [
        "/campaigns/",
        "/campaigns/{campaign}/audience/",
        "/campaigns/{campaign}/",
        "/campaigns/calendar/",
        "/admin/prospects/prospect/",
        "/admin/prospects/prospect/?q=Exemple",
        "/admin/prospects/prospect/{person}/change/",
    ],
)
def test_a_page_asks_few_questions_and_no_more_when_there_is_more_to_show(questions, page):
    make_organisation()
    purpose = make_purpose()
    campaign = make_campaign(purpose=purpose)
    first = somebody(purpose, dealings=1)
    asked = questions(page.format(campaign=campaign.pk, person=first.prospect_id))

    busiest, *_others = [somebody(purpose, dealings=8) for _ in range(8)]
    for _ in range(8):
        make_campaign(purpose=purpose)
    asked_then = questions(page.format(campaign=campaign.pk, person=busiest.prospect_id))

    assert asked <= MOST
    assert asked_then <= asked + 1


def test_a_signup_asks_what_is_open_and_writes_once(client, django_assert_max_num_queries):
    make_organisation()
    form = make_form(slug="lettre", asks_name=True)
    client.get("/s/lettre/")
    client.post("/s/lettre/", fields(form, tick=form.notice.boxes.all(), email="first@example.test"))
    sent = fields(form, tick=form.notice.boxes.all(), email="camille@example.test")

    with django_assert_max_num_queries(4):  # with the savepoint that stands for the transaction in a test
        assert client.post("/s/lettre/", sent).status_code == 302
